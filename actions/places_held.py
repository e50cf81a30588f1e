"""Holding an area still, for what is decided for all that lies around and below it."""

from models import Area
from policies.scopes import whole


async def hold_places(area: Area) -> None:
    """Until the transaction ends, nobody makes a template or locks a period in this area, above or below it."""
    codes = area.path.split(".")[:-1]
    await whole(Area).filter(code__in=codes).order_by("code").select_for_update(no_key=True)

"""Running numbers."""

from models import NumberSeries


async def next_number(series: str) -> str:
    """The series' name and its next number, at least four digits, e.g. 440606106004-2022-0013."""
    row = await NumberSeries.select_for_update().get_or_none(id=series)
    if row is None:  # perhaps no longer: somebody else may begin the series at the same moment
        await NumberSeries.bulk_create([NumberSeries(id=series)], ignore_conflicts=True)
        row = await NumberSeries.select_for_update().get(id=series)
    row.last_number += 1
    await row.save()
    return f"{row.id}-{row.last_number:04d}"

"""Any object by its global id."""

from asyncio import gather

from strawberry import ID
from tortoise.models import Model

from models import InvalidInput
from resolvers.context import Info
from resolvers.ids import TYPES, decoded, type_name

MOST_NODES = 100


async def node(info: Info, id: ID) -> Model | None:
    """InvalidInput MALFORMED_ID at `id`."""
    return await found(info, id, "id")


async def nodes(info: Info, ids: list[ID]) -> list[Model | None]:
    """In the order asked for. InvalidInput TOO_MANY for more than 100, MALFORMED_ID at the faulty one."""
    if len(ids) > MOST_NODES:
        raise InvalidInput("TOO_MANY", "ids")
    return await gather(*(found(info, id, "ids", str(index)) for index, id in enumerate(ids)))


async def found(info: Info, id: ID, *path: str) -> Model | None:
    """InvalidInput MALFORMED_ID at `path`."""
    type, key = decoded(id, *path)
    row = await info.context.loaders.rows_of(TYPES[type]).load(key)
    return row if type_name(row) == type else None

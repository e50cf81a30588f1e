"""Asking the API as somebody of the small world, without HTTP."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from logging import DEBUG, Handler, LogRecord, getLogger
from typing import Any

from world import MONDAY, World, small_world

from models import clock
from resolvers.context import Context
from resolvers.ids import Shown, global_id
from schema import schema

Answer = dict[str, Any]


class Town:
    """The small world on a Monday morning, and the API above it."""

    def __init__(self, world: World, time: clock.Moving) -> None:
        self.world, self.time = world, time

    async def ask(self, login: str, document: str, /, *, language: str = "en", **variables: object) -> Answer:
        """The data of an answer without errors."""
        result = await self.execute(login, document, language, variables)
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data

    async def refused(
        self, login: str, document: str, *, language: str = "en", **variables: object
    ) -> Answer:
        """Message and extensions of the one error of an answer."""
        result = await self.execute(login, document, language, variables)
        assert result.errors is not None
        assert len(result.errors) == 1
        return {"message": result.errors[0].message, **(result.errors[0].extensions or {})}

    async def execute(self, login: str, document: str, language: str, variables: dict[str, object]) -> Any:
        context = Context(await self.world.actor(login), language)
        return await schema.execute(document, variable_values=variables, context_value=context)

    async def change(self, login: str, mutation: str, fields: str = "", /, **input: object) -> Answer:
        """The payload of a mutation."""
        name = mutation[0].upper() + mutation[1:]
        document = (
            f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ event {{ type toState }} {fields} "
            "problems { __typename code message path ... on InvalidInput { reasonCode } "
            "... on WrongState { action state reasonCode } ... on NotAllowed { action reasonCode } } } }"
        )
        payload: Answer = (await self.ask(login, document, input=input))[mutation]
        return payload

    async def done(self, login: str, mutation: str, fields: str = "", /, **input: object) -> Answer:
        """The same, once it is clear that it happened."""
        payload = await self.change(login, mutation, fields, **input)
        assert payload["problems"] == [], payload["problems"]
        return payload

    def id(self, row: Shown) -> str:
        return global_id(row)

    async def draft(
        self, *units: str, issuer: str = "440606106004", by: str = "tianhu.cadre", **more: Any
    ) -> str:
        """The id of a new draft."""
        given = {
            "title": "天湖外村公园改造",
            "text": "公园年久失修。",
            "category": "LIVING_ENVIRONMENT",
        } | more
        ids = [self.id(self.world.units[unit]) for unit in units]
        payload = await self.done(by, "draftSummons", "summons { id }", issuer=issuer, units=ids, **given)
        return str(payload["summons"]["id"])

    async def issue(self, *units: str) -> tuple[str, list[str]]:
        """The ids of an issued summons of 天湖 and of its tasks."""
        summons = await self.draft(*units)
        minutes = {"meetingAt": MONDAY.isoformat(), "present": 5, "minutes": "一致同意。"}
        await self.done("tianhu.cadre", "submitSummonsForReview", summons=summons, resolution=minutes)
        payload = await self.done(
            "tianhu.secretary", "issueSummons", "summons { tasks { id } }", summons=summons
        )
        return summons, [task["id"] for task in payload["summons"]["tasks"]]


@asynccontextmanager
async def open_town() -> AsyncIterator[Town]:
    """In an empty database."""
    with clock.at(MONDAY) as time:
        yield Town(await small_world(), time)


class _Counting(Handler):
    """Notes every statement."""

    def __init__(self) -> None:
        super().__init__(DEBUG)
        self.statements: list[str] = []

    def emit(self, record: LogRecord) -> None:
        self.statements.append(record.getMessage())


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the block sends to the database."""
    handler, logger = _Counting(), getLogger("tortoise.db_client")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(DEBUG)
    try:
        yield handler.statements
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)

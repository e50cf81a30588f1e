"""How often the tables that hardly change have changed: what is kept of them holds as long as that number stays.

The database counts by itself, in the transaction of each change, whoever makes it. So whoever reads the same number
again knows that nothing was committed in between, without looking at the rows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

from tortoise import fields
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.models import Model

from models.replica import from_primary

Told = TypeVar("Told")

QUIET = (
    "area",
    "unit",
    "member",
    "role_grant",
    "policy_version",
    "area_settings",
    "sla_policy",
    "calendar_day",
    "template",
)
"""The tables whose changes are counted."""


class Generation(Model):
    """One row; each column grows with every transaction (on SQLite: every row) that changed the table of its name."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    area = fields.BigIntField(default=0)
    unit = fields.BigIntField(default=0)
    member = fields.BigIntField(default=0)
    role_grant = fields.BigIntField(default=0)
    policy_version = fields.BigIntField(default=0)
    area_settings = fields.BigIntField(default=0, db_default=0)
    sla_policy = fields.BigIntField(default=0, db_default=0)
    calendar_day = fields.BigIntField(default=0, db_default=0)
    template = fields.BigIntField(default=0, db_default=0)

    class Meta:
        table = "generation"


class Generations(NamedTuple):
    """The counts as of one moment."""

    area: int
    unit: int
    member: int
    role_grant: int
    policy_version: int
    area_settings: int = 0
    sla_policy: int = 0
    calendar_day: int = 0
    template: int = 0

    @property
    def rights(self) -> int:
        """Of all that says who may do what; areas only say where things lie, and what they decided is no right."""
        return self.unit + self.member + self.role_grant + self.policy_version

    @property
    def all(self) -> int:
        return sum(self)


AS_TEXT = " || ' ' || ".join(QUIET)
GENERATIONS = f"(SELECT {AS_TEXT} FROM generation)"
"""SQL for a column of any query: the counts at the moment of its rows, to be read by `read_generations`."""


def read_generations(text: str) -> Generations:
    return Generations(*map(int, text.split()))


@from_primary
async def generations() -> Generations:
    """As the open transaction sees them, or else as they are now."""
    for row in await get_connection("default").execute_query_dict(
        f"SELECT {AS_TEXT} AS told FROM generation"
    ):
        return read_generations(row["told"])
    raise LookupError("the table `generation` is empty: run `baodao migrate`")


def is_in_transaction() -> bool:
    """Whether what is read now may be changes of our own that nobody else will ever see."""
    return isinstance(get_connection("default"), TransactionalDBClient)


async def everything_changed() -> None:
    """For whoever changed tables past the triggers."""
    await get_connection("default").execute_query(counting(1))


def counting(changes: int) -> str:
    """SQL: so many changes of every table."""
    return f"UPDATE generation SET {', '.join(f'{table} = {table} + {changes}' for table in QUIET)}"


class Moment(Generic[Told]):
    """What the database tells at present, for many who `ask` at once: who comes meanwhile waits for the next time.

    So everybody gets what was read after they asked, and a busy process asks once for all its requests.
    """

    def __init__(self, ask: Callable[[], Awaitable[Told]]) -> None:
        self._question = ask
        self._waiting: list[asyncio.Future[Told]] = []
        self._asking: asyncio.Task[None] | None = None

    async def now(self) -> Told:
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[Told] = loop.create_future()
        self._waiting.append(mine)
        if self._asking is None or self._asking.done() or self._asking.get_loop() is not loop:
            self._asking = loop.create_task(self._ask())
        return await mine

    async def _ask(self) -> None:
        while self._waiting:
            here, self._waiting = self._waiting, []
            try:
                found = await self._question()
            except Exception as failed:
                _settle(here, failed)
            else:
                _settle(here, found)


def _settle(waiting: list[asyncio.Future[Told]], answer: Told | Exception) -> None:
    for one in waiting:
        if one.done():  # given up meanwhile
            continue
        if isinstance(answer, Exception):
            one.set_exception(answer)
        else:
            one.set_result(answer)


async def count_generations() -> None:
    """Let the database count; running it again changes nothing."""
    await Generation.get_or_create(id=1)
    database = get_connection("default")
    for statement in _COUNTING[database.capabilities.dialect]:
        await database.execute_query(statement)


_COUNTING = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS generation_{table}_{act} AFTER {act} ON {table} "
        f"BEGIN UPDATE generation SET {table} = {table} + 1; END"
        for table in QUIET
        for act in ("INSERT", "UPDATE", "DELETE")
    ],
    # Deferred, so that the row all changes meet at is locked last, and once: nobody waits for it holding something
    # that its holder still wants.
    "postgres": [
        """CREATE OR REPLACE FUNCTION count_generation() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE counted text := 'baodao.counted_' || TG_TABLE_NAME;
        BEGIN
            IF current_setting(counted, true) IS DISTINCT FROM txid_current()::text THEN
                EXECUTE format('UPDATE generation SET %1$I = %1$I + 1', TG_TABLE_NAME);
                PERFORM set_config(counted, txid_current()::text, true);
            END IF;
            RETURN NULL;
        END $$""",
        *(
            f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_trigger
                           WHERE tgname = 'generation_counted' AND tgrelid = '{table}'::regclass) THEN
                CREATE CONSTRAINT TRIGGER generation_counted AFTER INSERT OR UPDATE OR DELETE ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_generation();
            END IF; END $$"""
            for table in QUIET
        ),
    ],
}

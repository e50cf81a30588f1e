"""The tallies: how many summonses each issuer has in each state, kept by the database in the transaction of a change.

Triggers do it, so nothing that changes a summons can forget to. On PostgreSQL they wait until the transaction commits
and then queue behind one lock: nobody waits for a tally while there is work to do, and as nothing else is locked
after it, nobody can wait in a circle. SQLite has one writer at a time anyway.
"""

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.generations import everything_changed

TALLY_LOCK = 0x74616C6C79  # any fixed number: the key of the advisory lock on the tallies


async def keep_tallies() -> None:
    """Have the database keep them from now on, beginning with what is there already."""
    database = get_connection("default")
    dialect = database.capabilities.dialect
    if await database.execute_query_dict(_KEPT[dialect]):
        return
    async with in_transaction() as connection:
        for statement in _TRIGGERS[dialect]:
            await connection.execute_query(statement)
        await recount()


async def recount() -> None:
    """Count all summonses anew, beside whatever else goes on; and what was kept of other tables counts no more.

    Needed after a load in bulk with `session_replication_role = replica`, which goes past triggers.
    """
    async with in_transaction() as connection:
        if connection.capabilities.dialect == "postgres":
            await connection.execute_query(f"SELECT pg_advisory_xact_lock({TALLY_LOCK})")
        await connection.execute_query("DELETE FROM tally")
        await connection.execute_query(
            "INSERT INTO tally (path, state, number) SELECT path, state, count(*) FROM summons GROUP BY path, state"
        )
        await everything_changed()


def _add(change: int, row: str) -> str:
    """The upsert that both databases know; a trigger calls the row OLD or NEW."""
    return (
        f"INSERT INTO tally (path, state, number) VALUES ({row}.path, {row}.state, {change}) "
        "ON CONFLICT (path, state) DO UPDATE SET number = tally.number + excluded.number;"
    )


_LESS, _MORE = _add(-1, "OLD"), _add(1, "NEW")
_MOVED = "OLD.path <> NEW.path OR OLD.state <> NEW.state"

_TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS tally_insert AFTER INSERT ON summons BEGIN {_MORE} END",
        f"CREATE TRIGGER IF NOT EXISTS tally_delete AFTER DELETE ON summons BEGIN {_LESS} END",
        "CREATE TRIGGER IF NOT EXISTS tally_update AFTER UPDATE OF path, state ON summons "
        f"WHEN {_MOVED} BEGIN {_LESS} {_MORE} END",
    ],
    "postgres": [
        "CREATE OR REPLACE FUNCTION tally_summons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM pg_advisory_xact_lock({TALLY_LOCK}); "
        f"IF TG_OP <> 'INSERT' THEN {_LESS} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {_MORE} END IF; "
        "RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER tally_comes_or_goes AFTER INSERT OR DELETE ON summons "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tally_summons()",
        "CREATE CONSTRAINT TRIGGER tally_update AFTER UPDATE OF path, state ON summons "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({_MOVED}) EXECUTE FUNCTION tally_summons()",
    ],
}

_KEPT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name = 'tally_update'",
    "postgres": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'summons'::regclass AND tgname = 'tally_update'",
}

"""Tables that are only added to: the database itself refuses to change or delete what is in them."""

from tortoise.connection import get_connection

SEALS = {"audit": "audit_entry", "snapshot": "metric_snapshot", "flag": "flag_entry"}
"""What each seal is called, and the table it is on."""


async def seal_tables() -> None:
    """Running it again changes nothing."""
    for name in SEALS:
        await seal(name)


async def seal(name: str) -> None:
    database = get_connection("default")
    for statement in _SEALING[database.capabilities.dialect]:
        await database.execute_query(statement.format(seal=name, table=SEALS[name]))


_SEALING = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS {{seal}}_{act} BEFORE {act} ON {{table}} "
        "BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
        for act in ("UPDATE", "DELETE")
    ],
    "postgres": [
        "CREATE OR REPLACE FUNCTION refuse_{seal}_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{table} is never changed'; END $$",
        "CREATE OR REPLACE TRIGGER {seal}_sealed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_{seal}_change()",
    ],
}

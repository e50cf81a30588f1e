"""Seals: tables whose rows the database itself refuses to change or delete. The owner of the database can lift one."""

from tortoise.connection import get_connection


async def seal(table: str, *, name: str, refusal: str) -> None:
    """`name` goes into the names of the triggers; `refusal` is what whoever tries is told. Running it again is good."""
    database = get_connection("default")
    for statement in _statements(database.capabilities.dialect, table, name, refusal):
        await database.execute_query(statement)


def _statements(dialect: str, table: str, name: str, refusal: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {name}_{act} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION refuse_{name}_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$",
        f"CREATE OR REPLACE TRIGGER {name}_sealed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{name}_change()",
    ]


async def seal_flags() -> None:
    """What somebody has earned stays earned."""
    await seal("flag_entry", name="flag", refusal="the ledger of red flags is never changed")

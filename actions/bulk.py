"""Many rows at once, past the ORM's objects: executemany on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterable, Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from actions.sheets import Progress, batches

BATCH = 20_000

Cells = Sequence[object]


async def upsert(
    connection: BaseDBAsyncClient,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Cells],
    total: int,
    progress: Progress,
) -> None:
    """Insert the rows, or update those whose key is there; the first of `columns` is the key.

    For use inside a transaction, with the names of our own tables only. Parents come before children.
    """
    done = 0
    store = _copy if connection.capabilities.dialect == "postgres" else _execute_many
    for batch in batches(rows, BATCH):
        await store(connection, table, columns, batch)
        done += len(batch)
        progress(done, total)


async def _execute_many(
    connection: BaseDBAsyncClient, table: str, columns: Sequence[str], rows: list[Cells]
) -> None:
    marks = ", ".join("?" * len(columns))
    await connection.execute_many(
        f"INSERT INTO {table} ({_names(columns)}) VALUES ({marks}) {_on_conflict(columns)}",
        [list(row) for row in rows],
    )


async def _copy(connection: BaseDBAsyncClient, table: str, columns: Sequence[str], rows: list[Cells]) -> None:
    """Into a table of the transaction's own first, because COPY knows no conflicts."""
    names, waiting = _names(columns), f"waiting_{table}"
    await connection.execute_script(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {waiting} ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0"
    )
    async with connection.acquire_connection() as raw:
        await raw.copy_records_to_table(waiting, records=rows, columns=list(columns))
    await connection.execute_script(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {waiting} {_on_conflict(columns)}; TRUNCATE {waiting}"
    )


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _on_conflict(columns: Sequence[str]) -> str:
    key, *others = columns
    return f"ON CONFLICT ({key}) DO UPDATE SET " + ", ".join(
        f'"{name}" = excluded."{name}"' for name in others
    )

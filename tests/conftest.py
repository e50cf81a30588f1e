"""Databases for the tests: real SQLite files and a real PostgreSQL, each as a fresh installation is."""

import asyncio
import fcntl
import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from copied import BESIDE, Beside, clear, place
from tortoise import Tortoise
from tortoise.apps import Apps
from tortoise.migrations.executor import MigrationExecutor

import baodao  # noqa: F401  (puts the folders on the path)
from actions.remembered import forget_everything
from baodao.database import APPS, SQLITE_PRAGMAS, database, furnish, inline, is_embedded
from baodao.demo import load
from baodao.settings import settings
from models import clock
from policies.rules import packaged, put_in_force
from schema import schema

SERVER = os.environ.get("BAODAO_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
KINDS = ["sqlite", "postgres"]
LONG = {"test_random_walk", "test_plea_walk", "test_demo"}
schema.use(settings().engine)
gc.set_threshold(
    50_000, 20, 100
)  # rows come and go by the thousand; looking for cycles each time costs a tenth
SQLITE_PRAGMAS["synchronous"] = "OFF"  # as below for PostgreSQL: no power cut is the subject of a test
READY_FOR: list[object] = []
"""The models, and the dialect that they were last made ready for."""
INSTALLED = datetime(2022, 1, 1, tzinfo=UTC)
DEMO_DAY = datetime(2026, 3, 4, 3, 20, tzinfo=UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file in its first state; tests get copies."""
    file = tmp_path_factory.mktemp("template") / "baodao.db"
    asyncio.run(create_schema(f"sqlite://{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_database(worker_id: str) -> Iterator[str]:
    """One database of this worker's own; without a server the tests are skipped, in CI they fail."""
    name = f"baodao_test_{os.getpid()}_{worker_id}"
    try:
        asyncio.run(on_server(f'CREATE DATABASE "{name}"'))
        # commits need not outlive a crash of the machine here, and waiting for its disk takes longest
        asyncio.run(on_server(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    except OSError as unreachable:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server: {unreachable}")
    url = f"{SERVER.rpartition('/')[0]}/{name}"
    asyncio.run(create_schema(url))
    beside = BESIDE[place(url)] = Beside(url)
    yield url
    beside.close()
    asyncio.run(on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def loaded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The whole demo in a file of this worker's own; half a minute of work, so one worker does it for all."""
    own = tmp_path_factory.mktemp("demo")
    shared = own.parent if worker_id == "master" else own.parent.parent
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo.db").exists():
            draft = Path(shutil.copy(sqlite_template, own / "draft.db"))
            asyncio.run(load_demo(draft))
            draft.rename(shared / "demo.db")
    return Path(shutil.copy(shared / "demo.db", own / "baodao.db"))


async def load_demo(file: Path) -> None:
    async with database(inline(f"sqlite://{file}")):
        await load(today=DEMO_DAY)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database in its first state waits; every test that asks for it runs once on each kind."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_database")
        empty(url)
        return url
    file = tmp_path / "baodao.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite://{file}"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """As `database_url`, for tests whose subject has no SQL of its own."""
    return f"sqlite://{shutil.copy(sqlite_template, tmp_path / 'baodao.db')}"


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[str]:
    """An open database in its first state: the log's epoch and the national calendar, nothing else."""
    forget_everything()
    put_in_force(packaged())
    async with database(database_url):
        yield database_url


@pytest.fixture
async def sqlite_db(sqlite_url: str) -> AsyncIterator[str]:
    """As `db`, on SQLite alone: for tables of cases that differ in what is asked, not in SQL."""
    forget_everything()
    put_in_force(packaged())
    async with database(sqlite_url):
        yield sqlite_url


@pytest.fixture
def compiled() -> Iterator[None]:
    """For tests of the compiled way itself: it answers, whatever BAODAO_ENGINE says."""
    schema.use("compiled")
    yield
    schema.use(settings().engine)


def make_ready_once(apps: Apps, make_ready: Callable[[Apps], None] = Apps._build_initial_querysets) -> None:
    """Tortoise makes every model ready for a dialect each time a database is opened, which takes half of that time."""
    models = [model for app in apps.apps.values() for model in app.values()]
    wanted = [models[0]._meta.db.capabilities.dialect, *models]
    if wanted != READY_FOR:
        make_ready(apps)
        READY_FOR[:] = wanted


Apps._build_initial_querysets = make_ready_once  # type: ignore[method-assign]


async def create_schema(url: str) -> None:
    """From the models, with the migrations noted as done; test_migrations proves that they lead to the same tables."""
    async with database(url):
        await Tortoise.generate_schemas()
        await MigrationExecutor(Tortoise.get_connection("default"), APPS).migrate(fake=True)
        with clock.at(INSTALLED):
            await furnish()
        if is_embedded(url):  # the copies take one file, so nothing may wait in the write-ahead log
            await Tortoise.get_connection("default").execute_query("PRAGMA wal_checkpoint(TRUNCATE)")


async def on_server(statement: str) -> None:
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def empty(url: str) -> None:
    """Back to the first state."""
    beside = BESIDE.get(place(url)) or Beside(url)
    beside.run(clear)
    if beside not in BESIDE.values():
        beside.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: a worker that began the long walk last would keep everybody waiting.

    Then one kind of database after the other, since what is made for one has to be made anew for the other.
    """
    items.sort(key=lambda item: (item.path.stem not in LONG, "[postgres" in item.name))


def pytest_collection_finish() -> None:
    """What is loaded by now stays for good: whoever looks for garbage need not look through it."""
    gc.collect()
    gc.freeze()

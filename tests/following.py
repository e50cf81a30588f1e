"""A PostgreSQL server and its streaming replica, made for the tests that want them and gone afterwards."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
from asyncio import sleep, timeout
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from conftest import create_schema

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "log_statement": "all",
    "max_standby_streaming_delay": "0",
    "shared_buffers": "16MB",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "wal_keep_size": "32MB",
}
AT_MOST = 20.0
"""Seconds after which something that should happen is given up; on a busy machine everything takes long."""


class Server:
    """A PostgreSQL of these tests alone. Its programs refuse to be run by root."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self.folder = programs, folder
        self.log = folder.with_suffix(".log")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            capture_output=True,
            cwd="/",
            timeout=60,
            **user,
        )

    def start(self) -> None:
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        told = ("-D", str(self.folder), "-l", str(self.log), "-o", f"-p {self.port} {options}")
        self.run("pg_ctl", "start", "-w", *told)

    def stop(self) -> None:
        """As if it had crashed."""
        self.run("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder))

    def is_running(self) -> bool:
        return (self.folder / "postmaster.pid").exists()

    def asked(self) -> int:
        """How many statements about summonses or tasks it was sent."""
        return len(re.findall(r'LOG:  execute .* FROM "(?:summons|task)"', self.log.read_text("utf-8")))

    async def tell(self, statement: str) -> Any:
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    async def wait_for(self, condition: str) -> None:
        async with timeout(AT_MOST):
            while not await self.tell(f"SELECT {condition}"):  # noqa: ASYNC110  (nobody tells)
                await sleep(0.01)


@pytest.fixture(scope="session")
def programs() -> Path:
    """Where PostgreSQL's are; without them the tests are skipped, in CI they fail."""
    try:
        found = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True)
        folder = Path(found.stdout.strip())
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "pg_basebackup")):
            return folder
    except OSError:
        pass
    message = "no PostgreSQL server programs beside pg_config"
    return pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


@pytest.fixture(scope="session")
def servers(programs: Path) -> Iterator[tuple[Server, Server]]:
    """A primary in its first state and the replica that follows it."""
    folder = Path(tempfile.mkdtemp(prefix="baodao-replica-"))
    primary, follower = Server(programs, folder / "primary"), Server(programs, folder / "replica")
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        primary.run("initdb", "-D", str(primary.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        primary.start()
        asyncio.run(create_schema(primary.url))
        primary.run("pg_basebackup", "-D", str(follower.folder), "-R", "-c", "fast", "-N", "-d", primary.url)
        follower.start()
        yield primary, follower
    finally:
        for server in (follower, primary):
            if server.is_running():
                server.stop()
        shutil.rmtree(folder)


@asynccontextmanager
async def paused(follower: Server) -> AsyncIterator[None]:
    """It hears of everything meanwhile, and shows nothing of it."""
    await follower.tell("SELECT pg_wal_replay_pause()")
    await follower.wait_for("pg_get_wal_replay_pause_state() = 'paused'")
    try:
        yield
    finally:
        await follower.tell("SELECT pg_wal_replay_resume()")


async def until(true: Callable[[], object]) -> None:
    async with timeout(AT_MOST):
        while not true():  # noqa: ASYNC110  (nobody tells)
            await sleep(0.01)

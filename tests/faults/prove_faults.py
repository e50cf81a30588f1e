"""Each fault, and beside it the bug that its proof must notice: ``make faults``. Minutes; needs PostgreSQL."""

import asyncio
import json
import os
import resource
import shutil
import subprocess
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import empty
from receiver import receiving
from running import parsed
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from faults import former
from faults.contest import RACES, STEPS, contests
from faults.crowd import WITHOUT_A_WORD, token
from faults.happenings import READY_WITHIN, busy, killings, quiet, restarts, told, upgrade, worker_killings
from faults.hook import faults_of_webhook, register
from faults.load import Load, faults_under_load

pytest_plugins = ["test_migrations", "following"]  # empty databases, and a server that may crash


WORKERS = 3
ORDERS = pytest.mark.parametrize(
    ("database_url", "order"),
    [("sqlite", "lock"), ("postgres", "lock"), ("postgres", "sequencer")],
    indirect=["database_url"],
)
SERVER_ORDERS = pytest.mark.parametrize(
    ("database_url", "order"), [("postgres", "lock"), ("postgres", "sequencer")], indirect=["database_url"]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.mark.parametrize("bug", ["none", "order_of_begin"])
async def test_hosts_side_by_side_lose_nothing(database_url: str, folder: Path, bug: str) -> None:
    if bug != "none" and not database_url.startswith("postgres"):
        pytest.skip("SQLite has one writer at a time, so that the bug would be none")
    hosts = 3 if database_url.startswith("postgres") else 1
    load = await faults_under_load(database_url, folder, hosts, quiet, bug=bug)
    print(told(load))
    assert bool(load.faults) == (bug != "none"), load.faults
    assert bug == "none" or any("lost" in fault for fault in load.faults)


@pytest.mark.parametrize("bug", ["none", "events_after_commit"])
async def test_who_is_killed_in_mid_mutation_leaves_nothing_half_written(
    database_url: str, folder: Path, bug: str
) -> None:
    hosts = 3 if database_url.startswith("postgres") else 1
    load = await faults_under_load(database_url, folder, hosts, killings, bug=bug)
    print(told(load))
    assert bool(load.faults) == (bug != "none"), load.faults
    assert all(len(listener.heard) > 1 for listener in load.listeners)


@pytest.mark.parametrize("bug", ["none", "events_after_commit", "dead_not_replaced"])
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_workers_that_are_killed_are_replaced_by_their_parent(
    database_url: str, folder: Path, bug: str
) -> None:
    later: list[int] = []
    left: list[int] = []

    async def killed(load: Load) -> None:
        within = 5.0 if bug == "dead_not_replaced" else READY_WITHIN
        later.append(await worker_killings(load, within))
        left.extend(load.hosts[0].workers)

    load = await faults_under_load(database_url, folder, 1, killed, bug=bug, workers=WORKERS)
    print(told(load), f"; {later} of the changes by {len(left)} new workers")
    assert bool(load.faults) == (bug != "none"), load.faults
    assert all(len(listener.heard) > 1 for listener in load.listeners)
    if bug != "events_after_commit":  # of which nobody can go on working, whoever is there to answer
        assert (len(left) == WORKERS and later > [0]) == (bug != "dead_not_replaced")


@pytest.mark.parametrize("bug", ["none", "struck_out_before_placed"])
async def test_a_sequencer_that_is_killed_loses_nothing(database_url: str, folder: Path, bug: str) -> None:
    if not database_url.startswith("postgres"):
        pytest.skip("SQLite has one writer at a time, and no sequencer")
    hosts = 3 if bug == "none" else 1  # which leads then, so that whoever is killed does
    load = await faults_under_load(database_url, folder, hosts, killings, bug=bug, order="sequencer")
    print(told(load))
    assert bool(load.faults) == (bug != "none"), load.faults


@pytest.mark.parametrize("bug", ["none", "place_before_sent"])
async def test_a_webhook_gets_everything_though_its_sender_is_killed(
    database_url: str, folder: Path, bug: str
) -> None:
    missed: list[str] = []
    async with receiving() as receiver:

        async def killed(load: Load) -> None:
            await register(load, receiver)
            await killings(load)
            await load.end_writing()
            missed.extend(await faults_of_webhook(database_url, receiver))

        hosts = 3 if database_url.startswith("postgres") else 1
        load = await faults_under_load(database_url, folder, hosts, killed, bug=bug)
    again = len(receiver.got) - len({got.headers["webhook-id"] for got in receiver.got})
    print(told(load), f"; {len(receiver.got)} messages, {again} again: {missed or 'none missed'}")
    assert load.faults == []
    assert bool(missed) == (bug != "none"), missed


ENDS_WITHIN = 15.0


@pytest.mark.parametrize("bug", ["none", "ends_at_once"])
async def test_who_is_told_to_end_sends_everybody_elsewhere(
    database_url: str, folder: Path, bug: str
) -> None:
    took: list[float] = []

    async def told_to_end(load: Load) -> None:
        took.extend(await restarts(load))

    hosts = 3 if database_url.startswith("postgres") else 1
    load = await faults_under_load(database_url, folder, hosts, told_to_end, bug=bug)
    closed = Counter(code for listener in load.listeners for code in listener.closed)
    print(told(load), closed, [f"{seconds:.1f} s" for seconds in took])
    assert load.faults == [] and max(took) < ENDS_WITHIN
    assert (WITHOUT_A_WORD in closed) == (bug != "none"), closed


@pytest.mark.parametrize("bug", ["none", "keys_forgotten"])
@ORDERS
async def test_who_asks_twice_with_one_key_changes_once(
    database_url: str, folder: Path, order: str, bug: str
) -> None:
    hosts = 2 if database_url.startswith("postgres") else 1
    load = await faults_under_load(database_url, folder, hosts, quiet, bug=bug, twice=True, order=order)
    print(told(load))
    assert bool(load.faults) == (bug != "none"), load.faults


@pytest.mark.parametrize("bug", ["none", "cursor_of_clock"])
@SERVER_ORDERS
async def test_wrong_clocks_lose_nothing(database_url: str, folder: Path, order: str, bug: str) -> None:
    skews = [0.0, 300.0, -240.0]
    load = await faults_under_load(database_url, folder, 3, quiet, bug=bug, skews=skews, order=order)
    print(told(load))
    assert bool(load.faults) == (bug != "none"), load.faults


@pytest.mark.parametrize("bug", ["none", "what was committed last is forgotten"])
@pytest.mark.parametrize("order", ["lock", "sequencer"])
async def test_a_database_that_crashes_under_load_loses_nothing(
    servers: tuple[Any, Any], folder: Path, order: str, bug: str
) -> None:
    primary, _ = servers
    empty(primary.url)
    before = folder / "before"

    async def crashes(load: Load) -> None:
        for time in range(3):
            await asyncio.sleep(0.5)
            await busy(load)
            await asyncio.to_thread(primary.stop)
            if bug != "none" and time == 0:
                copy(primary.folder, before)
            if bug != "none" and time == 1:
                copy(before, primary.folder)
            await asyncio.to_thread(primary.start)
        await asyncio.sleep(1.5)

    load = await faults_under_load(primary.url, folder, 2, crashes, order=order)
    print(told(load))
    assert sum(sum(writer.faults.values()) for writer in load.writers) > 0, "nobody noticed"
    assert bool(load.faults) == (bug != "none"), load.faults


def copy(one: Path, other: Path) -> None:
    """Whole, with owners and times."""
    if other.exists():
        shutil.rmtree(other)
    subprocess.run(["cp", "-a", str(one), str(other)], check=True)


@pytest.mark.parametrize(
    ("database_url", "order", "bug"),
    [
        ("sqlite", "lock", "none"),  # which has one writer at a time, so that the bug would be none
        ("postgres", "lock", "none"),
        ("postgres", "lock", "rows_unlocked"),
        ("postgres", "sequencer", "none"),
        ("postgres", "sequencer", "rows_unlocked"),
    ],
    indirect=["database_url"],
)
async def test_of_those_who_take_the_same_step_at_two_hosts_one_wins(
    database_url: str, folder: Path, order: str, bug: str
) -> None:
    ends: Counter[str] = Counter()

    async def contested(load: Load) -> None:
        ends.update(await contests(load))

    hosts = 2 if database_url.startswith("postgres") else 1
    load = await faults_under_load(database_url, folder, hosts, contested, bug=bug, order=order, writers=2)
    print(told(load), ends)
    assert bool(load.faults) == (bug != "none"), load.faults
    wins = ends.pop("won")
    assert (wins == RACES * STEPS and not ends.keys() - {"WrongState", "Conflict"}) == (bug == "none"), ends


FAT = (
    "subscription { taskUpdates { cursor event { id "
    + " ".join(f"t{n}: summons {{ text }}" for n in range(10))
    + " } } }"
)
IDLE, SLOW = 1_000, 3
TOO_MUCH = 700
"""Changes after which whoever reads none of them is turned out."""
PINGED_WITHIN = 25.0
"""Later they are closed for not answering a ping, which proves nothing of queues: then the machine is too slow."""
LISTENING = "baodao_stream_listeners"
LONG = "公园年久失修。" * 700


@pytest.mark.parametrize("bug", ["none", "queues_without_end"])
async def test_who_never_reads_is_turned_out_and_holds_nobody_up(
    database_url: str, folder: Path, bug: str
) -> None:
    ends: list[int | None] = []

    async def crowded(load: Load) -> None:
        url = f"ws://127.0.0.1:{load.hosts[0].port}/graphql"
        protocol: Any = ["graphql-transport-ws"]
        headers = {"authorization": f"Bearer {token('junan.observer')}"}
        async with AsyncExitStack() as sockets:

            async def opened(asked: str | None) -> Any:
                socket = await sockets.enter_async_context(
                    connect(
                        url,
                        subprotocols=protocol,
                        additional_headers=headers,
                        proxy=None,
                        max_queue=1,
                        ping_interval=None,
                        close_timeout=1,
                        compression=None,
                    )
                )
                await socket.send('{"type": "connection_init"}')
                await socket.recv()
                if asked:
                    await socket.send(
                        json.dumps({"id": "1", "type": "subscribe", "payload": {"query": asked}})
                    )
                return socket

            for _ in range(IDLE // 50):
                await asyncio.gather(*(opened(None) for _ in range(50)))
            slow = [await opened(FAT) for _ in range(SLOW)]
            await caught_up(load, slow)
            before = load.hosts[0].memory
            for writer in load.writers:
                writer.text = LONG
            await busy(load, TOO_MUCH, within=PINGED_WITHIN)
            print(f"{(load.hosts[0].memory - before) / 1e6:.0f} MB more")
            ends.extend(await asyncio.gather(*map(closing_code, slow)))

    found = await faults_under_load(database_url, folder, 1, crowded, bug=bug)
    print(told(found), ends)
    assert not found.faults, found.faults
    assert ends == [1013 if bug == "none" else None] * SLOW, ends


async def caught_up(load: Load, sockets: list[Any]) -> None:
    """They read until they are told of news with everybody else, while those who write rest."""
    for writer in load.writers:
        writer.may_go_on.clear()
    reading = [asyncio.create_task(closing_code(socket)) for socket in sockets]
    wanted = len(load.listeners) + len(sockets)
    async with asyncio.timeout(90), httpx.AsyncClient(trust_env=False) as client:
        while parsed((await client.get(f"{load.hosts[0].address}/metrics")).text)[LISTENING] < wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    for one in reading:
        one.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    for writer in load.writers:
        writer.may_go_on.set()


async def closing_code(socket: Any) -> int | None:
    """None when it is not closed, however much is read."""
    try:
        async with asyncio.timeout(30):
            async for _ in socket:
                pass
    except TimeoutError:
        return None
    except ConnectionClosed:
        pass
    return int(socket.close_code)


@pytest.mark.parametrize("bug", ["none", "events_after_commit"])
async def test_a_full_disk_leaves_nothing_half_written(sqlite_url: str, folder: Path, bug: str) -> None:
    file = sqlite_url.partition("://")[2]

    async def full(load: Load) -> None:
        host = load.hosts[0]
        for _ in range(3):
            await asyncio.sleep(1)
            host.limit_files(os.stat(file).st_size // 2)
            await asyncio.sleep(1)
            host.limit_files(resource.RLIM_INFINITY)
        await asyncio.sleep(1)
        assert host.process.poll() is None, host.log

    found = await faults_under_load(sqlite_url, folder, 1, full, bug=bug)
    print(told(found))
    assert sum(sum(writer.faults.values()) for writer in found.writers) > 0, "the disk was never full"
    assert bool(found.faults) == (bug != "none"), found.faults


@pytest.mark.parametrize("bug", ["none", "epoch_renewed", "log_numbered_anew", "tallies_begun_anew"])
async def test_cursors_live_through_an_upgrade_under_load(empty_url: str, folder: Path, bug: str) -> None:
    await former.migrate(empty_url)
    hosts = 2 if empty_url.startswith("postgres") else 1
    load = await faults_under_load(
        empty_url, folder, hosts, lambda load: upgrade(load, bug), bug="former", writers=3
    )
    print(told(load))
    assert all(len(listener.heard) > 1 for listener in load.listeners)
    assert bool(load.faults) == (bug != "none"), load.faults

"""The README's commands do what it says, run as they are printed against a served demo."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
FIRST_STEPS = SHELL.findall(README.partition("## First steps")[2].partition("\n## ")[0])
TOKEN, QUERY, MUTATION, SUBSCRIPTION = FIRST_STEPS
LISTEN, LISTEN_ON = SHELL.findall(README.partition("## Listening without")[2].partition("\n## ")[0])
EXPORT, EXPORTS, FILE = SHELL.findall(README.partition("## Ledgers")[2].partition("\n## ")[0])
SYSTEM, WEBHOOK = SHELL.findall(README.partition("## Connecting a system")[2].partition("\n## ")[0])


@dataclass(frozen=True)
class Served:
    """A running demo; commands find it through their environment."""

    port: int
    environment: dict[str, str]

    def start(self, *commands: str) -> subprocess.Popen[str]:
        """In a checkout's folder, with the port and the programs of this test run."""
        script = "\n".join(commands).replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        script = script.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
        return subprocess.Popen(
            ["bash", "-euc", script], stdout=subprocess.PIPE, text=True, env=self.environment, cwd=ROOT
        )

    def run(self, *commands: str) -> Any:
        """The data of the answer that the last command prints."""
        printed, _ = self.start(*commands).communicate(timeout=60)
        answer = json.loads(printed.splitlines()[-1])
        assert "errors" not in answer, answer
        return answer["data"]


@pytest.fixture(scope="module")
def served(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Its folder holds the loaded demo already."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copy(loaded, folder / "baodao.db")
    (folder / "demo").touch()
    with demo(folder) as running:
        yield running


@contextmanager
def demo(folder: Path) -> Iterator[Served]:
    """`baodao demo` on a free port, once it serves; on a busy machine that takes minutes."""
    port = free_port()
    environment = os.environ | {"BAODAO_DATA": str(folder), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    command = [Path(sys.executable).parent / "baodao", "demo", "--data", folder, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield Served(port, environment)
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            httpx.get(url).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError(url)


def test_the_first_query_tells_the_published_figures(served: Served) -> None:
    area = served.run(QUERY)["area"]
    assert area["name"] == "顺德区"
    assert area["statistics"] == {"issued": 764, "due": 720, "resolved": 684, "closingRate": 0.95}
    assert len(area["children"]["edges"]) == 10


@pytest.mark.long
def test_the_demo_is_played_into_an_empty_folder_and_only_served_from_then_on(tmp_path: Path) -> None:
    for _ in range(2):
        with demo(tmp_path) as running:
            area = running.run(QUERY)["area"]
        assert area["statistics"] == {"issued": 764, "due": 720, "resolved": 684, "closingRate": 0.95}
    assert {path.name for path in tmp_path.iterdir()} >= {"baodao.db", "demo"}
    assert not list(tmp_path.glob("draft.db*"))


def test_a_ledger_is_exported_and_fetched(served: Served, tmp_path: Path) -> None:
    assert served.run(EXPORT)["exportLedger"]["problems"] == []
    until = time.monotonic() + 60
    while (export := served.run(EXPORTS)["exports"]["edges"][0]["node"])["state"] != "DONE":
        assert time.monotonic() < until, export
        time.sleep(0.5)
    file = httpx.get(f"http://127.0.0.1:{served.port}{export['url']}")
    assert file.status_code == 200 and file.content.startswith(b"PK")
    assert export["rowsDone"] == export["rowsTotal"] > 500
    out = tmp_path / "tasks.csv"
    printed, _ = served.start(FILE.replace("tasks.csv", str(out))).communicate(timeout=60)
    assert "rows in" in printed and out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_first_mutation_drafts_a_summons(served: Served) -> None:
    payload = served.run(TOKEN, MUTATION)["draftSummons"]
    assert payload["problems"] == []
    assert payload["event"] == {"type": "summons.drafted"}
    assert payload["summons"]["state"] == "DRAFT"
    assert {"action": "submitForReview", "allowed": True, "reason": None} in payload["summons"][
        "availableActions"
    ]


def test_the_first_subscription_hears_of_the_next_mutation(served: Served) -> None:
    listener = served.start(SUBSCRIPTION)
    assert listener.stdout is not None
    try:
        first = json.loads(listener.stdout.readline())
        number = served.run(TOKEN, MUTATION)["draftSummons"]["summons"]["number"]
        second = json.loads(listener.stdout.readline())
    finally:
        listener.terminate()
    assert first["taskUpdates"]["event"] is None
    assert second["taskUpdates"]["event"]["type"] == "summons.drafted"
    assert second["taskUpdates"]["event"]["summons"]["number"] == number


def test_a_stream_of_events_goes_on_after_the_last_one_that_was_read(served: Served) -> None:
    listener = served.start(LISTEN)
    try:
        last, first = event_of(listener)
        number = served.run(TOKEN, MUTATION)["draftSummons"]["summons"]["number"]
        _, second = event_of(listener)
    finally:
        listener.terminate()
    back = served.start(f"LAST={last}", LISTEN_ON)
    try:
        told = [event_of(back) for _ in range(2)]
    finally:
        back.terminate()
    assert first is None and told[0] == (last, None)
    assert second == told[1][1]
    assert (second["type"], second["summons"]["number"]) == ("summons.drafted", number)


def event_of(stream: subprocess.Popen[str]) -> tuple[str, Any]:
    """The id and the event of the next message."""
    assert stream.stdout is not None
    lines: dict[str, str] = {}
    while "data" not in lines:
        name, _, value = stream.stdout.readline().rstrip("\n").partition(":")
        lines[name] = value.strip()
    return lines["id"], json.loads(lines["data"])["data"]["taskUpdates"]["event"]


def test_a_system_reads_the_tasks_of_its_town_with_a_key_and_gets_a_webhook(served: Served) -> None:
    answer = served.run(SYSTEM)
    assert answer["viewer"]["member"] == {"name": "龙江镇综合平台", "service": True}
    assert len(answer["tasks"]["edges"]) == 3
    printed, _ = served.start(WEBHOOK).communicate(timeout=60)
    id, secret, listed = printed.splitlines()
    address = "https://hooks.example.org/baodao"
    assert secret.startswith("whsec_")
    assert listed.split() == [id, "ACTIVE", "0", "0", "longjiang.system", address]


def test_the_explorer_asks_nobody_outside(served: Served) -> None:
    page = httpx.get(f"http://127.0.0.1:{served.port}/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert not re.search(r"https?://|src=|@import", page.text)


def test_the_folders_of_the_table_are_those_of_the_project() -> None:
    folders = set(re.findall(r"`(\w+)/`", README.partition("\n## ")[0]))
    assert (
        folders
        == {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"} - IGNORED
    )


IGNORED = {"build", "dist"}

"""Whether all contenders answer the same questions alike, before anything is measured."""

from pathlib import Path
from random import Random

import httpx

from bench.contenders import Contender, Server, running
from bench.store import Fresh
from bench.words import plain
from bench.workloads import ACCEPT, READS, Draw, acceptances

SEED = 4
QUESTIONS = 12
"""Asked of each for each workload."""


async def check(contenders: list[Contender], url: str, folder: Path, summonses: int, fresh: Fresh) -> None:
    """AssertionError for the first answer that differs from the first contender's, ValueError for one with errors."""
    expected: dict[tuple[str, int], object] = {}
    for contender in contenders:
        handed = await fresh.tasks(QUESTIONS)
        with running(contender, url, folder) as server, httpx.Client(timeout=30) as client:
            for name, number, draw in _questions(summonses, handed):
                answer = plain(name, ask(client, server, name, draw))
                if name == ACCEPT.name:
                    assert answer == {"id": draw.about["task"], "state": "ACCEPTED"}, answer
                elif expected.setdefault((name, number), answer) != answer:
                    raise AssertionError(f"{contender.name}, {draw}: {answer} != {expected[name, number]}")
        await fresh.used(handed)


def _questions(summonses: int, handed: range) -> list[tuple[str, int, Draw]]:
    asked = [(one.name, one.draws(Random(SEED), summonses)) for one in READS]
    asked.append((ACCEPT.name, acceptances(handed, Random(SEED))))
    return [(name, number, next(draws)) for name, draws in asked for number in range(QUESTIONS)]


def ask(client: httpx.Client, server: Server, workload: str, draw: Draw) -> dict[str, object]:
    """The answer's JSON, whatever it says."""
    contender = server.contender
    headers = {"content-type": "application/json", "authorization": contender.header(draw.login)}
    body = contender.body(workload, draw)
    answer = client.post(f"http://127.0.0.1:{server.port}/graphql", content=body, headers=headers)
    found: dict[str, object] = answer.json()
    return found

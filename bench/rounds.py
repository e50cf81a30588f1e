"""The rounds: every contender in turn, started anew, through all workloads."""

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from math import ceil
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.contenders import Contender, Server, running
from bench.load import Request, Sample, drive, measured, write_requests
from bench.store import Fresh
from bench.workloads import ACCEPT, READS, Draw, Workload, acceptances

DRAWS = 2_000
"""Different requests of a workload; whoever answers more gets them again."""
FASTEST = 5_000
"""Acceptances in the first second, at most: so many tasks have to wait. Later it may be three times as fast."""
USUAL = 2_500
"""Tasks that are ready for each second in any case: the first second of hundreds of connections tells little."""
IN_TURN, LONGEST = 10, 30
"""Answers on each connection in a run, at least, unless that takes more than so many seconds."""


class Plan(NamedTuple):
    """Seconds of one run, longer for whoever is slow, after `warm` seconds that do not count."""

    summonses: int
    rounds: int
    seconds: int
    warm: int
    connections: int


def connections_of(plan: Plan, workload: Workload) -> int:
    return max(1, int(plan.connections * workload.share))


def requests_of(contender: Contender, workload: Workload, draws: Iterable[Draw]) -> Iterator[Request]:
    """In the contender's words."""
    for draw in draws:
        yield Request(contender.header(draw.login), contender.body(workload.name, draw))


def in_turn(contenders: list[Contender], round: int) -> list[Contender]:
    """Another one begins each round."""
    first = round % len(contenders)
    return contenders[first:] + contenders[:first]


class Start(NamedTuple):
    """Seconds until the first connection, megabytes then and after the reads."""

    seconds: float
    memory_mb: float
    memory_after_mb: float


class Rounds:
    """Collects samples; `starts` by contender, the last round's."""

    def __init__(self, url: str, folder: Path, plan: Plan, fresh: Fresh) -> None:
        self.samples: list[Sample] = []
        self.starts: dict[str, Start] = {}
        self._url, self._folder, self._plan, self._fresh = url, folder, plan, fresh

    async def run(self, contenders: list[Contender]) -> None:
        for number in range(self._plan.rounds):
            for contender in in_turn(contenders, number):
                await self._one(contender, number)

    async def _one(self, contender: Contender, number: int) -> None:
        with running(contender, self._url, self._folder) as server:
            memory = server.memory
            for workload, file in self._reads(contender):
                warm = drive(server, file, self._plan.warm, connections_of(self._plan, workload))
                seconds = self._long_enough(workload, warm.requests / warm.seconds)
                self._keep(await self._measured(server, workload, file, seconds), number)
            self.starts[contender.name] = Start(server.started_in, memory, server.memory)
            rate = await self._first_acceptances(server)
            seconds = self._long_enough(ACCEPT, rate)
            self._keep(await self._accept(server, seconds, max(3 * int(rate), USUAL)), number)

    def _reads(self, contender: Contender) -> Iterator[tuple[Workload, Path]]:
        for seed, workload in enumerate(READS):
            file = self._folder / "requests"
            draws = workload.draws(Random(seed), self._plan.summonses)
            write_requests(file, requests_of(contender, workload, islice(draws, DRAWS)))
            yield workload, file

    async def _first_acceptances(self, server: Server) -> float:
        """How many in a second; 0.0 when so many connections wait that none is through by then."""
        file, handed = await self._handed(server, FASTEST)
        first = drive(server, file, 1, connections_of(self._plan, ACCEPT))
        await self._fresh.used(handed)
        return first.requests / first.seconds

    async def _accept(self, server: Server, seconds: int, fastest: int) -> Sample:
        """On tasks nobody has had. RuntimeError when fewer were accepted than answered: there were errors."""
        file, handed = await self._handed(server, fastest * seconds)
        sample = await self._measured(server, ACCEPT, file, seconds)
        accepted = await self._fresh.used(handed)
        if sample.requests > len(handed):  # faster than it seemed, so that some were accepted twice
            return await self._accept(server, seconds, 3 * fastest)
        if accepted < sample.requests:
            raise RuntimeError(
                f"{server.contender.name}: {sample.requests} answers, but {accepted} tasks accepted"
            )
        return sample

    async def _handed(self, server: Server, number: int) -> tuple[Path, range]:
        """Requests for so many tasks, and which these are."""
        file, handed = self._folder / "requests", await self._fresh.tasks(number)
        draws = acceptances(handed, Random(handed.start))
        write_requests(file, requests_of(server.contender, ACCEPT, draws))
        return file, handed

    async def _measured(self, server: Server, workload: Workload, file: Path, seconds: int) -> Sample:
        return await measured(
            server, self._url, workload.name, file, seconds, connections_of(self._plan, workload)
        )

    def _long_enough(self, workload: Workload, rate: float) -> int:
        """Seconds, so that what is under way when the load ends, CPU without an answer, is little beside the rest."""
        wanted = IN_TURN * connections_of(self._plan, workload) / max(rate, 0.1)
        return ceil(min(max(wanted, self._plan.seconds), LONGEST))

    def _keep(self, sample: Sample, number: int) -> None:
        self.samples.append(sample)
        cost = f"{sample.server_us:.0f} + {sample.database_us:.0f} µs"
        told = f"round {number + 1}: {sample.workload} {sample.contender}: {sample.rate:.0f}/s, {cost}"
        print(told, file=sys.stderr, flush=True)

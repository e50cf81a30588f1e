"""Several who take the same step of the same matter at the same time, at different hosts."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from faults.crowd import Writer
from faults.load import Load

RACES, STEPS = 20, 2
Payload = dict[str, Any] | None


async def contests(load: Load) -> Counter[str]:
    """How it ended, for all who took part in so many races for either step."""
    writer = Writer("contest", load.hosts, load.writers[0].ids)
    load.writers.append(writer)
    async with writer.at_work():
        return Counter([end for _ in range(RACES) for end in await _contest(writer)])


async def _contest(writer: Writer) -> list[str]:
    issued = await _at_once(writer, ["tianhu.secretary"], "issueSummons", await writer.reviewed())
    [first, *_] = [payload for payload in issued if payload and end_of(payload) == "won"]
    task = {"task": first["summons"]["tasks"][0]["id"]}
    accepted = await _at_once(writer, ["zr.liaison", "zr.head"], "acceptTask", task)
    return [*map(end_of, issued), *map(end_of, accepted)]


async def _at_once(
    writer: Writer, logins: Sequence[str], mutation: str, input: Mapping[str, object]
) -> Sequence[Payload]:
    asked = [(login, host) for login in logins for host in writer.hosts] * 2
    return await asyncio.gather(*(writer.attempt(login, host, mutation, input) for login, host in asked))


def end_of(payload: Payload) -> str:
    """Won, or the type of the problem."""
    if payload is None:
        return "no answer"
    return str(payload["problems"][0]["__typename"]) if payload["problems"] else "won"

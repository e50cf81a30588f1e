"""What must hold however the service was treated: looked at in the rows, and in what everybody was told."""

from collections import Counter
from collections.abc import Iterable, Sequence

from walk_claims import broken
from walk_stories import all_stories, miscounted, query

from actions.audit_proof import prove_audit
from baodao.database import database
from faults.crowd import Listener, Writer
from resolvers.ids import unpacked


async def faults_of(url: str, writers: Sequence[Writer], listeners: Sequence[Listener]) -> list[str]:
    """Empty when nothing was lost, invented, told twice or half-written."""
    async with database(url):
        events = await query("SELECT id, type FROM event WHERE summons_id IS NOT NULL ORDER BY pos")
        found = [*_half_written(broken(story) for story in await all_stories())]
        found += [f"the tallies are wrong: {row}" for row in await miscounted()]
        if (proof := await prove_audit()).broken:
            found.append(f"the audit log: {proof.broken}")
    told = [str(event["id"]) for event in events]
    found += _answers(writers, told, sum(event["type"] == "summons.drafted" for event in events))
    for listener in listeners:
        found += _of_listener(listener, told)
    return found


def _half_written(stories: Iterable[list[str]]) -> Iterable[str]:
    counted = Counter(name for faults in stories for name in faults)
    return [f"{name}: broken for {number} summonses" for name, number in counted.items()]


def _answers(writers: Sequence[Writer], told: Sequence[str], drafts: int) -> Iterable[str]:
    answered = [raw(id) for writer in writers for id in writer.done]
    if missing := set(answered) - set(told):
        yield f"{len(missing)} of {len(answered)} answered changes are not in the log"
    if again := len(answered) - len(set(answered)):
        yield f"{again} events answered two requests"
    for writer in writers:
        yield from (f"{writer.name} was refused: {why}" for why in writer.refused[:3])
    asked = sum(writer.drafts for writer in writers)
    if drafts != asked:
        yield f"{drafts} drafts in the log, but {asked} were asked for"


def _of_listener(listener: Listener, told: Sequence[str]) -> Iterable[str]:
    places = {id: place for place, id in enumerate(told)}
    heard = [raw(id) for connection in listener.heard for id in connection]
    if lost := len(places.keys() - set(heard)):
        yield f"{listener.login} lost {lost} of {len(told)} events"
    if invented := len(set(heard) - places.keys()):
        yield f"{listener.login} was told {invented} events that are not in the log"
    order = [places[id] for id in heard if id in places]
    if order != sorted(set(order)):  # nor by two connections: each goes on after the cursor of the last one
        yield f"{listener.login} was told events twice, or out of order"


def raw(id: str) -> str:
    """The key in a global id."""
    key = unpacked(id)
    assert key is not None, id
    return key.decode().rpartition(":")[2]

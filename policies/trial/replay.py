"""What would have become of recorded decisions, had other rules been in force."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from models import AuditEntry
from policies.book import RuleBook
from policies.compile import Scope, compile_scope
from policies.facts import Facts
from policies.reading.spelling import Pair
from policies.trial.past import Past, pasts_of

MOST_ENTRIES = 50_000
MOST_EXAMPLES = 50


class Recorded(NamedTuple):
    """An allowed decision, by the first entry of the audit log that rests on it."""

    seq: int
    at: datetime
    member_id: str
    type: str
    action: str
    facts: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Replay:
    """`decisions` were decided again, under the rules before and after; `refused` of them only the latter refuse.

    `examples` are the newest of these, at most 50. `unclear` could not be decided again: the member is gone, the facts
    are of another time, or the rules before refuse them, too. `more`: the log holds older decisions than were looked
    at, though not too old.
    """

    decisions: int = 0
    refused: int = 0
    examples: tuple[Recorded, ...] = ()
    unclear: int = 0
    more: bool = False


async def replay(before: RuleBook, after: RuleBook, pairs: Collection[Pair], since: datetime) -> Replay:
    """Decisions about the `pairs` (type, action) from `since` on, the newest 50,000 entries at most."""
    entries = await _entries(pairs, since)
    decisions = list(_decisions(entries[:MOST_ENTRIES], pairs))
    court = _Court(before, after, await pasts_of({one.member_id for one in decisions}))
    outcomes = [(one, court.decide(one)) for one in decisions]
    refused = [one for one, stands in outcomes if stands is False]
    unclear = sum(stands is None for _, stands in outcomes)
    return Replay(
        len(decisions) - unclear,
        len(refused),
        tuple(refused[:MOST_EXAMPLES]),
        unclear,
        len(entries) > MOST_ENTRIES,
    )


async def _entries(pairs: Collection[Pair], since: datetime) -> list[Recorded]:
    """The newest first. The log is in order of time, so the last older entry is found without reading all of them."""
    if not pairs:
        return []
    older = await AuditEntry.filter(at__lt=since).order_by("-seq").first().values("seq")
    rows = AuditEntry.filter(
        seq__gt=older["seq"] if older else 0,
        actor_id__isnull=False,
        type__in=sorted({type for type, _ in pairs}),
        action__in=sorted({action for _, action in pairs}),
    )
    found = rows.order_by("-seq").limit(MOST_ENTRIES + 1)
    return [
        Recorded(*row) for row in await found.values_list("seq", "at", "actor_id", "type", "action", "facts")
    ]


def _decisions(entries: Iterable[Recorded], pairs: Collection[Pair]) -> Iterable[Recorded]:
    """One decision may have caused several entries, which lie beside each other."""
    for _, same in groupby(entries, key=lambda entry: entry[1:]):
        first = list(same)[-1]
        if (first.type, first.action) in pairs:
            yield first


@dataclass(slots=True)
class _Court:
    before: RuleBook
    after: RuleBook
    pasts: Mapping[str, Past]
    scopes: dict[object, tuple[Scope, Scope]] = field(default_factory=dict)

    def decide(self, recorded: Recorded) -> bool | None:
        """Whether it still stands; None when it is unclear."""
        facts, past = _facts(recorded.facts), self.pasts.get(recorded.member_id)
        if facts is None or past is None:
            return None
        before, after = self._scopes(past, recorded)
        return after.test(facts) if before.test(facts) else None

    def _scopes(self, past: Past, recorded: Recorded) -> tuple[Scope, Scope]:
        actor, pair = past.at(recorded.at), (recorded.type, recorded.action)
        key = (actor.id, actor.disabled, actor.grants, pair)
        if key not in self.scopes:
            self.scopes[key] = (
                compile_scope(self.before, actor, *pair),
                compile_scope(self.after, actor, *pair),
            )
        return self.scopes[key]


def _facts(told: Mapping[str, object] | None) -> Facts | None:
    """None for what another version of the program noted."""
    if told is None or not told.keys() <= _PARTS:
        return None
    made = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Facts(**made)  # type: ignore[arg-type]


_PARTS = {part.name for part in fields(Facts)}

"""The audit log: what an entry says, and how entries are chained."""

import hashlib
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import Enum

import orjson
from tortoise.connection import get_connection
from tortoise.models import Model

from models import Event
from models.seals import seal
from models.writes import Values, columns_of, values_in
from policies.actor import LiveGrant
from policies.facts import Facts
from policies.rules import Rule

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request that is being answered, for whoever looks into several logs."""

BEGINNING = "0" * 64
"""Stands for the entry before the first."""
PRIVATE = frozenset({"phone", "hash"})
UNTOLD = frozenset({"version", "updated_at"})
LONGEST = 200
"""Longer texts are told by their hash: the log is never erased, and free text may speak of people."""


@dataclass(frozen=True, slots=True)
class Warrant:
    """By which right something is done; empty for the timers and the command line."""

    type: str | None = None
    action: str | None = None
    facts: Facts | None = None
    title: tuple[Rule, LiveGrant] | None = None
    policy: str | None = None


@dataclass(slots=True)
class Change:
    """An event, the row it is about, and that row before and after; `after` None: as the row is in the end."""

    event: Event
    row: Model
    before: Values
    after: Values | None = None


def values_of(row: Model) -> Values:
    columns = zip(columns_of(row.__class__), values_in(row), strict=True)
    return {name: value for name, value in columns if name not in UNTOLD}


LAST = "SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1"


async def chained(entries: Sequence[Values]) -> list[Values]:
    """As the log's next entries, numbered and hashed. The caller holds the lock on its end, and writes them."""
    seq, previous = 0, BEGINNING
    for last in await get_connection("default").execute_query_dict(LAST):
        seq, previous = last["seq"], last["hash"]
    links: list[Values] = []
    for entry in entries:
        link = {**entry, "seq": seq + len(links) + 1, "previous": previous}
        previous = digest(link)
        links.append({**link, "hash": previous})
    return links


def entry_for(change: Change, warrant: Warrant) -> Values:
    """Every column but those that chain it to the others."""
    event = change.event
    before, after = _differences(change.before, change.after or values_of(change.row))
    rule, grant = warrant.title or (None, None)
    return {
        "at": event.at,
        "event_id": event.id,
        "actor_id": event.actor_id,
        "on_behalf_of_id": grant.principal_id if grant else None,
        "role": grant.role if grant else None,
        "rule": str(rule) if rule else None,
        "policy": warrant.policy,
        "type": warrant.type,
        "action": warrant.action,
        "event": event.type,
        "kind": event.aggregate,
        "object_id": event.aggregate_id,
        "path": event.path,
        "before": before,
        "after": after,
        "facts": facts_told(warrant.facts) if warrant.facts else None,
        "reason": _short(event.note),
        "request_id": REQUEST_ID.get(),
    }


def _differences(before: Values, after: Values) -> tuple[dict[str, object], dict[str, object]]:
    changed = [name for name in after if before.get(name) != after[name]]
    known = [name for name in changed if before.get(name) is not None]
    return {name: _told(name, before[name]) for name in known}, {
        name: _told(name, after[name]) for name in changed
    }


def _told(name: str, value: object) -> object:
    if name in PRIVATE and value is not None:
        return "(hidden)"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Enum):
        return value.value
    return _short(value) if isinstance(value, str) else value


def _short(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def facts_told(facts: Facts) -> dict[str, object]:
    """Only what differs from the default; `Facts(**…)` of it, with lists made tuples, are the facts again."""
    return dict(_told_facts(facts))


def _told_facts(facts: Facts) -> Iterator[tuple[str, object]]:
    for name, default in _DEFAULTS:
        value = getattr(facts, name)
        if value != default:
            yield name, list(value) if isinstance(value, tuple) else value


_DEFAULTS = [(one.name, one.default) for one in fields(Facts)]


async def seal_audit() -> None:
    """Let the database itself refuse to change or delete entries."""
    await seal("audit_entry", name="audit", refusal="the audit log is never changed")


def digest(entry: Values) -> str:
    """SHA-256 over every column but the hash itself, as JSON with sorted keys."""
    at = entry["at"]
    assert isinstance(at, datetime), "a moment"
    told = {name: value for name, value in entry.items() if name != "hash"}
    told["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()

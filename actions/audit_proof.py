"""Proof of the audit log: every link of its chain is looked at again."""

from dataclasses import dataclass

from actions.audit import BEGINNING, digest, values_of
from models import AuditEntry
from policies.scopes import whole

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Proof:
    """How many entries hold, the hash of the last of them, and what is wrong with the next; None: nothing.

    Whoever keeps a `head` somewhere else can also prove later that nothing was cut off at the end (`seen`).
    """

    entries: int
    head: str
    broken: str | None = None
    seen: bool = True


async def prove_audit(remembered: str | None = None) -> Proof:
    """From the first entry to the last, 1,000 at a time. `remembered`: a head that must occur in the chain."""
    seq, head, seen = 0, BEGINNING, remembered in (None, BEGINNING)
    while page := await whole(AuditEntry).filter(seq__gt=seq).order_by("seq").limit(PAGE):
        for entry in page:
            if broken := _fault(entry, seq, head):
                return Proof(seq, head, broken, seen)
            seq, head = entry.seq, entry.hash
            seen = seen or head == remembered
    return Proof(seq, head, None, seen)


def _fault(entry: AuditEntry, seq: int, head: str) -> str | None:
    if entry.seq != seq + 1:
        return f"entry {seq + 1} is missing"
    if entry.previous != head:
        return f"entry {entry.seq} does not follow entry {seq}"
    if digest(values_of(entry)) != entry.hash:
        return f"entry {entry.seq} was changed"
    return None

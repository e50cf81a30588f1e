"""The audit log, as auditors see it."""

from datetime import datetime

import strawberry

from resolvers import audit as resolve
from schema.events import Event
from schema.fields import attribute, field
from schema.members import Member
from schema.policy_versions import PolicyVersion


@strawberry.type(
    description=(
        "Who did what, and by which right (审计记录). Entries are only ever added; each carries the hash of the one "
        "before it, so that `baodao audit verify` names the first one that was changed or taken out."
    )
)
class AuditEntry:
    seq: int = attribute("1, 2, 3 … without a hole.")
    at: datetime = attribute("When it was done.")
    event: str = attribute("What happened, e.g. `task.accepted`; the event's own type.")
    told: Event | None = field(resolve.event_of_entry, "The event itself; null for whoever may not read it.")
    object: strawberry.ID = field(resolve.object_id, "Id of what was changed.")
    actor: Member | None = field(
        resolve.actor, "Who did it; null for the clock, the command line, and the unreadable."
    )
    on_behalf_of: Member | None = field(
        resolve.on_behalf_of, "In whose name a deputy did it (代理); null when it was done in one's own."
    )
    role: str | None = attribute("The role that gave the right; null for the clock and the command line.")
    rule: str | None = attribute("The rule that allowed it, as written at the time.")
    policy: PolicyVersion | None = field(
        resolve.policy, "The version of the rules it was decided by; null for whoever may not read it."
    )
    policy_hash: str | None = attribute(
        "Hash of the rules it was decided by, as `PolicyVersion.hash`; null for the clock and the command line.",
        of="policy",
    )
    before: str = field(
        resolve.before, "Values that changed, as they were: a JSON object of column and value."
    )
    after: str = field(resolve.after, "The same values as they are since then; protected ones as “(hidden)”.")
    reason: str | None = attribute("Why, in the actor's words; null when none was given.")
    request_id: str | None = attribute("The request it was part of, as `X-Request-Id` named it.")
    previous: str = attribute("Hash of the entry before; 64 zeros before the first.")
    hash: str = attribute("SHA-256 of everything else in this entry, as 64 hexadecimal digits.")

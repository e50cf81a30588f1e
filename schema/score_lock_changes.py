"""The mutation that locks the scores of a period (锁定考核期)."""

from datetime import date

import strawberry

from resolvers import score_locks as resolve
from resolvers.ids import AreaCode
from schema.changes import Repeatable, change
from schema.fields import needed


@strawberry.input(description="A period whose scores are to be final in an area (锁定考核期).")
class LockScoresInput(Repeatable):
    area: AreaCode = needed("Code of the area, whose scores are locked with those of everything below it.")
    since: date = needed("First day of the period, by when tasks were evaluated.", name="from")
    until: date = needed("Last day of the period; it must be over.", name="to")


@strawberry.type
class ScoreLockChanges:
    lock_scores = change(
        "lock",
        LockScoresInput,
        resolve.lock_scores,
        "Make the scores of a period final (锁定考核期): nobody scores, rates or appeals any more, and the summonses "
        "are archived once their time for reopening is over. It cannot be undone.",
    )

"""Follow-ups and the groups that do them, as clients see them."""

from datetime import datetime

import strawberry

from models import FollowUpOutcome, FollowUpReason, FollowUpState
from resolvers import followups as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node
from schema.summons import AvailableAction, Summons


@strawberry.type(
    description=(
        "Delegates of a village (党代表, 人大代表, 政协委员) who go and ask whether its matters were really settled "
        "(回访小组)."
    )
)
class FollowUpGroup(Node):
    name: str = attribute("What the group is called; 1 to 80 characters.")
    area: Area = field(resolve.area_of_group, "The village whose summonses it follows up.")
    members: list[Member] = field(
        resolve.members_of_group,
        "Who sits in it, longest first, as far as the caller may know of them; at most 50. Each needs the role "
        "`followup_member` there as well.",
    )
    version: int = attribute(
        "Counts its changes from 1; hand it back to be refused when somebody was faster."
    )


@strawberry.type(
    description=(
        "That those concerned are asked whether a matter was really settled (回访), once in each round of a summons "
        "that was chosen for it. Who may read it depends on the summons; its events are those of the summons."
    )
)
class FollowUp(Node):
    summons: Summons | None = field(
        resolve.summons, "The summons it is about; null where the caller may read the follow-up alone."
    )
    round: int = attribute("Which round of the summons it belongs to, from 1.")
    reasons: list[FollowUpReason] = attribute(
        "Why the summons was chosen; empty for what was planned before reasons were kept."
    )
    state: FollowUpState = attribute("Whether it is still to be done, was done, or was missed.")
    due_at: datetime = attribute("Until when it must be recorded; after that the summons closes without it.")
    visit_at: datetime | None = attribute("When somebody is to go there; null while no visit is planned.")
    visitor: Member | None = field(
        resolve.visitor,
        "Which member of the group is to go there; null while no visit is planned, and for somebody the caller may "
        "not know.",
    )
    outcome: FollowUpOutcome | None = attribute("What came of it; null until it is recorded.")
    note: str | None = attribute("What was found, in words; at most 2,000 characters.")
    recorded_by: Member | None = field(
        resolve.recorded_by, "Who recorded it; null until then, and for somebody the caller may not know."
    )
    ended_at: datetime | None = attribute("When it was recorded or missed; null while it is planned.")
    available_actions: list[AvailableAction] = field(
        resolve.available_actions,
        "While it is planned: `record`, needed for `planFollowUpVisit`, and the steps of the summons that record it "
        "(`confirmFollowUp`, `failFollowUp`), allowed to the caller or not, and why not.",
    )
    version: int = attribute(
        "Counts its changes from 1; hand it back to be refused when somebody was faster."
    )

"""Members and their grants, as clients see them; and the caller."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import members as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.nodes import PAGED, Connection, Node
from schema.units import Unit

if TYPE_CHECKING:
    from schema.tasks import Task


@strawberry.type(description="Somebody who can sign in and act: a person, or a client system (人员).")
class Member(Node):
    login: str | None = attribute("Name to sign in with; null for somebody who cannot.")
    name: str = attribute("Name of the person or system; at most 64 characters.")
    unit: Unit | None = field(resolve.unit, "The unit they work in; null for somebody of a village alone.")
    grants: "list[Grant]" = field(
        resolve.grants, "Roles they hold, held or will hold, oldest first; at most 100."
    )
    disabled_at: datetime | None = attribute("When they were shut out (停用); null for an active member.")
    version: int = attribute(
        "Counts their changes from 1; hand it back to be refused when somebody was faster."
    )


@strawberry.type(
    description=(
        "A role that a member holds at an area or in a unit (授权), from `since` until before `until`. Without area "
        "and unit it is held over the whole tree."
    )
)
class Grant(Node):
    member: Member = field(resolve.member_of_grant, "Who holds the role.")
    role: str = attribute(
        "The role's name in the policy, e.g. `village_secretary`; `policyRules` tells what it may."
    )
    area: Area | None = field(resolve.area_of_grant, "Where it is held; null for a role held in a unit.")
    unit: Unit | None = field(
        resolve.unit_of_grant, "The unit it is held in; null for a role held at an area."
    )
    since: datetime = attribute("From when on it counts.")
    until: datetime | None = attribute("When it no longer counts; null while no end is set.")


@strawberry.type(description="The caller: who they are, what they hold, and what waits for them.")
class Viewer:
    member: Member | None = field(resolve.member_of_viewer, "The member who is signed in.")
    grants: list[Grant] = field(
        resolve.grants_of_viewer, "Roles the caller holds, held or will hold, oldest first; at most 100."
    )
    tasks: Connection[Annotated["Task", strawberry.lazy("schema.tasks")]] = field(
        resolve.tasks_of_viewer,
        "The caller's inbox (待办), due first: tasks that wait for them to act.",
        **PAGED,
    )

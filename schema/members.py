"""Members and their grants, as clients see them; and the caller."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import break_glass, delegations, service_accounts
from resolvers import members as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.nodes import PAGED, Connection, Node
from schema.units import Unit

if TYPE_CHECKING:
    from schema.orders import WorkOrder
    from schema.tasks import Task


@strawberry.type(description="Somebody who can sign in and act: a person, or a client system (人员).")
class Member(Node):
    login: str | None = attribute("Name to sign in with; null for somebody who cannot.")
    name: str = attribute("Name of the person or system; at most 64 characters.")
    unit: Unit | None = field(resolve.unit, "The unit they work in; null for somebody of a village alone.")
    phone: str | None = field(
        break_glass.phone,
        "Telephone number, a protected field: only for themselves, for whoever manages them, and within an emergency "
        "access that the caller opened for them, when each look is audited. Null for everybody else.",
    )
    grants: "list[Grant]" = field(
        resolve.grants, "Roles they hold, held or will hold, oldest first; at most 100."
    )
    service: bool = field(
        service_accounts.is_service,
        "Whether it is a service account (服务账号): a client system, which signs in with keys, and no person.",
    )
    credentials: "list[Credential]" = field(
        service_accounts.credentials,
        "Keys of a service account, newest first, the ended ones too; at most 50. Empty for people, and for callers "
        "who may not manage the account.",
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
    revoked_at: datetime | None = attribute(
        "When somebody ended it before its time (收回); null while nobody did."
    )
    on_behalf_of: Member | None = field(
        delegations.on_behalf_of,
        "In whose name it is used, for a delegation (代理); null for a role of one's own.",
    )
    delegated_from: "Grant | None" = field(
        delegations.delegated_from,
        "The principal's own grant that was lent; null for a role of one's own, and for one the caller may not know.",
    )
    delegations: "list[Grant]" = field(
        delegations.delegations_of,
        "What deputies hold or held of it (代理授权), oldest first; at most 100.",
    )


@strawberry.type(
    description=(
        "A key of a service account (密钥), good from `createdAt` until before `until` or `revokedAt`. The key itself "
        "was shown once, to whoever made it."
    )
)
class Credential(Node):
    account: Member = field(service_accounts.account, "The service account that signs in with it.")
    label: str = attribute("What tells it from the account's other keys; at most 80 characters.")
    created_at: datetime = attribute("When the key was made.")
    until: datetime = attribute("When it ends; a rotated key ends after the overlap.")
    revoked_at: datetime | None = attribute("When it was revoked (作废); null while it was not.")
    version: int = attribute(
        "Counts its changes from 1; hand it back to be refused when somebody was faster."
    )


@strawberry.type(description="The caller: who they are, what they hold, and what waits for them.")
class Viewer:
    member: Member | None = field(resolve.member_of_viewer, "The member who is signed in.")
    grants: list[Grant] = field(
        resolve.grants_of_viewer, "Roles the caller holds, held or will hold, oldest first; at most 100."
    )
    tasks: Connection[Annotated["Task", strawberry.lazy("schema.tasks")]] = field(
        resolve.tasks_of_viewer,
        "The caller's inbox (待办), due first: tasks that wait for them to act, those whose score lacks the part of "
        "their town or district (from when its first part is known), and those with an appeal that they rule on.",
        **PAGED,
    )
    orders: Connection[Annotated["WorkOrder", strawberry.lazy("schema.orders")]] = field(
        resolve.orders_of_viewer,
        "Work orders that others have done and that wait for the caller to look at them (待验收), oldest first.",
        **PAGED,
    )

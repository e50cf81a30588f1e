"""Mutations about units, members and the roles they hold."""

from datetime import datetime

import strawberry

from models import UnitKind, UnitLevel
from resolvers import administration as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, REASON


@strawberry.input(description="Where a role is held: either at an area or in a unit.", one_of=True)
class HolderInput:
    area: AreaCode | None = given(
        "Code of the area, at whose level the role can be held.", default=strawberry.UNSET
    )
    unit: ID | None = given("The unit, for a role of units.", default=strawberry.UNSET)


@strawberry.input(description="A role, who gets it, where and for how long (授权).")
class GrantRoleInput(Repeatable):
    member: ID = needed("Who gets the role; never oneself.")
    role: str = needed("Name of the role in the policy, e.g. `village_secretary`.")
    holder: HolderInput = needed("Where the role is held; inside the caller's own area and not above it.")
    since: datetime | None = given("From when on it counts; now when left out.")
    until: datetime | None = given("When it no longer counts; without end when left out.")
    reason: str | None = given("Why, kept with the grant; at most 500 characters.")


@strawberry.input(description="A grant that is to end now, and why (收回授权).")
class RevokeGrantInput(Repeatable):
    grant: ID = needed("Id of the grant that is to end.")
    reason: str = needed(REASON)


@strawberry.input(description="A unit that did not exist here before (新建单位).")
class CreateUnitInput(Repeatable):
    name: str = needed("Official name; 1 to 120 characters.")
    kind: UnitKind = needed("What sort of organisation it is.")
    level: UnitLevel = needed("Level of government it belongs to.")
    home_area: AreaCode = needed("Code of the area it belongs to.")
    parent: ID | None = given("The unit above it in the line of command (条).")
    command_area: AreaCode | None = given(
        "Code of the town that commands it (块); only for a stationed agency."
    )
    summonable: bool = given("Whether it can be summoned (可约请).", default=True)


@strawberry.input(description="A change of one unit.")
class UnitInput(Guarded):
    unit: ID = needed("Id of the unit that is to change.")


@strawberry.input(description="New values for a unit; what is left out stays (修改单位).")
class UpdateUnitInput(UnitInput):
    name: str | None = given("Official name; 1 to 120 characters.")
    parent: ID | None = given("The unit above it in the line of command (条).")
    command_area: AreaCode | None = given(
        "Code of the town that commands it (块); only for a stationed agency."
    )
    summonable: bool | None = given("Whether it can be summoned (可约请).")


@strawberry.input(description="A unit that no longer exists, and why (撤销单位).")
class CloseUnitInput(UnitInput):
    reason: str = needed(REASON)


@strawberry.input(description="Somebody who is to be able to sign in (新建人员).")
class CreateMemberInput(Repeatable):
    name: str = needed("Name of the person; 1 to 64 characters.")
    login: str = needed("Name to sign in with, used by nobody else; 1 to 64 characters.")
    unit: ID | None = given("The unit they work in; without unit and area they belong to the caller's area.")
    area: AreaCode | None = given("Code of the area they belong to, for somebody without a unit.")
    phone: str | None = given("Telephone number, a protected field; at most 32 characters.")


@strawberry.input(description="A change of one member.")
class MemberInput(Guarded):
    member: ID = needed("Id of the member who is to change.")


@strawberry.input(description="New values for a member; what is left out stays (修改人员).")
class UpdateMemberInput(MemberInput):
    name: str | None = given("Name of the person or client system; 1 to 64 characters.")
    unit: ID | None = given("The unit they work in from now on.")
    phone: str | None = given("Telephone number, a protected field; at most 32 characters.")


@strawberry.input(description="A member who is to be shut out, and why (停用人员).")
class DisableMemberInput(MemberInput):
    reason: str = needed(REASON)


@strawberry.type
class Administration:
    grant_role = change(
        "grant",
        GrantRoleInput,
        resolve.grant_role,
        "Give a member a role (授权). Never to oneself, above one's own rank or outside one's area.",
    )
    revoke_grant = change(
        "grant",
        RevokeGrantInput,
        resolve.revoke_grant,
        "End a grant (收回授权); it counts no longer from this moment.",
    )
    create_unit = change(
        "unit", CreateUnitInput, resolve.create_unit, "Enter a new unit into the two trees (新建单位)."
    )
    update_unit = change(
        "unit",
        UpdateUnitInput,
        resolve.update_unit,
        "Change a unit's name, place in the trees, or whether to summon it.",
    )
    close_unit = change(
        "unit", CloseUnitInput, resolve.close_unit, "Close a unit (撤销单位); it cannot be summoned any more."
    )
    create_member = change(
        "member",
        CreateMemberInput,
        resolve.create_member,
        "Enter a new member (新建人员); roles are granted apart.",
    )
    update_member = change(
        "member",
        UpdateMemberInput,
        resolve.update_member,
        "Change a member's name, unit or telephone number.",
    )
    disable_member = change(
        "member",
        DisableMemberInput,
        resolve.disable_member,
        "Shut a member out (停用人员); their open streams end too.",
    )

"""Mutations about follow-ups (回访) and their groups; those that record one are steps of its summons."""

from datetime import datetime

import strawberry

from resolvers import followups as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE


@strawberry.input(description="When which delegate goes to ask (计划回访).")
class PlanFollowUpVisitInput(Guarded):
    follow_up: ID = needed("Id of the follow-up; it must still be planned.")
    at: datetime = needed("When they go there; not in the past, and not after the follow-up is due.")
    visitor: ID = needed("The member of the village's group who goes; nobody of a unit that was summoned.")
    note: str | None = given(NOTE)


@strawberry.input(description="A village's delegates who are to follow up its matters (新建回访小组).")
class CreateFollowUpGroupInput(Repeatable):
    area: AreaCode = needed("Code of the village whose summonses it follows up.")
    name: str = needed("What the group is called; 1 to 80 characters.")
    members: list[ID] | None = given(
        "Who sits in it, at most 50: people who hold the role `followup_member` in the village."
    )


@strawberry.input(description="Another name for a group, and who comes or leaves (调整回访小组).")
class ChangeFollowUpGroupInput(Guarded):
    group: ID = needed("Id of the group that is to change.")
    name: str | None = given("What it is called from now on; 1 to 80 characters.")
    add: list[ID] | None = given(
        "Who comes, at most 50: people who hold the role `followup_member` in the village."
    )
    remove: list[ID] | None = given("Who leaves, at most 50; they follow up nothing from now on.")


@strawberry.type
class FollowUpChanges:
    plan_follow_up_visit = change(
        "follow_up",
        PlanFollowUpVisitInput,
        resolve.plan_visit,
        "Plan who of the group goes to ask, and when (计划回访); a later plan takes the place of the former. It is an "
        "event of the summons, whose version grows with it.",
    )
    create_follow_up_group = change(
        "group",
        CreateFollowUpGroupInput,
        resolve.create_group,
        "Put a follow-up group together (新建回访小组).",
    )
    change_follow_up_group = change(
        "group",
        ChangeFollowUpGroupInput,
        resolve.change_group,
        "Rename a follow-up group, or let people in and out of it (调整回访小组).",
    )

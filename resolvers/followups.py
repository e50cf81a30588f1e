"""Fields about follow-ups and their groups, and the list of follow-ups."""

from datetime import datetime

from actions import followup_groups, followup_visits
from actions.available import Available
from models import Area, FollowUp, FollowUpGroup, FollowUpState, Member, Summons
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.loaders import present
from resolvers.pages import By, Order, Page, page
from resolvers.plan import loads, reads

DUE_FIRST = Order("follow-ups", By("due_at", datetime), By("id"))


async def follow_ups(
    info: Info,
    area: AreaCode | None = None,
    state: list[FollowUpState] | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[FollowUp]:
    rows = readable(FollowUp, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if state is not None:
        rows = rows.filter(state__in=set(state))
    return await page(info, rows, DUE_FIRST, first, after)


@loads("followups_of_summons", "id")
def follow_ups_of_summons(root: Summons, info: Info) -> Later[list[FollowUp]]:
    return info.context.loaders.followups_of_summons.find(root.id)


@loads("followup_groups_of_area", "code")
def groups_of_area(root: Area, info: Info) -> Later[list[FollowUpGroup]]:
    return info.context.loaders.followup_groups_of_area.find(root.code)


@loads("summonses", "summons_id")
def summons(root: FollowUp, info: Info) -> Later[Summons | None]:
    return info.context.loaders.summonses.find(root.summons_id)


@loads("members", "visitor_id")
def visitor(root: FollowUp, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.visitor_id) if root.visitor_id else None


@loads("members", "recorded_by_id")
def recorded_by(root: FollowUp, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.recorded_by_id) if root.recorded_by_id else None


def available_actions(root: FollowUp, info: Info) -> Later[list[Available]]:
    return info.context.loaders.available_on_followups.find(root)


@loads("areas", "area_id")
def area_of_group(root: FollowUpGroup, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


@reads("id")
async def members_of_group(root: FollowUpGroup, info: Info) -> list[Member]:
    seats = await info.context.loaders.seats_of_group.load(root.id)
    return present(await info.context.loaders.members.load_many([seat.member_id for seat in seats]))


plan_visit = answer(followup_visits.VisitPlan, followup_visits.plan_visit)
create_group = answer(followup_groups.NewGroup, followup_groups.create_group)
change_group = answer(followup_groups.GroupChange, followup_groups.change_group)

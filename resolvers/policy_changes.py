"""Versions of the rules: their fields, their list, and the mutations that write and publish them."""

from datetime import datetime

from actions import policies
from models import Area, Member, PolicyVersion
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST_FIRST = Order("policies", By("created_at", datetime, descending=True), By("id", descending=True))


async def policy_versions(
    info: Info, area: AreaCode | None = None, first: int | None = None, after: Cursor | None = None
) -> Page[PolicyVersion]:
    rows = readable(PolicyVersion, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    return await page(info, rows, NEWEST_FIRST, first, after)


def area(root: PolicyVersion, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id) if root.area_id else None


def author(root: PolicyVersion, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.author_id) if root.author_id else None


def publisher(root: PolicyVersion, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.publisher_id) if root.publisher_id else None


draft_policy = answer(policies.NewPolicy, policies.draft_policy)
propose_policy = answer(policies.PolicyStep, policies.propose_policy)
withdraw_policy = answer(policies.PolicyStep, policies.withdraw_policy)
publish_policy = answer(policies.PolicyStep, policies.publish_policy)
roll_back_policy = answer(policies.Rollback, policies.roll_back)
request_policy_rollback = answer(policies.Rollback, policies.request_rollback)

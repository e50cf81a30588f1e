"""Evaluation templates: their fields, their list, and the mutation that makes one."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from actions import templates as actions
from models import Area, Member, Party, Template
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST_FIRST = Order("templates", By("created_at", datetime, descending=True), By("id", descending=True))


@dataclass(frozen=True, slots=True)
class Dimension:
    """`weight`: percent."""

    code: str
    weight: int


@dataclass(frozen=True, slots=True)
class Share:
    """`weight`: percent."""

    party: Party
    weight: int


async def evaluation_templates(
    info: Info,
    area: AreaCode | None = None,
    stationed: bool | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Template]:
    """Of an area also those of the areas above it, which count where nearer ones do not."""
    rows = readable(Template, info.context.actor)
    if area is not None:
        rows = rows.filter(Q(area_id=None) | Q(area_id__in=await _upwards(info, area)))
    if stationed is not None:
        rows = rows.filter(stationed=stationed)
    return await page(info, rows, NEWEST_FIRST, first, after)


async def _upwards(info: Info, code: AreaCode) -> list[str]:
    found = await info.context.loaders.areas.load(code)
    return [*found.ancestor_codes, found.code] if found else []


def area(root: Template, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id) if root.area_id else None


def created_by(root: Template, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.created_by_id) if root.created_by_id else None


def dimensions(root: Template) -> list[Dimension]:
    return [Dimension(code, weight) for code, weight in root.weights.items()]


def parties(root: Template) -> list[Share]:
    return [Share(party, weight) for party, weight in root.shares.items()]


create_evaluation_template = answer(actions.NewTemplate, actions.create_template)

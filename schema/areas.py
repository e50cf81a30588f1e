"""Areas, as clients see them: one interface, and a type for each level."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import AreaLevel, SummonsState
from resolvers import areas as resolve
from resolvers import decisions as resolve_decisions
from resolvers import followups as resolve_followups
from resolvers import inspection_figures as resolve_visits
from resolvers import request_figures as resolve_figures
from resolvers import requests as resolve_requests
from resolvers import standings as resolve_standings
from resolvers import summons as resolve_summons
from resolvers import units as resolve_units
from resolvers.ids import AreaCode
from schema.decisions import AreaSettings, Limit
from schema.fields import attribute, field
from schema.figures_of_inspections import InspectionFigures
from schema.figures_of_requests import RequestFigures
from schema.nodes import PAGED, Connection, Node

if TYPE_CHECKING:
    from schema.followups import FollowUpGroup
    from schema.requests import Request
    from schema.standings import Honour
    from schema.summons import Summons
    from schema.units import Unit

SUMMONSES = "schema.summons"
FILTERED = {
    "filter": "Conditions that all must hold; every summons the caller may read when left out.",
    "order_by": "How the list is sorted; newest first when left out.",
    **PAGED,
}


@strawberry.type(
    description=(
        "Figures of the summonses issued in a period by an area and everything below it, all as of `asOf`. "
        "They count what the caller may read."
    )
)
class Statistics:
    issued: int = attribute("Number of summonses issued in the period (发出).")
    due: int = attribute(
        "Number of those that were resolved by then or whose latest resolve limit had passed (应办)."
    )
    resolved: int = attribute("Number of those whose tasks were all resolved by then (办结).")
    closing_rate: float | None = attribute("Resolved ÷ due, 0.0 to 1.0 (办结率); null when nothing fell due.")
    overdue: int = attribute("Number of those that were due and not resolved (逾期未办结): due − resolved.")
    average_satisfaction: float | None = field(
        resolve.average_satisfaction,
        "Mean score for satisfaction, 0 to 100 (满意度), of the evaluations submitted by then; null without any.",
    )
    follow_ups_done: int = field(
        resolve.follow_ups_done,
        "Number of follow-ups of those summonses that were recorded by then, whatever they found (已回访).",
    )
    follow_ups_skipped: int = field(
        resolve.follow_ups_skipped,
        "Number of follow-ups of those summonses that nobody had recorded when they were due (逾期未回访).",
    )
    as_of: datetime = attribute(
        "The moment the figures stand for: the period's end, or now while it still runs."
    )


@strawberry.type(
    description="How many summonses of an area, and of everything below it, stand in a state now."
)
class StateCount:
    state: SummonsState = attribute("The state they stand in.")
    count: int = attribute("Number of those that the caller may read; 1 or more.")


@strawberry.interface(
    description=(
        "A place (区域), from province to grid. Statistics and summonses are of the whole subtree; ancestors come "
        "root first."
    )
)
class Area(Node):
    code: AreaCode = attribute("National code of the area (区划代码), which also is its key.")
    name: str = attribute("Official name, e.g. 均安镇; at most 80 characters.")
    kind: str | None = attribute(
        "What it is called among its level, e.g. 街道, 镇, 村, 社区; null when unknown."
    )
    level: AreaLevel = attribute("How high it stands; it decides the type.")
    parent: "Area | None" = field(
        resolve.parent, "The next area above, which may skip a level; null at the top of the tree."
    )
    ancestors: "list[Area]" = field(
        resolve.ancestors, "All areas above, root first; at most 8, without itself."
    )
    children: "Connection[Area]" = field(
        resolve.children,
        "Areas right below, by code; with a level all areas of that level at any depth below.",
        level="Only areas of this level, at any depth below.",
        **PAGED,
    )
    units: Connection[Annotated["Unit", strawberry.lazy("schema.units")]] = field(
        resolve_units.units_of_area,
        "Open units that this area or one below it answers for, by name: those at home there, and the stationed "
        "agencies it commands (块).",
        **PAGED,
    )
    summonses: Connection[Annotated["Summons", strawberry.lazy(SUMMONSES)]] = field(
        resolve_summons.summonses_of_area, "Summonses issued by this area or one below it.", **FILTERED
    )
    requests: Connection[Annotated["Request", strawberry.lazy("schema.requests")]] = field(
        resolve_requests.requests_of_area,
        "Requests from this area or one below it.",
        filter="Conditions that all must hold; every request the caller may read when left out.",
        order_by="How the list is sorted; newest first when left out.",
        **PAGED,
    )
    settings: AreaSettings = field(
        resolve_decisions.settings,
        "What counts here of all that areas decide for themselves, and who decided it.",
    )
    limits: list[Limit] = field(
        resolve_decisions.limits,
        "How long each clock runs here for each tier, and who decided it; at most 200. Empty for callers who may not "
        "read limits.",
        category="As it is for matters of this category; left out: of those without a limit of their own.",
    )
    version: int = attribute(
        "Counts what it decided for itself, from 0; hand it back to be refused when somebody was faster."
    )
    follow_up_groups: list[Annotated["FollowUpGroup", strawberry.lazy("schema.followups")]] = field(
        resolve_followups.groups_of_area,
        "Follow-up groups (回访小组) of just this area, oldest first, as far as the caller may read them; at most 20.",
    )
    honour_wall: list[Annotated["Honour", strawberry.lazy("schema.standings")]] = field(
        resolve_standings.honour_wall,
        "The stars of service (荣誉墙) of this very area: of the last twelve months that it published or honoured "
        "somebody for, newest first, those with most flags before those by hand; at most 156.",
    )
    statistics: Statistics = field(
        resolve.statistics,
        "Figures of the summonses issued by this area and everything below it in a period.",
        from_="First local day of the period.",
        to="Last local day of the period, included; not before the first.",
    )
    orphans: int | None = field(
        resolve.orphans,
        "How many live tasks of this area and everything below it no clock watches now, so that nobody would be "
        "reminded of them (无人跟进的任务): always 0, else it is a fault. Null unless the caller may read the area's "
        "figures.",
    )
    request_figures: RequestFigures = field(
        resolve_figures.request_figures,
        "Figures of the requests from this area and everything below it in a period, and of their work orders.",
        from_="First local day of the period.",
        to="Last local day of the period, included; not before the first.",
    )
    inspection_figures: InspectionFigures = field(
        resolve_visits.inspection_figures,
        "Figures of the visits (走访巡查) of this area and everything below it whose day lies in a period.",
        from_="First local day of the period.",
        to="Last local day of the period, included; not before the first.",
    )
    summons_counts: list[StateCount] = field(
        resolve.summons_counts,
        "How many summonses issued by this area and everything below it stand in each state now, as far as the "
        "caller may read them; in the order of a summons's life. A state in which there is none is left out, so at "
        "most 11.",
    )


@strawberry.type(
    description="A province or a municipality under the central government (省), 2 digits of code."
)
class Province(Area):
    pass


@strawberry.type(description="A prefecture-level city (市), 4 digits of code.")
class City(Area):
    pass


@strawberry.type(description="A county, district or county-level city (区县), 6 digits of code.")
class District(Area):
    towns: "list[Town]" = field(resolve.towns, "Towns right below, by code; at most 60.")


@strawberry.type(
    description="A street, town or township (镇街), 9 digits of code; it may issue summonses of its own."
)
class Town(Area):
    villages: "list[Village]" = field(
        resolve.villages, "Villages and communities right below, by code; at most 200."
    )


@strawberry.type(description="A village or community (村/社区), 12 digits of code: whoever summons.")
class Village(Area):
    town: Area | None = field(
        resolve.parent, "The area right above: its town, or a district where there is none."
    )
    grids: "list[Grid]" = field(resolve.grids, "Grids right below, by code; at most 200.")
    check_in_code: str | None = field(
        resolve.check_in_code,
        "The six digits that whoever reports for duty here enters now; they change every 5 minutes. Null unless "
        "the caller may confirm arrivals here.",
    )


@strawberry.type(description="A grid inside a village (网格), 15 or more digits of code; grids nest.")
class Grid(Area):
    village: Village | None = field(resolve.village, "The village it lies in, however deep it is nested.")
    grids: "list[Grid]" = field(resolve.grids, "Grids nested right below, by code; at most 200.")


AREA_TYPES = (Province, City, District, Town, Village, Grid)

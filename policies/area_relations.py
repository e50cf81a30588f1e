"""Relations between an object and the areas where a role is held: a test, and below it the same as a clause."""

from collections.abc import Callable

from tortoise.expressions import Q

from models import (
    Area,
    AuditEntry,
    BreakGlass,
    Claim,
    CoIssuer,
    Commitment,
    DutyItem,
    Evaluation,
    Export,
    FlagEntry,
    FollowUp,
    FollowUpGroup,
    Grant,
    Honour,
    Inspection,
    InspectionPlan,
    ListItem,
    Member,
    MetricSnapshot,
    Notice,
    Objection,
    Pairing,
    PolicyVersion,
    Publication,
    Request,
    RequestCategory,
    ScoreLock,
    Summons,
    Task,
    TaskScore,
    Template,
    Unit,
    UnitLevel,
    Webhook,
    WebhookDelivery,
    WorkOrder,
)
from policies.clauses import Clause, both, chosen, either, one_of, within
from policies.holder import Holder, Rows, Test, by_column
from policies.vocabulary import DIGITS, UNIT_LEVEL

PLACE: dict[Rows, str] = {
    Area: "path",
    Unit: "territory",
    Member: "area_path",
    Summons: "path",
    Task: "path",
    Evaluation: "path",
    TaskScore: "path",
    Template: "path",
    ScoreLock: "path",
    FollowUp: "path",
    FollowUpGroup: "path",
    PolicyVersion: "path",
    AuditEntry: "path",
    BreakGlass: "path",
    MetricSnapshot: "path",
    Export: "path",
    Publication: "path",
    Objection: "path",
    Commitment: "path",
    Inspection: "path",
    InspectionPlan: "path",
    Pairing: "path",
    ListItem: "path",
    Claim: "path",
    Notice: "path",
    Webhook: "path",
    WebhookDelivery: "path",
    Request: "path",
    WorkOrder: "path",
    FlagEntry: "path",
    Honour: "path",
    RequestCategory: "path",
}
ISSUER: dict[Rows, str] = {
    Summons: "path",
    Task: "path",
    Evaluation: "path",
    TaskScore: "path",
    FollowUp: "path",
}
SUMMONS: dict[Rows, str] = {
    Summons: "id",
    Task: "summons_id",
    Evaluation: "summons_id",
    TaskScore: "summons_id",
    FollowUp: "summons_id",
}
TERRITORY: dict[Rows, str] = {Unit: "territory", Task: "territory"}


def whole_tree(holder: Holder) -> tuple[str, ...]:
    return ("",)


def subtree(holder: Holder) -> Test:
    """At or below an area where the role is held."""
    paths = holder.paths()
    return lambda facts: facts.area_path is not None and facts.area_path.startswith(paths)


def subtree_rows(holder: Holder, model: Rows) -> Clause:
    return _placed(model, lambda column: within(column, holder.paths()))


def _placed(model: Rows, wanted: Callable[[str], Clause]) -> Clause:
    """`wanted` of the column that holds `Facts.area_path`; duty items and grants in units lie where the unit does."""
    if model not in (DutyItem, Grant):
        return by_column(PLACE, model, wanted)
    in_units = chosen("unit_id", Unit, "id", wanted("territory"))
    return (
        in_units if model is DutyItem else either([both(Q(level__not=UNIT_LEVEL), wanted("path")), in_units])
    )


def own_area(holder: Holder) -> Test:
    """The very area; for a role held in a village or grid also the grids below it."""
    exact, villages = frozenset(holder.paths()), holder.paths("VILLAGE", "GRID")
    return lambda facts: (
        facts.area_path is not None and (facts.area_path in exact or facts.area_path.startswith(villages))
    )


def own_area_rows(holder: Holder, model: Rows) -> Clause:
    villages = holder.paths("VILLAGE", "GRID")
    return _placed(model, lambda column: either([one_of(column, holder.paths()), within(column, villages)]))


def own_subtrees(holder: Holder) -> tuple[str, ...]:
    """Of `own_area`, the areas that count with everything below them."""
    return holder.paths("VILLAGE", "GRID")


def subtree_not_above(holder: Holder) -> Test:
    """In a subtree, and of no higher rank than the role is held at there."""
    places = [(grant.path, DIGITS[grant.level]) for grant in holder.grants if grant.level in DIGITS]
    return lambda facts: (
        facts.area_path is not None
        and facts.rank is not None
        and any(facts.area_path.startswith(path) and facts.rank >= rank for path, rank in places)
    )


def subtree_not_above_rows(holder: Holder, model: Rows) -> Clause:
    """Only grants have a rank. One at an area never stands above an area around it; one in a unit may."""
    if model is not Grant:
        return False
    at_areas = both(Q(level__not=UNIT_LEVEL), within("path", holder.paths()))
    units = either(
        both(within("territory", [grant.path]), one_of("level", _not_above(grant.level)))
        for grant in holder.grants
        if grant.level in DIGITS
    )
    return either([at_areas, chosen("unit_id", Unit, "id", units)])


def _not_above(level: str) -> list[str]:
    return [lower for lower in UnitLevel if DIGITS[lower] >= DIGITS[level]]


def issuer(holder: Holder) -> Test:
    """Issued by exactly an area where the role is held."""
    paths = frozenset(holder.paths())
    return lambda facts: facts.issuer_path in paths


def issuer_rows(holder: Holder, model: Rows) -> Clause:
    return by_column(ISSUER, model, lambda column: one_of(column, holder.paths()))


def co_issuer(holder: Holder) -> Test:
    """One of the co-issuing areas is one where the role is held."""
    paths = frozenset(holder.paths())
    return lambda facts: not paths.isdisjoint(facts.co_issuer_paths)


def co_issuer_rows(holder: Holder, model: Rows) -> Clause:
    joined = one_of("path", holder.paths())
    return by_column(SUMMONS, model, lambda column: chosen(column, CoIssuer, "summons_id", joined))


def commands(holder: Holder) -> Test:
    """The unit's territory lies at or below an area where the role is held."""
    paths = holder.paths()
    return lambda facts: facts.territory is not None and facts.territory.startswith(paths)


def commands_rows(holder: Holder, model: Rows) -> Clause:
    return by_column(TERRITORY, model, lambda column: within(column, holder.paths()))


def arbiter(holder: Holder) -> Test:
    """Issuer and dispute inside the same area of the holder's, not one in this and one in that."""
    paths = holder.paths()
    return lambda facts: (
        facts.issuer_path is not None
        and facts.disputed_path is not None
        and any(facts.issuer_path.startswith(path) and facts.disputed_path.startswith(path) for path in paths)
    )


def arbiter_rows(holder: Holder, model: Rows) -> Clause:
    if model is not Task:
        return False
    return either(both(within("path", [path]), within("disputed_path", [path])) for path in holder.paths())

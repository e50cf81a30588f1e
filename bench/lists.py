"""How long a page of a long list takes on PostgreSQL, for each kind of actor, and what PostgreSQL did for it."""

import json
from collections.abc import AsyncIterator

from tortoise import Tortoise
from tortoise.queryset import QuerySet

from bench.made_up import ACTORS
from bench.report import Row, below
from bench.timing import awaited
from bench.world import SUMMONSES
from models import Summons
from policies.scopes import readable
from resolvers.pages import DEFAULT_FIRST
from resolvers.summons import ORDERS, SummonsOrder

Plan = dict[str, object]

WHO = (
    *("village secretary", "unit liaison", "responsible member", "town coordinator", "district supervision"),
    *("observer", "integration client", "one with 3 grants", "member without a role"),
)


async def rows() -> AsyncIterator[Row]:
    for who in WHO:
        yield await _page(who)


async def _page(who: str) -> Row:
    def page() -> QuerySet[Summons]:
        listed = ORDERS[SummonsOrder.ISSUED_DESC].sorted(readable(Summons, ACTORS[who]))
        return listed.limit(DEFAULT_FIRST + 1)

    timed, found = await awaited(page), len(await page())
    seconds, how = await explained(page())
    note = f"{found} rows; PostgreSQL alone {seconds * 1e3:.1f} ms: {how}"
    what = f"page of the {DEFAULT_FIRST} newest readable of {SUMMONSES:,} summonses, {who}"
    figure = f"{timed.least * 1e3:.1f} ms (middle {timed.middle * 1e3:.1f} ms)"
    return Row(what, "≤ 10 ms", figure, below(timed, 10e-3), note)


async def explained(query: QuerySet[Summons]) -> tuple[float, str]:
    """Seconds (planning included) of the best of five, and the scans of the plan."""
    query._make_query()
    sql, values = query.query.get_parameterized_sql()
    best, plan = float("inf"), Plan()
    for _ in range(5):
        found = await Tortoise.get_connection("default").execute_query_dict(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values
        )
        told = found[0]["QUERY PLAN"]
        [whole] = json.loads(told) if isinstance(told, str) else told
        best = min(best, (whole["Planning Time"] + whole["Execution Time"]) / 1e3)
        plan = whole["Plan"]
    return best, "; ".join(dict.fromkeys(_scans(plan)))


def _scans(plan: Plan) -> list[str]:
    found = [scan for below in plan.get("Plans", []) for scan in _scans(below)]  # type: ignore[attr-defined]
    kind = str(plan["Node Type"])
    if "Scan" in kind and "Bitmap Heap" not in kind:
        found.append(f"{kind} {plan.get('Index Name') or plan.get('Relation Name') or ''}".strip())
    return found

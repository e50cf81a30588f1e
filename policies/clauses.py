"""Parts of a WHERE clause. True and False stand for "every row" and "no row": Tortoise drops an empty Q from an OR."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from tortoise.expressions import Q, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models import subtree

M = TypeVar("M", bound=Model)


class Chosen(NamedTuple):
    """Rows whose `column` is the `wanted` column of some row of another model that fits.

    Not a Q yet, so that `either` can ask the other table once for several: PostgreSQL then starts from that table.
    """

    column: str
    model: type[Model]
    wanted: str
    fitting: Q

    def q(self) -> Q:
        column, model, wanted, clause = self
        return where(f"{column}__in", Subquery(model.filter(clause).values(wanted)))


Clause = Q | Chosen | bool


def both(*clauses: Clause) -> Clause:
    """Every clause."""
    kept = [clause for clause in clauses if clause is not True]
    if any(clause is False for clause in kept):
        return False
    return _joined(kept, Q.AND) if kept else True


def either(clauses: Iterable[Clause]) -> Clause:
    """At least one of the clauses; no row when there is none."""
    kept: list[Clause] = []
    for clause in clauses:
        if clause is True:
            return True  # the others need not even be made
        if clause is not False:
            kept.append(clause)
    if len(kept) > 1:
        kept = _asked_once(kept)
    return _joined(kept, Q.OR) if kept else False


def _asked_once(clauses: list[Clause]) -> list[Clause]:
    others: list[Clause] = [clause for clause in clauses if not isinstance(clause, Chosen)]
    fitting: dict[tuple[str, type[Model], str], list[Q]] = {}
    for clause in clauses:
        if isinstance(clause, Chosen):
            fitting.setdefault(clause[:3], []).append(clause.fitting)
    return others + [Chosen(*source, as_q(either(some))) for source, some in fitting.items()]


def _joined(clauses: Sequence[Clause], join_type: str) -> Clause:
    """A Q costs microseconds, so a single clause is not wrapped again."""
    return clauses[0] if len(clauses) == 1 else Q(*map(as_q, clauses), join_type=join_type)


def where(lookup: str, value: object) -> Q:
    """`lookup` as in Tortoise: ``path__gte``."""
    return Q(**{lookup: value})  # type: ignore[arg-type]  # mypy takes the lookup for Q's own `join_type`


def one_of(column: str, values: Iterable[str]) -> Clause:
    """No row when there are no values."""
    wanted = sorted(set(values))
    return where(f"{column}__in", wanted) if wanted else False


def within(column: str, paths: Iterable[str]) -> Clause:
    """Rows at or below one of the paths; the path "" is the whole tree."""
    return either(_below(column, path) for path in widest(paths))


def _below(column: str, path: str) -> Q:
    if not path:
        return where(f"{column}__isnull", False)
    first, end = subtree(path)
    return Q(**{f"{column}__gte": first, f"{column}__lt": end})


def widest(paths: Iterable[str]) -> list[str]:
    """The paths that lie under none of the others."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def chosen(column: str, model: type[Model], wanted: str, clause: Clause) -> Clause:
    """`Chosen`, or every row that has a value when every row of the other model fits."""
    if isinstance(clause, bool):
        return clause and where(f"{column}__isnull", False)
    return Chosen(column, model, wanted, as_q(clause))


def negation(model: type[Model], clause: Clause) -> Clause:
    """Every other row. By key, because NOT (x = 1) leaves out the rows whose x is empty."""
    if isinstance(clause, bool):
        return not clause
    clause = as_q(clause)
    return ~Q(pk__in=Subquery(model.filter(clause).values(model._meta.pk_attr)))


def rows(model: type[M], clause: Clause) -> QuerySet[M]:
    """A query that more conditions may narrow."""
    return model.filter(as_q(clause))


def as_q(clause: Clause) -> Q:
    """For where Tortoise wants a Q."""
    if isinstance(clause, Q):
        return clause
    if isinstance(clause, Chosen):
        return clause.q()
    return Q() if clause else Q(pk__in=[])

"""Scalars: how moments, days, area codes and cursors are written."""

import re
from datetime import UTC, date, datetime

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from resolvers.cursors import Cursor
from resolvers.ids import AreaCode

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
CODE = re.compile(r"\d{2,30}", re.ASCII)
YEARS = range(1900, 3000)
"""Far from the first and the last moment there is, where time zones and limits would overflow."""


def read_moment(value: object) -> datetime:
    if not isinstance(value, str) or not RFC_3339.fullmatch(value):
        raise _bad("DateTime", "a moment such as 2026-01-05T09:30:00Z, with its offset")
    try:
        moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad("DateTime", "a moment that exists") from None
    if moment.year not in YEARS:
        raise _bad("DateTime", "a moment between the years 1900 and 2999")
    return moment


def write_moment(value: datetime) -> str:
    """UTC, with the letter Z; fractions of a second only when there are any."""
    return f"{(value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()[:-6]}Z"


def read_day(value: object) -> date:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise _bad("Date", "a day such as 2026-01-05")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _bad("Date", "a day that exists") from None


def read_code(value: object) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise _bad("AreaCode", "2 to 30 digits in quotes, such as 440606106004")
    return value


def read_cursor(value: object) -> str:
    if not isinstance(value, str):
        raise _bad("Cursor", "a cursor that this API gave out")
    return value


def _bad(scalar: str, wanted: str) -> GraphQLError:
    return GraphQLError(f"{scalar} must be {wanted}.", extensions={"code": "BAD_USER_INPUT"})


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment, written as RFC 3339 says; answered in UTC with the letter Z, read with any offset.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=write_moment,
        parse_value=read_moment,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar in China (Asia/Shanghai), such as 2026-01-05.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date",
        serialize=date.isoformat,
        parse_value=read_day,
    ),
    AreaCode: strawberry.scalar(
        name="AreaCode",
        description=(
            "The code of an area in the national list (行政区划代码): 2, 4, 6, 9 or 12 digits from province to "
            "village, and 3 more for each nesting of grids, at most 30."
        ),
        parse_value=read_code,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="A place in one list or in the event log. Opaque: keep it and hand it back, do not look inside.",
        parse_value=read_cursor,
    ),
}

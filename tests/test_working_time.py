"""Limits over lunch, nights, weekends and the holidays of 2023, as tables and as laws that always hold."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import clock
from models.working_time import Calendar, Span, TimeUnit, remaining, resume

REST = """2023-01-02 2023-01-23 2023-01-24 2023-01-25 2023-01-26 2023-01-27
          2023-09-29 2023-10-02 2023-10-03 2023-10-04 2023-10-05 2023-10-06"""
WORK = "2023-01-28 2023-01-29 2023-10-07 2023-10-08"

CALENDAR = Calendar(
    {date.fromisoformat(day): False for day in REST.split()}
    | {date.fromisoformat(day): True for day in WORK.split()}
)

DUE = """
Fri 2023-10-13 15:00 | 1 WORKDAY   | Mon 2023-10-16 15:00 | the weekend does not count
Fri 2023-10-13 20:00 | 1 WORKDAY   | Mon 2023-10-16 17:30 | after closing is as good as the next opening
Fri 2023-10-13 17:30 | 1 WORKDAY   | Mon 2023-10-16 17:30 | at closing nothing of the day is left
Fri 2023-10-13 17:29 | 1 WORKDAY   | Mon 2023-10-16 17:29 | a minute before closing counts
Mon 2023-10-16 08:30 | 1 WORKDAY   | Mon 2023-10-16 17:30 | at opening the whole day is left
Mon 2023-10-16 06:00 | 1 WORKDAY   | Mon 2023-10-16 17:30 | before opening too
Mon 2023-10-16 00:00 | 1 WORKDAY   | Mon 2023-10-16 17:30 | midnight belongs to the day it begins
Mon 2023-10-16 14:00 | 1 WORKDAY   | Tue 2023-10-17 12:00 | a limit ends before lunch, not after it
Mon 2023-10-16 12:00 | 1 WORKDAY   | Tue 2023-10-17 12:00 | lunch is free
Mon 2023-10-16 13:15 | 1 WORKDAY   | Tue 2023-10-17 12:00 | lunch is free to its end
Sun 2023-10-15 11:00 | 1 WORKDAY   | Mon 2023-10-16 17:30 | Sunday counts as nothing
Sat 2023-10-14 11:00 | 0 WORKDAY   | Sat 2023-10-14 11:00 | no time at all ends where it starts
Mon 2023-10-16 10:00 | 4 HOUR      | Mon 2023-10-16 16:00 | four hours across lunch
Mon 2023-10-16 08:30 | 3.5 HOUR    | Mon 2023-10-16 12:00 | the morning
Mon 2023-10-16 16:00 | 4 HOUR      | Tue 2023-10-17 11:00 | four hours overnight
Mon 2023-10-16 11:30 | 4 HOUR      | Mon 2023-10-16 17:30 | to the very end of the day
Mon 2023-10-16 11:31 | 4 HOUR      | Tue 2023-10-17 08:31 | lunch and a night
Fri 2023-10-13 16:30 | 1.5 HOUR    | Mon 2023-10-16 09:00 | hours over a weekend
Thu 2023-09-28 15:00 | 1 WORKDAY   | Sat 2023-10-07 15:00 | over National Day to the make-up Saturday
Mon 2023-10-02 10:00 | 1 WORKDAY   | Sat 2023-10-07 17:30 | from within National Day
Sat 2023-10-07 10:00 | 1 WORKDAY   | Sun 2023-10-08 10:00 | make-up Saturday, make-up Sunday
Thu 2023-09-28 09:00 | 10 WORKDAY  | Wed 2023-10-18 09:00 | ten days over National Day
Thu 2023-09-28 20:00 | 15 WORKDAY  | Wed 2023-10-25 17:30 | fifteen days over National Day
Fri 2023-01-20 16:00 | 4 HOUR      | Sat 2023-01-28 11:00 | hours over Spring Festival
Fri 2023-01-20 17:30 | 3 WORKDAY   | Mon 2023-01-30 17:30 | three days after Spring Festival
Sun 2023-01-22 00:00 | 1 WORKDAY   | Sat 2023-01-28 17:30 | from New Year's midnight
Fri 2022-12-30 15:00 | 15 WORKDAY  | Sat 2023-01-28 15:00 | over New Year's Day and Spring Festival
Sat 2023-09-30 23:50 | 15 MINUTE   | Sun 2023-10-01 00:05 | minutes run at night and on holidays
Fri 2023-10-13 15:00 | 24 WALL_HOUR | Sat 2023-10-14 15:00 | so do the hours of an emergency
Thu 2023-09-28 09:00 | 7 DAY       | Thu 2023-10-05 09:00 | and calendar days
"""

HALVED = """
10 WORKDAY   | 5 WORKDAY
7 WORKDAY    | 3.5 WORKDAY
4 HOUR       | 2 HOUR
15 MINUTE    | 7.5 MINUTE
24 WALL_HOUR | 12 WALL_HOUR
0 DAY        | 0 DAY
"""

BETWEEN = """
Mon 2023-10-16 08:30 | Mon 2023-10-16 17:30 | 7    | a day
Mon 2023-10-16 00:00 | Tue 2023-10-17 00:00 | 7    | from midnight to midnight
Mon 2023-10-16 11:00 | Mon 2023-10-16 15:00 | 2    | over lunch
Mon 2023-10-16 12:00 | Mon 2023-10-16 14:00 | 0    | lunch
Mon 2023-10-16 12:30 | Mon 2023-10-16 13:30 | 0    | within lunch
Mon 2023-10-16 09:00 | Mon 2023-10-16 09:15 | 0.25 | within the morning
Mon 2023-10-16 17:00 | Tue 2023-10-17 09:00 | 1    | overnight
Fri 2023-10-13 17:30 | Mon 2023-10-16 08:30 | 0    | a weekend
Mon 2023-10-09 00:00 | Mon 2023-10-16 00:00 | 35   | an ordinary week
Mon 2023-10-02 00:00 | Mon 2023-10-09 00:00 | 14   | the week of National Day
Sat 2023-01-21 00:00 | Mon 2023-01-30 00:00 | 14   | Spring Festival with its make-up weekend
Mon 2023-10-16 10:00 | Mon 2023-10-16 10:00 | 0    | nothing
Mon 2023-10-16 15:00 | Mon 2023-10-16 10:00 | 0    | backwards
"""

PAUSED = """
unit      | due                  | paused               | resumed              | due then
WORKDAY   | Tue 2023-10-24 15:00 | Wed 2023-10-18 15:00 | Mon 2023-10-23 08:30 | Thu 2023-10-26 17:30
WORKDAY   | Fri 2023-10-20 10:00 | Wed 2023-10-18 10:00 | Wed 2023-10-18 10:00 | Fri 2023-10-20 10:00
WORKDAY   | Fri 2023-10-13 17:30 | Wed 2023-09-27 17:30 | Mon 2023-10-09 08:30 | Wed 2023-10-18 17:30
HOUR      | Tue 2023-10-17 10:00 | Mon 2023-10-16 20:00 | Sat 2023-10-21 09:00 | Mon 2023-10-23 10:00
WALL_HOUR | Tue 2023-10-17 10:00 | Mon 2023-10-16 20:00 | Sat 2023-10-21 09:00 | Sat 2023-10-21 23:00
DAY       | Tue 2023-10-17 10:00 | Wed 2023-10-18 10:00 | Sat 2023-10-21 09:00 | Sat 2023-10-21 09:00
WORKDAY   | Tue 2023-10-17 10:00 | Wed 2023-10-18 10:00 | Sat 2023-10-21 09:00 | Sat 2023-10-21 09:00
"""

OPEN = """
Mon 2023-10-16 08:29 | .
Mon 2023-10-16 08:30 | +
Mon 2023-10-16 11:59 | +
Mon 2023-10-16 12:00 | .
Mon 2023-10-16 13:59 | .
Mon 2023-10-16 14:00 | +
Mon 2023-10-16 17:29 | +
Mon 2023-10-16 17:30 | .
Mon 2023-10-02 10:00 | .
Sat 2023-10-07 10:00 | +
Sat 2023-10-14 10:00 | .
"""


def rows(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def moment(text):
    """From Shanghai time; the weekday must be the date's own, so that the tables cannot mislead a reader."""
    local = datetime.strptime(text, "%a %Y-%m-%d %H:%M").replace(tzinfo=clock.SHANGHAI)
    assert f"{local:%a}" == text[:3]
    return local.astimezone(UTC)


def span(text):
    amount, unit = text.split()
    return Span(Decimal(amount), TimeUnit(unit))


@pytest.mark.parametrize(("start", "limit", "due", "because"), rows(DUE))
def test_a_limit_falls_due(start, limit, due, because):
    assert span(limit).due(moment(start), CALENDAR) == moment(due), because


@pytest.mark.parametrize(("whole", "half"), rows(HALVED))
def test_a_second_round_gets_half_the_time(whole, half):
    assert span(whole).halved() == span(half)


def test_whole_decimal_and_fractional_amounts_mean_the_same():
    start = moment("Mon 2023-10-16 09:00")
    dues = {Span(amount, TimeUnit.WORKDAY).due(start, CALENDAR) for amount in (3, 3.0, Decimal("3.0"))}
    assert dues == {moment("Thu 2023-10-19 09:00")}


@pytest.mark.parametrize(("start", "end", "hours", "because"), rows(BETWEEN))
def test_working_time_between_two_moments(start, end, hours, because):
    assert CALENDAR.between(moment(start), moment(end)) == timedelta(hours=float(hours)), because


@pytest.mark.parametrize(("unit", "due", "paused", "resumed", "due_then"), rows(PAUSED)[1:])
def test_a_paused_limit_goes_on_with_what_it_had_left(unit, due, paused, resumed, due_then):
    left = remaining(TimeUnit(unit), moment(paused), moment(due), CALENDAR)
    assert resume(TimeUnit(unit), moment(resumed), left, CALENDAR) == moment(due_then)


@pytest.mark.parametrize(("when", "mark"), rows(OPEN))
def test_working_time_runs_from_each_opening_until_its_closing(when, mark):
    assert CALENDAR.is_open(moment(when)) is (mark == "+")


def test_negative_time_is_refused():
    with pytest.raises(ValueError, match="negative"):
        Span(-1, TimeUnit.DAY)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.after(moment("Mon 2023-10-16 09:00"), timedelta(seconds=-1))


HALF_HOUR = timedelta(minutes=30)

law = settings(max_examples=40, deadline=None)

calendars = st.builds(
    Calendar, st.dictionaries(st.dates(date(2023, 9, 1), date(2023, 10, 31)), st.booleans(), max_size=12)
)
moments = st.datetimes(datetime(2023, 9, 10), datetime(2023, 10, 15), timezones=st.just(UTC))
amounts = st.timedeltas(timedelta(0), timedelta(hours=15 * 7))
half_hours = st.integers(0, 2 * 24 * 10).map(HALF_HOUR.__mul__)


@law
@given(calendars, moments, amounts)
def test_the_time_until_a_limit_is_the_limit(calendar, start, amount):
    due = calendar.after(start, amount)
    assert calendar.between(start, due) == amount
    assert due.tzinfo is UTC


@law
@given(calendars, moments, amounts.filter(bool))
def test_a_limit_falls_due_at_the_earliest_instant(calendar, start, amount):
    assert calendar.between(start, calendar.after(start, amount) - timedelta.resolution) < amount


@law
@given(calendars, moments, amounts, amounts)
def test_two_limits_in_a_row_are_one(calendar, start, first, second):
    assert calendar.after(calendar.after(start, first), second) == calendar.after(start, first + second)


@law
@given(calendars, moments, moments, amounts, amounts)
def test_who_starts_earlier_with_less_time_is_not_due_later(calendar, start, other, amount, more):
    early, late = sorted((start, other))
    assert calendar.after(early, amount) <= calendar.after(late, amount)
    assert calendar.after(early, amount) <= calendar.after(early, amount + more)


@law
@given(calendars, moments, st.sampled_from(TimeUnit), st.integers(0, 15), st.floats(0, 1))
def test_pausing_for_no_time_changes_nothing(calendar, start, unit, amount, part):
    due = Span(amount, unit).due(start, calendar)
    paused = start + part * (due - start)
    assert resume(unit, paused, remaining(unit, paused, due, calendar), calendar) == due


@law
@given(calendars, moments.map(lambda at: clock.start_of_day(at.date())), half_hours, half_hours)
def test_working_time_is_the_sum_of_the_open_half_hours(calendar, midnight, wait, length):
    start = midnight + wait
    steps = (start + HALF_HOUR * n for n in range(length // HALF_HOUR))
    assert calendar.between(start, start + length) == HALF_HOUR * sum(map(calendar.is_open, steps))


def test_the_local_day_begins_at_sixteen_hours_utc_of_the_day_before():
    day = date(2023, 10, 7)
    assert clock.start_of_day(day) == datetime(2023, 10, 6, 16, tzinfo=UTC)
    assert clock.end_of_day(day) == datetime(2023, 10, 7, 16, tzinfo=UTC)
    assert clock.local_date(clock.start_of_day(day)) == day
    assert clock.local_date(clock.end_of_day(day)) == date(2023, 10, 8)


def test_time_stands_where_it_is_put_and_moves_on_only():
    morning = moment("Mon 2023-10-16 08:30")
    with clock.at(morning) as moving:
        moving.advance(timedelta(hours=1))
        assert clock.now() == moving.moment == moment("Mon 2023-10-16 09:30")
        moving.move_to(moment("Tue 2023-10-17 09:00"))
        with pytest.raises(ValueError, match="back"):
            moving.move_to(morning)
        assert clock.now() == moment("Tue 2023-10-17 09:00")


def test_after_a_set_time_the_former_source_is_back():
    outer, inner = moment("Mon 2023-10-16 08:30"), moment("Tue 2023-10-17 08:30")
    with clock.at(outer):
        with pytest.raises(KeyError), clock.at(inner):
            raise KeyError
        assert clock.now() == outer
    assert datetime.now(UTC) - clock.now() < timedelta(minutes=1)


def test_a_source_may_be_any_function_and_time_is_always_told_in_utc():
    clock.set_source(lambda: datetime(2023, 10, 16, 8, 30, tzinfo=clock.SHANGHAI))
    told = clock.now()
    clock.set_source(None)
    assert (told.hour, told.tzinfo) == (0, UTC)
    assert datetime.now(UTC) - clock.now() < timedelta(minutes=1)

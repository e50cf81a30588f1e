"""Publications: shown before they are public, published by the clock or by hand, corrected without hiding anything."""

from datetime import timedelta

import pytest
from api import ask, do, why_not
from matter import EYE
from month import (
    ANSWER,
    FEBRUARY,
    LEFT_OUT,
    OBJECTING,
    ORG,
    RESIDENT,
    SECRETARY,
    SHAPU,
    TIANHU,
    Month,
    happened,
)
from plea import NEIGHBOUR, neighbours
from world import Time, World, everything

from models import AuditEntry, Event, MetricSnapshot, Publication
from models.metrics import METRICS
from policies import scopes

pytest_plugins = ["monday"]

LIST = """query($area: AreaCode, $month: Date) { publications(area: $area, month: $month) {
    totalCount edges { node { month edition state area { code } } } } }"""
LOG = """query($types: [String!], $area: AreaCode) { events(types: $types, area: $area, first: 100) {
    edges { node { type note actor { login } area { code } } } } }"""


async def test_what_nobody_objects_to_becomes_public_by_itself(world: World, time: Time) -> None:
    month = await Month.shown(world)
    assert (await month.stands(), await month.due()) == ("OBJECTION", "03-05 09:00")
    await time.tick_at("03-05 08:59")
    assert await month.stands() == "OBJECTION"
    await time.tick_at("03-05 09:00")
    assert (await month.stands(), await month.due()) == ("PUBLISHED", None)
    assert await month.history() == [f"publication.{one}" for one in ("drafted", "opened", "published")]


async def test_an_objection_is_answered_before_the_month_is_public(world: World, time: Time) -> None:
    month = await Month.shown(world)
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    await month.done(SECRETARY, "answerObjection", **ANSWER)
    assert await month.stands() == "OBJECTION: REJECTED"
    await time.tick_at("03-05 09:00")
    assert await month.stands() == "PUBLISHED: REJECTED"
    [told] = (await month.seen(RESIDENT))["objections"]
    assert told == {"number": 1, "state": "REJECTED", "member": {"login": RESIDENT}} | OBJECTING | {
        "answer": ANSWER["text"]
    }


async def test_the_last_answer_after_the_time_makes_a_month_public_at_once(world: World, time: Time) -> None:
    await neighbours(world)
    month = await Month.shown(world)
    for login in (RESIDENT, NEIGHBOUR):
        await month.done(login, "objectToPublication", **OBJECTING)
    await time.tick_at("03-20 09:00")
    await month.done(SECRETARY, "answerObjection", **ANSWER)
    assert await month.stands() == "OBJECTION: REJECTED, OPEN"
    await month.done(SECRETARY, "answerObjection", **ANSWER | {"objectionNumber": 2})
    assert await month.stands() == "PUBLISHED: REJECTED, REJECTED"
    assert (await month.history())[-2:] == ["publication.objection_answered", "publication.published"]


async def test_the_town_hears_of_objections_that_hold_a_month_up(world: World, time: Time) -> None:
    month = await Month.shown(world)
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    await time.tick_at("03-06 08:59")
    assert "publication.escalated" not in await month.history()
    await time.tick_at("03-06 09:00")
    await month.done(SECRETARY, "answerObjection", **ANSWER | {"upheld": True})
    await time.tick_at("03-10 09:00")
    for login, seen in [("junan.coordinator", 2), (ORG, 2), ("zr.liaison", 0)]:
        told = (await ask(login, LOG, types=["publication.escalated"], area="440606106"))["events"]["edges"]
        assert [one["node"]["area"]["code"] for one in told] == ["440606106"] * seen, login
    assert await month.stands() == "OBJECTION: UPHELD"


async def test_an_objection_that_is_found_right_after_a_new_draft_holds_that_up(
    world: World, time: Time
) -> None:
    month = await Month.shown(world)
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    await month.done(SECRETARY, "redraftPublication", reason="补录。")
    await month.done(SECRETARY, "openPublication")
    await month.done(SECRETARY, "answerObjection", **ANSWER | {"upheld": True})
    await time.tick_at("03-05 09:00")
    assert await month.stands() == "OBJECTION: UPHELD"
    assert await month.why_not(SECRETARY, "publishPublication") == "WrongState OBJECTION_UPHELD"
    await month.done(SECRETARY, "redraftPublication", reason="更正数据。")
    await month.done(SECRETARY, "openPublication")
    await time.tick_at("03-10 09:00")
    assert await month.stands() == "PUBLISHED: UPHELD"


async def test_an_objection_that_is_right_has_everything_counted_and_shown_anew(
    world: World, time: Time
) -> None:
    month = await Month.shown(world)
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    await month.done(SECRETARY, "answerObjection", **ANSWER | {"upheld": True})
    await happened(world)
    await month.done(SECRETARY, "redraftPublication", reason="补录诉求。")
    seen = await month.seen()
    assert (seen["state"], seen["requests"], await month.due()) == ("DRAFT", 2, None)
    await month.done(SECRETARY, "openPublication")
    await time.tick_at("03-05 09:00")
    assert await month.stands() == "PUBLISHED: UPHELD"


async def test_the_figures_are_snapshots_of_the_month(world: World) -> None:
    month = await Month.drafted(world)
    figures = (await month.seen())["figures"]
    assert [one["metric"] for one in figures] == [name.value for name in METRICS]
    rows = {row.metric.value: row for row in await MetricSnapshot.all()}
    for one in figures:
        row = rows[one["metric"]]
        assert (row.area_id, str(row.first_day), str(row.last_day)) == (TIANHU, FEBRUARY, "2026-02-28")
        assert (one["numerator"], one["hash"]) == (row.numerator, row.digest)
    told = await AuditEntry.filter(kind="Publication").get()
    assert (told.type, told.action) == ("publication", "publish")


async def test_a_correction_is_another_edition_and_the_old_one_stays(world: World, time: Time) -> None:
    old = await Month.published(world)
    before = await old.seen()
    await happened(world)
    time.wait(timedelta(days=30))
    await old.done(ORG, "correctPublication", **LEFT_OUT, reason="漏计一件诉求。")
    after = await old.seen()
    new = Month(world, after["correctedBy"]["id"])
    assert (after["state"], after["requests"], after["figures"]) == ("CORRECTED", 1, before["figures"])
    seen = await new.seen()
    assert (seen["state"], seen["edition"], seen["requests"], seen["cause"], seen["reason"]) == (
        "PUBLISHED",
        2,
        2,
        "LEFT_OUT",
        "漏计一件诉求。",
    )
    assert seen["corrects"] == {"id": old.id}
    assert {one["id"] for one in seen["figures"]}.isdisjoint(one["id"] for one in before["figures"])
    assert (await old.history())[-1] == "publication.corrected"
    assert await new.history() == ["publication.published"]
    await happened(world)
    await new.done(ORG, "correctPublication", **LEFT_OUT, reason="又漏计一件。")
    assert [row.edition for row in await Publication.all().order_by("edition")] == [1, 2, 3]
    assert (
        await old.why_not(ORG, "correctPublication", **LEFT_OUT, reason="再改。") == "WrongState WRONG_STATE"
    )


async def test_what_is_refused_leaves_nothing_half_written(world: World) -> None:
    await Month.published(world)
    before = await everything()
    for login, mutation, given, told in [
        (
            SECRETARY,
            "draftPublication",
            {"area": TIANHU, "month": "2026-01-05"},
            "InvalidInput EMPTY_MONTH month",
        ),
        (
            SECRETARY,
            "draftPublication",
            {"area": TIANHU, "month": FEBRUARY},
            "InvalidInput MONTH_TAKEN month",
        ),
    ]:
        assert await why_not(login, mutation, given) == [told]
    assert await everything() == before


async def test_who_reads_what_is_not_public_yet(world: World) -> None:
    month = await Month.drafted(world)
    for login, seen in [
        (SECRETARY, True),
        ("tianhu.cadre", True),
        (RESIDENT, True),
        (ORG, True),
        ("junan.observer", True),
        ("wanan.secretary", False),
        ("longjiang.coordinator", False),
        ("zr.liaison", False),
    ]:
        assert (await month.seen(login) is not None) is seen, login
        assert (await ask(login, LIST))["publications"]["totalCount"] == seen, login


async def test_what_is_public_is_read_by_everybody_and_its_objections_are_not(world: World) -> None:
    month = await Month.shown(world)
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    await month.let_the_time_pass()
    await month.done(SECRETARY, "answerObjection", **ANSWER)
    for login, objections in [
        ("wanan.secretary", 0),
        ("zr.liaison", 0),
        ("junan.observer", 1),
        (RESIDENT, 1),
    ]:
        seen = await month.seen(login)
        assert (seen["state"], len(seen["figures"]), len(seen["objections"])) == (
            "PUBLISHED",
            len(METRICS),
            objections,
        ), login


async def test_what_happened_before_a_month_was_public_is_told_to_those_who_could_read_the_draft(
    world: World,
) -> None:
    month = await Month.drafted(world)
    await month.done(SECRETARY, "redraftPublication", reason="草稿有误,先不公开。")
    await month.done(SECRETARY, "openPublication")
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    await month.done(SECRETARY, "answerObjection", **ANSWER)
    await month.let_the_time_pass()
    await month.done(SECRETARY, "publishPublication")
    await happened(world)
    await month.done(ORG, "correctPublication", **LEFT_OUT, reason="漏计一件诉求。")
    all_types, inside = sorted(set(await month.history())), 5
    for login, told in [
        ("junan.observer", inside),
        (RESIDENT, inside),
        ("zr.liaison", 0),
        ("wanan.secretary", 0),
    ]:
        types = await month.history(login)
        assert len(types) == told + 2, login
        assert types[-2:] == ["publication.published", "publication.corrected"], login
        log = (await ask(login, LOG, types=all_types))["events"]["edges"]
        assert len(log) == told + 3, f"{login}, with the edition that took its place"
        assert ("草稿有误" in str(log)) is bool(told)
        account = await world.actor(login)
        events = await Event.filter(aggregate="Publication").order_by("pos")
        assert sum(await scopes.seen(account, events)) == told + 3, "and as it is delivered"


async def test_lists_are_by_area_and_month(world: World, time: Time) -> None:
    await Month.published(world)
    time.wait(timedelta(minutes=1))
    await Month.drafted(world, month="2026-01-01")
    time.wait(timedelta(minutes=1))
    await Month.drafted(world, "shapu.secretary", area=SHAPU)
    told = (await ask(EYE, LIST))["publications"]["edges"]
    places = [(one["node"]["area"]["code"], one["node"]["month"]) for one in told]
    assert places == [(SHAPU, FEBRUARY), (TIANHU, "2026-01-01"), (TIANHU, FEBRUARY)]
    for given, number in [({"area": TIANHU}, 2), ({"month": "2026-02-14"}, 2), ({"area": "440606106"}, 3)]:
        assert (await ask(EYE, LIST, **given))["publications"]["totalCount"] == number, given


@pytest.mark.parametrize("area", ["440606106", "440606"])
async def test_a_town_and_the_district_publish_what_happened_below(world: World, area: str) -> None:
    by = {"440606106": "junan.coordinator", "440606": ORG}[area]
    await happened(world, SHAPU)
    month = await Month.drafted(world, by, area=area if area == "440606106" else "440606", month=FEBRUARY)
    assert (await month.seen())["requests"] == 2


async def test_a_repeated_draft_is_the_same(world: World) -> None:
    await happened(world)
    given = {"area": TIANHU, "month": FEBRUARY, "idempotencyKey": "february"}
    first, second = (
        await do(SECRETARY, "draftPublication", given),
        await do(SECRETARY, "draftPublication", given),
    )
    assert first["publication"] == second["publication"]
    assert await Publication.all().count() == 1
    assert await Event.filter(type="publication.drafted").count() == 1

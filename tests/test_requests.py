"""Requests of residents: each way from the first word to the end, what reporters hear, and what nobody may see."""

from typing import Any

import pytest
from api import ask, do, refused, why_not
from matter import EYE, Matter, local
from plea import (
    CADRE,
    DRAFT,
    GRID,
    NEIGHBOUR,
    NEW,
    RESIDENT,
    SECRETARY,
    TIANHU,
    VOLUNTEER,
    WORK,
    WORKER,
    Plea,
    neighbours,
)
from tortoise.connection import get_connection
from world import Time, World, everything

from models import AuditEntry, Event, FlagEntry, PolicyState, PolicyVersion, Request, SlaPolicy
from policies.rules import packaged, put_in_force, read_loosely
from policies.scopes import readable

pytest_plugins = ["monday"]

WANAN, DOER = "440606104219", "tianhu.member"
WHO = "query($id: ID!) { request(id: $id) { reporters { number name phone member { login } } } }"
ACTORS = (
    "query($id: ID!) { request(id: $id) { history(first: 100) { edges { node { type actor { login } } } } } }"
)
MRS_CHEN = {"name": "陈阿姨", "phone": "0757-22998877"}


async def test_an_answer_settles_it_and_who_is_content_closes_it(world: World) -> None:
    plea = await Plea.settled(world)
    assert await plea.stands() == "DONE"
    await plea.done(RESIDENT, "giveFeedback", feedback="SATISFIED")
    assert await plea.stands() == "CLOSED"
    told = ["created", "answered", "done", "feedback_given", "closed"]
    assert await plea.history() == [f"request.{event}" for event in told]


async def test_what_was_promised_is_due_on_that_day(world: World, time: Time) -> None:
    plea = await Plea.made(world)
    assert await plea.due() == "03-03 09:00"
    await plea.done(CADRE, "answerRequest", text="下周修。", doneBy="2026-03-09T17:00:00+08:00")
    assert (await plea.state(), await plea.due()) == ("ANSWERED", "03-09 17:00")
    await time.tick_at("03-09 17:00")
    assert (await plea.seen())["escalationLevel"] == 1
    await plea.done(CADRE, "completeRequest", outcome="RESOLVED", text="已修。")
    assert (await plea.state(), await plea.due()) == ("DONE", "03-16 17:00")


async def test_nobody_is_told_to_be_content_who_kept_silent(world: World, time: Time) -> None:
    plea = await Plea.settled(world)
    await time.tick_at("03-09 09:00")
    assert await plea.state() == "CLOSED"
    assert (await plea.seen())["reporters"][0]["feedback"] is None


async def test_who_is_dissatisfied_has_it_looked_at_anew_twice(world: World) -> None:
    plea = await Plea.settled(world)
    for round in (2, 3):
        await plea.done(RESIDENT, "giveFeedback", feedback="DISSATISFIED", comment="又不亮了。")
        assert ((await plea.seen())["round"], await plea.state()) == (round, "REOPENED")
        await plea.done(CADRE, "answerRequest", text="再修一次。")
    await plea.done(RESIDENT, "giveFeedback", feedback="DISSATISFIED", comment="还是不亮。")
    assert await plea.state() == "DONE"


async def test_a_rejected_request_is_reopened_by_its_reporter_within_thirty_days(
    world: World, time: Time
) -> None:
    plea = await Plea.made(world)
    await plea.done(CADRE, "rejectRequest", reason="不属于本村。")
    time.pass_to("04-01 08:59")
    await plea.done(RESIDENT, "reopenRequest", reason="路灯是村里的。")
    assert await plea.state() == "REOPENED"
    await plea.done(CADRE, "rejectRequest", reason="不属于本村。")
    time.pass_to("05-01 09:00")
    assert await plea.why_not(RESIDENT, "reopenRequest", reason="再看。") == "WrongState REOPEN_WINDOW_OVER"


async def test_what_is_left_lying_climbs_to_the_town_and_stays_the_villages(world: World, time: Time) -> None:
    plea = await Plea.made(world)
    levels = []
    for moment in ("03-03 08:59", "03-03 09:00", "03-04 09:00", "03-10 09:00"):
        await time.tick_at(moment)
        seen = await plea.seen()
        levels.append((seen["state"], seen["escalationLevel"]))
    assert levels == [("NEW", level) for level in (0, 1, 2, 2)]


async def test_a_public_matter_is_transferred_and_answered_by_the_village(world: World) -> None:
    plea = await Plea.triaged(world, "PUBLIC")
    given = {"unit": "jt", "reason": "属区交通局。"}
    await plea.done(CADRE, "transferRequest", **given)
    assert await plea.state() == "TRANSFERRED"
    await plea.done(CADRE, "completeRequest", outcome="TRANSFERRED", text="区交通局已处理。")
    assert (await plea.seen())["outcome"] == "TRANSFERRED"
    await plea.done(RESIDENT, "giveFeedback", feedback="DISSATISFIED", comment="没有处理。")
    gone_to = await ask(EYE, "query($id: ID!) { request(id: $id) { transferredTo { id } } }", id=plea.id)
    assert (await plea.state(), gone_to["request"]["transferredTo"]) == ("REOPENED", None)


async def test_only_the_only_reporter_withdraws(world: World) -> None:
    await neighbours(world)
    plea, other = await Plea.made(world), await Plea.made(world, NEIGHBOUR)
    await plea.done(RESIDENT, "withdrawRequest")
    assert await plea.state() == "CLOSED"
    more = await Plea.made(world)
    await more.done(CADRE, "mergeRequest", into=other.id)
    assert await other.why_not(NEIGHBOUR, "withdrawRequest") == "WrongState OTHERS_REPORTED_TOO"


async def test_merged_requests_keep_all_reporters_who_hear_the_outcome_and_judge_it(world: World) -> None:
    await neighbours(world)
    first, second = await Plea.made(world), await Plea.made(world, NEIGHBOUR)
    by_phone = await Plea.made(world, CADRE, channel="HOTLINE_12345", reporter=MRS_CHEN)
    for plea in (second, by_phone):
        await plea.done(CADRE, "mergeRequest", into=first.id)
    assert [await plea.state() for plea in (first, second, by_phone)] == ["NEW", "MERGED", "MERGED"]
    assert (await first.seen())["duplicates"] == [{"id": second.id}, {"id": by_phone.id}]
    await first.done(CADRE, "answerRequest", text="已修好。")
    assert [bool(one["informedAt"]) for one in (await first.seen())["reporters"]] == [True, True, False]
    for login in (RESIDENT, NEIGHBOUR):
        await first.done(login, "giveFeedback", feedback="SATISFIED")
    assert await first.state() == "DONE"
    await first.done(CADRE, "informReporter", reporterNumber=3, feedback="PARTLY", note="已电话告知。")
    assert await first.state() == "CLOSED"


async def test_what_cannot_be_merged_is_left_as_it_was(world: World) -> None:
    first, second, ended = await Plea.made(world), await Plea.made(world), await Plea.settled(world)
    await second.done(CADRE, "mergeRequest", into=first.id)
    before = await everything()
    tries = {
        (first, first.id): "InvalidInput MERGED_INTO_ITSELF into",
        (first, second.id): "InvalidInput MERGED_INTO_DUPLICATE into",
        (first, ended.id): "InvalidInput MERGED_INTO_ENDED into",
        (second, first.id): "WrongState WRONG_STATE",
    }
    answers = {key: await key[0].why_not(CADRE, "mergeRequest", into=key[1]) for key in tries}
    assert answers == tries
    assert await everything() == before


async def test_requests_of_two_villages_stay_apart_whoever_sees_to_both(world: World) -> None:
    await world.hold(CADRE, "village_cadre", area=WANAN)
    here, there = await Plea.made(world), await Plea.made(world, CADRE, area=WANAN, channel="VISIT")
    in_grid = await Plea.made(world, CADRE, area=GRID, channel="VISIT")
    before = await everything()
    assert await here.why_not(CADRE, "mergeRequest", into=there.id) == "InvalidInput OTHER_VILLAGE into"
    assert await everything() == before
    await in_grid.done(CADRE, "mergeRequest", into=here.id)


async def test_no_table_is_read_from_end_to_end_for_duplicates_or_for_what_somebody_reported(
    sqlite_world: World,
) -> None:
    duplicates = "SELECT id FROM request WHERE merged_into_id IN ('a', 'b')"
    reported = readable(Request, await sqlite_world.actor(RESIDENT)).sql()
    for text, values in ((duplicates, []), (reported, [""] * reported.count("?"))):
        plan = await get_connection("default").execute_query_dict(f"EXPLAIN QUERY PLAN {text}", values)
        steps = [str(step["detail"]) for step in plan]
        assert [step for step in steps if step.startswith("SCAN")] == [], steps


async def test_the_unit_that_a_request_goes_to_reads_it_but_not_who_reported_it(world: World) -> None:
    plea, other = await Plea.triaged(world, "PUBLIC"), await Plea.triaged(world, "PUBLIC")
    await plea.done(CADRE, "transferRequest", unit="zr", reason="属自然资源所。")
    await other.done(CADRE, "transferRequest", unit="jt", reason="属区交通局。")
    listed = "{ requests { edges { node { id text } } } }"
    for login in ("zr.liaison", "zr.head"):
        edges = (await ask(login, listed))["requests"]["edges"]
        assert [edge["node"] for edge in edges] == [{"id": plea.id, "text": NEW["text"]}]
        assert (await ask(login, WHO, id=plea.id))["request"]["reporters"][0]["member"] is None
        told = (await ask(login, ACTORS, id=plea.id))["request"]["history"]["edges"]
        assert [edge["node"]["type"] for edge in told][-1] == "request.transferred"
        assert (await ask(login, WHO, id=other.id))["request"] is None
        assert await plea.why_not(login, "answerRequest", text="好。") == "NotAllowed NO_RULE"
    assert (await ask("zf.liaison", listed))["requests"]["edges"] == []
    await plea.done(CADRE, "completeRequest", outcome="TRANSFERRED", text="已处理。")
    await plea.done(RESIDENT, "giveFeedback", feedback="DISSATISFIED", comment="没有处理。")
    assert (await ask("zr.liaison", WHO, id=plea.id))["request"] is None


async def test_a_committee_member_finishes_what_they_claim_or_are_given(world: World) -> None:
    await world.enter(DOER, TIANHU)
    await world.hold(DOER, "part_time_committee_member", area=TIANHU)
    claimed, given = await Plea.ordered(world), await Plea.ordered(world, assignee=DOER)
    await claimed.done(DOER, "claimOrder", 1)
    await given.done(DOER, "acceptOrder", 1)
    for plea in (claimed, given):
        await plea.done(DOER, "completeOrder", 1, text="已换。")
        assert await plea.stands() == "ORDERED: DONE"


async def test_nobody_is_given_an_order_that_they_could_not_finish(sqlite_world: World) -> None:
    await sqlite_world.enter(DOER, TIANHU)
    await sqlite_world.hold(DOER, "part_time_committee_member", area=TIANHU)
    plea = await Plea.triaged(sqlite_world, "COMMUNITY")
    row = "p, part_time_committee_member, village, order, complete, own_area, True, allow\n"
    changed = read_loosely(packaged().text.replace(row, ""))
    await PolicyVersion.filter(state=PolicyState.PUBLISHED).update(text=changed.text, hash=changed.hash)
    told = await plea.why_not(CADRE, "dispatchRequest", **WORK | {"assignee": DOER})
    put_in_force(packaged())
    assert told == "InvalidInput ASSIGNEE_LACKS_RIGHT assignee"


async def test_orders_go_from_the_dispatch_to_the_flag_and_settle_the_request(world: World) -> None:
    await neighbours(world)
    plea = await Plea.ordered(world, assignee=VOLUNTEER)
    assert await plea.stands() == "ORDERED: OPEN"
    await plea.done(VOLUNTEER, "acceptOrder", 1)
    await plea.done(VOLUNTEER, "completeOrder", 1, text="已换灯。", evidence=["https://photos.example/1.jpg"])
    await plea.done(CADRE, "returnOrder", 1, reason="还是不亮。")
    await plea.done(VOLUNTEER, "completeOrder", 1, text="换了灯座。")
    await plea.done(CADRE, "verifyOrder", 1)
    assert await plea.stands() == "DONE: VERIFIED"
    assert (await plea.seen())["result"] == "换了灯座。"
    flags = "{ flags { totalCount edges { node { points member { login } order { id } } } } }"
    told = {"points": 1, "member": {"login": VOLUNTEER}, "order": {"id": (await plea.order())["id"]}}
    for login in (VOLUNTEER, EYE):
        seen = (await ask(login, flags))["flags"]
        assert (seen["totalCount"], seen["edges"][0]["node"]["points"]) == (1, 1)
    assert (await ask(VOLUNTEER, flags))["flags"]["edges"] == [{"node": told}]


async def test_a_declined_order_is_named_anew_or_offered_to_all(world: World, time: Time) -> None:
    await neighbours(world)
    plea = await Plea.ordered(world, assignee=VOLUNTEER)
    await plea.done(VOLUNTEER, "declineOrder", 1, reason="出差。")
    await plea.done(CADRE, "assignOrder", 1, assignee=CADRE)
    assert await plea.order() | {"id": ""} == {
        "id": "",
        "state": "OPEN",
        "mode": "DISPATCHED",
        "assignee": {"login": CADRE},
    }
    await plea.done(CADRE, "declineOrder", 1, reason="没空。")
    await time.tick_at("03-03 09:00")
    assert (await plea.order())["mode"] == "CLAIMABLE"
    await plea.done(VOLUNTEER, "claimOrder", 1)
    assert await plea.stands() == "ORDERED: ACCEPTED"


async def test_what_nobody_takes_on_goes_back_to_the_triage(world: World, time: Time) -> None:
    plea = await Plea.ordered(world)
    await plea.done(CADRE, "createOrder", text="清理灯罩。")
    await plea.done(CADRE, "cancelOrder", 2, reason="不需要。")
    assert await plea.stands() == "ORDERED: OPEN, CANCELLED"
    await time.tick_at("03-04 09:00")
    assert await plea.stands() == "NEW: EXPIRED, CANCELLED"
    assert (await plea.history())[-2:] == ["order.expired", "request.returned"]
    await plea.done(CADRE, "answerRequest", text="村里自己修了。")
    assert await plea.state() == "DONE"


async def test_what_is_done_and_not_looked_at_climbs_to_the_town_and_stays_whose_it_was(
    world: World, time: Time
) -> None:
    await neighbours(world)
    plea = await Plea.ordered(world, assignee=VOLUNTEER)
    await plea.done(VOLUNTEER, "acceptOrder", 1)
    await plea.done(VOLUNTEER, "completeOrder", 1, text="已换。")
    seen = []
    for moment in ("03-05 08:59", "03-05 09:00", "03-06 09:00", "03-13 09:00"):
        await time.tick_at(moment)
        seen.append(await waiting(plea))
    whose = ("DONE", VOLUNTEER, "03-05 09:00")
    assert seen == [(level, *whose) for level in (0, 1, 2, 2)]
    await plea.done(CADRE, "returnOrder", 1, reason="还是不亮。")
    assert await waiting(plea) == (0, "ACCEPTED", VOLUNTEER, "03-20 09:00")
    await plea.done(VOLUNTEER, "completeOrder", 1, text="换了灯座。")
    assert await waiting(plea) == (0, "DONE", VOLUNTEER, "03-18 09:00")
    await plea.done(CADRE, "verifyOrder", 1)
    assert await waiting(plea) == (0, "VERIFIED", VOLUNTEER, None)
    told = [event.payload["level"] for event in await Event.filter(type="order.escalated").order_by("pos")]
    assert told == [1, 2]


async def test_an_area_says_how_long_the_village_has_to_look_at_what_was_done(world: World) -> None:
    await neighbours(world)
    await SlaPolicy.create(area_id=TIANHU, clock="ORDER_VERIFY", amount=1, unit="WORKDAY")
    plea = await Plea.ordered(world, assignee=VOLUNTEER)
    await plea.done(VOLUNTEER, "acceptOrder", 1)
    await plea.done(VOLUNTEER, "completeOrder", 1, text="已换。")
    assert (await waiting(plea))[3] == "03-03 09:00"


async def waiting(plea: Plea) -> tuple[int, str, str, str | None]:
    """How far it is told that the order waits, its state, who does it, and its limit."""
    id = (await plea.order())["id"]
    asked = "query($id: ID!) { order(id: $id) { escalationLevel state assignee { login } dueAt } }"
    seen = (await ask(EYE, asked, id=id))["order"]
    return seen["escalationLevel"], seen["state"], seen["assignee"]["login"], local(seen["dueAt"])


async def test_a_post_that_an_order_asks_for_must_be_held(world: World) -> None:
    await neighbours(world)
    plea = await Plea.ordered(world, post="GRID_WORKER")
    assert await plea.why_not(VOLUNTEER, "claimOrder", 1) == "InvalidInput POST_DOES_NOT_FIT order"
    post = world.post(VOLUNTEER, 1)
    post.kind = "GRID_WORKER"
    await post.save(force_create=True)
    await plea.done(VOLUNTEER, "claimOrder", 1)


async def test_a_request_becomes_a_summons_and_hears_what_came_of_it(world: World) -> None:
    plea = await Plea.triaged(world, "PUBLIC")
    await plea.done(CADRE, "summonRequest", **DRAFT | {"text": "整条街。"})
    summons = Matter(world, (await plea.seen())["summons"]["id"], "tianhu")
    told = await ask(
        CADRE, "query($id: ID!) { summons(id: $id) { state requests { id state } } }", id=summons.id
    )
    assert told["summons"] == {"state": "DRAFT", "requests": [{"id": plea.id, "state": "SUMMONED"}]}
    second = await Plea.triaged(world, "PUBLIC")
    await second.done(CADRE, "summonRequest", summons=summons.id)
    await summons.bring("ISSUED")
    await summons.bring("EVALUATED", "zr")
    assert await summons.state() == "CLOSED"
    for one in (plea, second):
        seen = await one.seen()
        assert (seen["state"], seen["outcome"], seen["result"]) == ("DONE", "RESOLVED", "已修好。")


async def test_a_cancelled_summons_gives_its_requests_back(world: World) -> None:
    plea = await Plea.triaged(world, "PUBLIC")
    await plea.done(CADRE, "summonRequest", **DRAFT | {"text": "整条街。"})
    summons = Matter(world, (await plea.seen())["summons"]["id"], "tianhu")
    await summons.done(SECRETARY, "cancelSummons", reason="不办了。")
    assert (await plea.state(), await plea.due()) == ("NEW", "03-03 09:00")


async def test_the_village_agrees_with_a_dissatisfied_resident_and_the_units_go_on(world: World) -> None:
    plea = await Plea.triaged(world, "PUBLIC")
    summons = await plea.reopened()
    assert (await plea.state(), await summons.state()) == ("REOPENED", "CLOSED")
    await plea.done(CADRE, "summonRequestAgain")
    assert await plea.state() == "SUMMONED"
    assert await summons.stands() == "IN_PROGRESS: zr ARRIVED"
    await summons.bring("EVALUATED", "zr")
    assert (await plea.state(), (await plea.seen())["round"]) == ("DONE", 2)


async def test_three_dissatisfied_residents_need_nobody_to_agree(world: World) -> None:
    await neighbours(world)
    await world.enter("tianhu.third", TIANHU)
    await world.hold("tianhu.third", "resident", area=TIANHU)
    logins = [RESIDENT, NEIGHBOUR, "tianhu.third"]
    pleas = [await Plea.triaged(world, "PUBLIC", login) for login in logins]
    summons = await pleas[0].summoned(*pleas[1:])
    for plea, login in zip(pleas[:2], logins, strict=False):
        await plea.done(login, "giveFeedback", feedback="DISSATISFIED", comment="又坏了。")
        assert await summons.state() == "CLOSED"
    await pleas[2].done(logins[2], "giveFeedback", feedback="DISSATISFIED", comment="又坏了。")
    assert await summons.stands() == "IN_PROGRESS: zr ARRIVED"
    assert [await plea.state() for plea in pleas] == ["SUMMONED"] * 3
    assert (await summons.history()).count("summons.reopened") == 1


async def test_reporters_are_shown_for_a_reason_alone_and_each_look_is_told(world: World) -> None:
    plea = await Plea.made(world, CADRE, channel="WALK_IN", reporter=MRS_CHEN)
    hidden = [{"number": 1, "name": None, "phone": None, "member": None}]
    for login in (CADRE, SECRETARY, EYE, "junan.coordinator"):
        assert (await ask(login, WHO, id=plea.id))["request"]["reporters"] == hidden
    assert await plea.why_not(CADRE, "revealReporter", reason=" ") == "InvalidInput EMPTY reason"
    assert await plea.why_not("junan.observer", "revealReporter", reason="想看。") == "NotAllowed NO_RULE"
    await plea.done(CADRE, "revealReporter", reason="回访。")
    shown = (await ask(CADRE, WHO, id=plea.id))["request"]["reporters"]
    assert shown == [{"number": 1, "name": "陈阿姨", "phone": "0757-22998877", "member": None}]
    assert (await ask(SECRETARY, WHO, id=plea.id))["request"]["reporters"] == hidden
    assert await Event.filter(type__startswith="breakGlass").order_by("pos").values_list(
        "type", flat=True
    ) == [
        "breakGlass.opened",
        "breakGlass.used",
    ]
    for row in [*await Event.all().values(), *await AuditEntry.all().values()]:
        assert "陈阿姨" not in str(row)
        assert "22998877" not in str(row)


async def test_residents_who_can_sign_in_are_hidden_in_the_history_too(world: World) -> None:
    plea = await Plea.settled(world)
    await plea.done(RESIDENT, "giveFeedback", feedback="SATISFIED")
    seen = {}
    for login in (RESIDENT, SECRETARY):
        edges = (await ask(login, ACTORS, id=plea.id))["request"]["history"]["edges"]
        told = {edge["node"]["type"]: (edge["node"]["actor"] or {}).get("login") for edge in edges}
        seen[login] = told["request.created"], told["request.answered"], told["request.feedback_given"]
    assert seen == {RESIDENT: (RESIDENT, CADRE, RESIDENT), SECRETARY: (None, CADRE, None)}
    own = (await ask(RESIDENT, WHO, id=plea.id))["request"]["reporters"]
    assert own == [{"number": 1, "name": None, "phone": None, "member": {"login": RESIDENT}}]


async def test_who_reads_which_requests(world: World) -> None:
    await neighbours(world)
    in_village = await Plea.made(world)
    in_grid = await Plea.made(world, CADRE, area=GRID, anonymous=True, channel="BOX")
    elsewhere = await Plea.made(world, "wanan.secretary", area="440606104219", channel="VISIT")
    listed = "{ requests { edges { node { id } } totalCount } }"
    wanted = {
        CADRE: {in_village.id, in_grid.id},
        WORKER: {in_grid.id},
        RESIDENT: {in_village.id},
        NEIGHBOUR: set(),
        "junan.observer": {in_village.id, in_grid.id},
        EYE: {in_village.id, in_grid.id, elsewhere.id},
        "zr.liaison": set(),
    }
    for login, ids in wanted.items():
        seen = (await ask(login, listed))["requests"]
        assert {edge["node"]["id"] for edge in seen["edges"]} == ids, login
        assert seen["totalCount"] == len(ids)
        for id in (in_village.id, in_grid.id):
            found = await ask(
                login, "query($id: ID!) { request(id: $id) { id } node(id: $id) { id } }", id=id
            )
            assert found == dict.fromkeys(("request", "node"), {"id": id} if id in ids else None)


async def test_a_list_is_narrowed_and_sorted(world: World, time: Time) -> None:
    first = await Plea.made(world)
    time.pass_to("03-02 10:00")
    second = await Plea.triaged(world, "PUBLIC", CADRE, channel="BOX", anonymous=True, text="污水外溢。")
    document = """query($area: AreaCode, $filter: RequestFilter, $orderBy: RequestOrder) {
        requests(area: $area, filter: $filter, orderBy: $orderBy) { edges { node { id } } } }"""

    async def listed(**given: Any) -> list[str]:
        return [edge["node"]["id"] for edge in (await ask(EYE, document, **given))["requests"]["edges"]]

    assert await listed() == [second.id, first.id]
    assert await listed(orderBy="CREATED_ASC") == [first.id, second.id]
    assert await listed(orderBy="DUE_ASC") == [first.id, second.id]
    assert await listed(area="440606104") == []
    assert await listed(area="440606106") == [second.id, first.id]
    for filter in (
        {"state": ["NEW"]},
        {"channel": ["ONLINE"]},
        {"text": "路灯"},
        {"createdTo": "2026-03-02T09:30:00+08:00"},
    ):
        assert await listed(filter=filter) == [first.id], filter
    for filter in ({"matterClass": ["PUBLIC"]}, {"createdFrom": "2026-03-02T09:30:00+08:00"}):
        assert await listed(filter=filter) == [second.id], filter
    time.pass_to("03-03 09:01")
    assert await listed(filter={"overdue": True}) == [first.id]
    assert await refused(EYE, document, filter={"text": "\x00"}) == [
        "BAD_USER_INPUT NUL_CHARACTER filter/text"
    ]


async def test_who_reports_where_they_have_no_right_is_refused(world: World) -> None:
    before = await everything()
    assert await why_not("zr.liaison", "createRequest", NEW) == ["NotAllowed NO_RULE"]
    assert await why_not(RESIDENT, "createRequest", NEW | {"area": "440606106201"}) == [
        "NotAllowed WRONG_PLACE"
    ]
    assert await why_not(CADRE, "createRequest", NEW | {"area": "440606106"}) == [
        "InvalidInput REQUEST_LEVEL area"
    ]
    assert await everything() == before


async def test_the_same_key_reports_once(world: World) -> None:
    given = NEW | {"idempotencyKey": "light-1"}
    first = await do(RESIDENT, "createRequest", given)
    assert await do(RESIDENT, "createRequest", given) == first
    assert await why_not(RESIDENT, "createRequest", given | {"text": "别的。"}) == ["Conflict KEY_REUSED"]


async def test_numbers_run_within_village_and_year_grids_included(world: World) -> None:
    ids = [(await Plea.made(world)).id, (await Plea.made(world, CADRE, area=GRID)).id]
    told = [
        (await ask(EYE, "query($id: ID!) { request(id: $id) { number } }", id=id))["request"] for id in ids
    ]
    assert [one["number"] for one in told] == [f"R{TIANHU}-2026-0001", f"R{TIANHU}-2026-0002"]


async def test_the_database_refuses_to_change_the_ledger_of_flags(world: World) -> None:
    await neighbours(world)
    plea = await Plea.ordered(world, assignee=VOLUNTEER)
    await plea.done(VOLUNTEER, "acceptOrder", 1)
    await plea.done(VOLUNTEER, "completeOrder", 1, text="已换灯。")
    await plea.done(CADRE, "verifyOrder", 1)
    flag = await FlagEntry.all().get()
    flag.points = 7
    for change in (flag.save, flag.delete):
        with pytest.raises(Exception, match="never changed"):
            await change()
    assert (await FlagEntry.all().get()).points == 1


async def test_questions_about_the_rules_do_not_tell_who_reported_it(world: World) -> None:
    plea = await Plea.settled(world)
    who = 'query($id: ID!) { whoCan(action: "feedback", object: $id) { edges { node { login } } } }'
    why = """query($id: ID!, $member: ID) { explain(action: "feedback", object: $id, member: $member) { allowed } }"""
    for login in (SECRETARY, RESIDENT):
        assert (await ask(login, who, id=plea.id))["whoCan"]["edges"] == []
    reporter = plea.member(RESIDENT)
    assert (await ask(SECRETARY, why, id=plea.id, member=reporter))["explain"] == {"allowed": False}
    for given in ({}, {"member": reporter}):
        assert (await ask(RESIDENT, why, id=plea.id, **given))["explain"] == {"allowed": True}
    cadres = 'query($id: ID!) { whoCan(action: "answer", object: $id) { edges { node { login } } } }'
    able = (await ask(SECRETARY, cadres, id=plea.id))["whoCan"]["edges"]
    assert {edge["node"]["login"] for edge in able} == {CADRE, SECRETARY}


async def test_a_cadre_who_reports_for_themselves_still_acts_by_name(world: World) -> None:
    plea = await Plea.triaged(world, "PUBLIC", CADRE)
    edges = (await ask(SECRETARY, ACTORS, id=plea.id))["request"]["history"]["edges"]
    told = {edge["node"]["type"]: (edge["node"]["actor"] or {}).get("login") for edge in edges}
    assert told == {"request.created": None, "request.triaged": CADRE}

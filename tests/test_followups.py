"""Follow-ups: who is chosen and why, who goes there and when, what they find, and that nobody who may not sees them."""

import hashlib
from datetime import date, timedelta

import pytest
from api import Answer, ask, do, why_not
from matter import DRAFT, EYE, RESOLUTION, Matter, local, scores
from world import Time, World, everything

from models import (
    AuditEntry,
    Event,
    FollowUp,
    FollowUpGroupMember,
    FollowUpState,
    Grant,
    Member,
    Summons,
    SummonsState,
    clock,
)
from models.workflow import SUMMONS_STEPS
from resolvers.ids import global_id

pytest_plugins = ["monday"]

TIANHU, SHAPU = "440606106004", "440606106201"
SECRETARY, DELEGATE = "tianhu.secretary", "tianhu.delegate"
FOLLOW_UPS = """followUps { id round reasons state dueAt visitAt visitor { login } outcome note recordedBy { login }
    endedAt availableActions { action reasonCode dueAt } version }"""
LIST = """query($area: AreaCode, $state: [FollowUpState!], $first: Int, $after: Cursor) {
    followUps(area: $area, state: $state, first: $first, after: $after) {
        totalCount edges { node { summons { id } dueAt } } pageInfo { endCursor hasNextPage } } }"""
ONE = f"query($id: ID!) {{ summons(id: $id) {{ version {FOLLOW_UPS} }} }}"


async def follow_ups(matter: Matter, login: str = EYE) -> list[Answer]:
    found: list[Answer] = (await ask(login, ONE, id=matter.id))["summons"]["followUps"]
    return found


async def evaluated(world: World, score: int = 90, *units: str, **more: object) -> Matter:
    matter = await (await Matter.issued(world, *(units or ("zr",)), **more)).bring(
        "RESOLVED", *(units or ("zr",))
    )
    for unit in units or ("zr",):
        await matter.done(SECRETARY, "evaluateTask", unit, scores=scores(score), comment="已核实。")
    return matter


async def test_why_a_summons_is_followed_up_is_kept(world: World) -> None:
    """All of the reasons, not the first."""
    await world.decide(TIANHU, followup_categories=["ECONOMY"], followup_share=0.0)
    assert await follow_ups(await evaluated(world)) == []
    [by_category] = await follow_ups(await evaluated(world, category="ECONOMY"))
    [by_score] = await follow_ups(await evaluated(world, 40))
    await world.decide(TIANHU, followup_share=1.0)
    [by_all] = await follow_ups(await evaluated(world, 40, category="ECONOMY"))
    assert [one["reasons"] for one in (by_category, by_score, by_all)] == [
        ["CATEGORY"],
        ["LOW_SCORE"],
        ["CATEGORY", "SAMPLE", "LOW_SCORE"],
    ]
    assert (by_all["state"], by_all["round"], by_all["outcome"], by_all["version"]) == ("PLANNED", 1, None, 1)
    assert local(by_all["dueAt"]) == "03-23 09:00"


async def test_each_category_can_have_a_share_of_its_own(sqlite_world: World) -> None:
    """The id alone decides, as anybody can work out."""
    shares = {"ECONOMY": 0.5, "LIVELIHOOD": 0.0}
    await sqlite_world.decide(TIANHU, followup_share=1.0, followup_shares=shares)
    expected, found = [], []
    for category in ("ECONOMY", "ECONOMY", "ECONOMY", "ECONOMY", "LIVELIHOOD", "LIVING_ENVIRONMENT"):
        matter = await evaluated(sqlite_world, category=category)
        row = await Summons.all().order_by("-id").first()
        draw = int(hashlib.sha256(row.id.encode()).hexdigest()[:8], 16) / 16**8
        expected.append(draw < shares.get(category, 1.0))
        found.append(bool(await follow_ups(matter)))
    assert found == expected
    assert expected[-2:] == [False, True]


RECORDED = [
    ("confirmFollowUp", {}, ("DONE", "CONFIRMED", None), "CLOSED"),
    ("confirmFollowUp", {"outcome": "PARTIAL", "note": "尚有一处。"}, ("DONE", "PARTIAL", "尚有一处。"), "CLOSED"),
    ("failFollowUp", {"note": "雨后又积水。"}, ("DONE", "NOT_RESOLVED", "雨后又积水。"), "IN_PROGRESS"),
]  # fmt: skip


@pytest.mark.parametrize(("mutation", "given", "found", "state"), RECORDED)
async def test_what_was_found_is_recorded(
    world: World, mutation: str, given: Answer, found: tuple[str, ...], state: str
) -> None:
    await world.decide(TIANHU, followup_share=1.0)
    matter = await evaluated(world)
    await matter.done(DELEGATE, mutation, **given)
    [told] = await follow_ups(matter)
    assert (told["state"], told["outcome"], told["note"]) == found
    assert told["recordedBy"] == {"login": DELEGATE}
    assert (local(told["endedAt"]), told["version"], told["availableActions"]) == ("03-02 09:00", 2, [])
    assert await matter.state() == state


async def test_a_failed_one_leads_to_another_in_the_next_round_and_a_missed_one_is_marked(
    world: World, time: Time
) -> None:
    await world.decide(TIANHU, followup_share=1.0)
    matter = await evaluated(world)
    resolve_by = timedelta(days=7)  # half of ten working days, a weekend between
    await matter.done(DELEGATE, "failFollowUp", note="仍未修好。")
    assert await matter.due("zr") == local((clock.now() + resolve_by).isoformat())
    await matter.bring("EVALUATED", "zr")
    first, second = await follow_ups(matter)
    assert (first["round"], first["state"], second["round"], second["state"]) == (1, "DONE", 2, "PLANNED")
    await time.tick_at("03-22 09:00")
    assert (await follow_ups(matter))[1]["state"] == "PLANNED"
    await time.tick_at("03-23 09:00")
    missed = (await follow_ups(matter))[1]
    assert (missed["state"], missed["outcome"], missed["recordedBy"]) == ("MISSED", None, None)
    assert local(missed["endedAt"]) == "03-23 09:00"
    assert await matter.state() == "CLOSED"


async def test_a_low_score_counts_in_whatever_round_it_was_given(world: World) -> None:
    """Also of a task that was left out of the round before."""
    await world.decide(TIANHU, followup_share=0.0)
    matter = await evaluated(world, 90, "zr", "zf")
    zr, zf = await matter.task_id("zr"), await matter.task_id("zf")
    await matter.done(SECRETARY, "reopenSummons", tasks=[zr], reason="又坏了。")
    await matter.bring("EVALUATED", "zr")
    assert (await matter.seen())["outcome"] == "RESOLVED"
    await matter.done(SECRETARY, "reopenSummons", tasks=[zf], reason="又坏了。")
    assert (await matter.seen())["outcome"] is None, "nobody knows yet how it will end"
    await matter.bring("RESOLVED", "zf")
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(40), comment="未修好。")
    assert [(one["round"], one["reasons"]) for one in await follow_ups(matter)] == [(3, ["LOW_SCORE"])]
    rounds = await ask(EYE, "query($id: ID!) { summons(id: $id) { round tasks { round } } }", id=matter.id)
    assert rounds["summons"] == {"round": 3, "tasks": [{"round": 2}, {"round": 3}]}


TOWN, TOWN_LEADER = "junan.coordinator", "junan.leader"


@pytest.mark.parametrize(
    ("mutation", "given", "state"),
    [("confirmFollowUp", {}, "CLOSED"), ("failFollowUp", {"note": "仍内涝。"}, "IN_PROGRESS")],
)
async def test_what_a_town_issued_itself_its_leader_follows_up(
    sqlite_world: World, mutation: str, given: Answer, state: str
) -> None:
    """A town has no delegates of its own."""
    await sqlite_world.decide("440606106", followup_share=1.0)
    draft = DRAFT | {"issuer": "440606106", "units": ["zr"]}
    drafted = await do(TOWN, "draftSummons", sqlite_world.ids(draft))
    matter = Matter(sqlite_world, drafted["summons"]["id"], "junan")
    await matter.done(TOWN, "submitSummonsForReview", resolution=RESOLUTION)
    await matter.done(TOWN_LEADER, "issueSummons")
    await matter.done("zr.liaison", "acceptTask", "zr", responsible="zr.member")
    await matter.done(TOWN_LEADER, "confirmArrival", "zr")
    await matter.done("zr.liaison", "submitResult", "zr", outcome="RESOLVED", text="完成。")
    await matter.done(TOWN_LEADER, "evaluateTask", "zr", scores=scores(80))
    assert await matter.state() == "AWAITING_FOLLOWUP"
    for login in (TOWN, "longjiang.coordinator", SECRETARY, "shunde.org", "zr.head"):
        assert (await matter.why_not(login, mutation, **given)).startswith("Not"), login
    await matter.done(TOWN_LEADER, mutation, **given)
    assert await matter.state() == state


def test_nothing_else_ends_a_follow_up() -> None:
    """So there is no state for one whose summons was cancelled or reopened meanwhile."""
    leaving = {
        action for action, step in SUMMONS_STEPS.items() if SummonsState.AWAITING_FOLLOWUP in step.starts
    }
    assert leaving == {"followupConfirmed", "followupFailed", "followupTimeout"}


async def planned(world: World, **more: object) -> Matter:
    await world.decide(TIANHU, followup_share=1.0)
    matter = await evaluated(world, **more)
    world.followups["it"] = await FollowUp.get(state=FollowUpState.PLANNED)
    return matter


def visit(at: str = "03-10 09:00", **more: str) -> Answer:
    moment = f"2026-{at.replace(' ', 'T')}:00+08:00"
    return {"followUp": "it", "at": moment, "visitor": DELEGATE, **more}


async def test_a_visit_is_planned_and_told_as_an_event_of_the_summons(world: World) -> None:
    matter = await planned(world)
    before = (await ask(DELEGATE, ONE, id=matter.id))["summons"]["version"]
    payload = await do(DELEGATE, "planFollowUpVisit", world.ids(visit(note="先联系居民。")))
    assert payload["problems"] == []
    assert (payload["event"]["type"], payload["event"]["toState"]) == (
        "summons.followup_planned",
        "AWAITING_FOLLOWUP",
    )
    [told] = await follow_ups(matter)
    assert (local(told["visitAt"]), told["visitor"], told["version"]) == (
        "03-10 09:00",
        {"login": DELEGATE},
        2,
    )
    assert (await ask(DELEGATE, ONE, id=matter.id))["summons"]["version"] == before + 1
    summons = await Summons.get()
    versions = await Event.filter(aggregate_id=summons.id).order_by("pos").values_list("version", flat=True)
    assert list(versions) == list(range(1, before + 2))
    entry = await AuditEntry.all().order_by("-seq").first()
    assert (entry.type, entry.action, entry.event, entry.reason) == (
        "followup",
        "record",
        "summons.followup_planned",
        "先联系居民。",
    )
    stale = world.ids(visit("03-11 09:00", version=1))
    assert await why_not(DELEGATE, "planFollowUpVisit", stale) == ["Conflict VERSION_CHANGED"]
    assert await why_not(DELEGATE, "planFollowUpVisit", stale | {"version": 2}) == []
    assert local((await follow_ups(matter))[0]["visitAt"]) == "03-11 09:00"


PLANS = [
    (DELEGATE, visit("03-01 09:00"), ["InvalidInput VISIT_IN_PAST at"]),
    (DELEGATE, visit("03-23 09:01"), ["InvalidInput VISIT_AFTER_LIMIT at"]),
    (DELEGATE, visit(visitor=SECRETARY), ["InvalidInput NOT_IN_GROUP visitor"]),
    (DELEGATE, visit("03-01 09:00", visitor="tianhu.resident", note="长" * 2_001),
     ["InvalidInput VISIT_IN_PAST at", "InvalidInput TOO_LONG note", "NotFound NOT_FOUND visitor"]),
    (SECRETARY, visit(), ["NotAllowed NO_RULE"]),
    ("zr.liaison", visit(), ["NotAllowed OWN_UNIT"]),
    ("shapu.secretary", visit(), ["NotFound NOT_FOUND followUp"]),
    ("zf.liaison", visit(), ["NotFound NOT_FOUND followUp"]),
]  # fmt: skip


async def test_a_visit_that_cannot_be_is_refused_and_changes_nothing(sqlite_world: World) -> None:
    await planned(sqlite_world)
    before = await everything()
    for login, given, problems in PLANS:
        assert await why_not(login, "planFollowUpVisit", sqlite_world.ids(given)) == problems, (login, given)
    assert await everything() == before


async def test_what_was_recorded_or_missed_is_not_planned_any_more(sqlite_world: World) -> None:
    matter = await planned(sqlite_world)
    await matter.done(DELEGATE, "confirmFollowUp")
    given = sqlite_world.ids(visit())
    assert await why_not(DELEGATE, "planFollowUpVisit", given) == ["WrongState WRONG_STATE"]


async def test_nobody_follows_up_the_work_of_their_own_unit(world: World) -> None:
    """Nor lets anybody of the unit go there: such a delegate may do neither."""
    matter = await planned(world)
    await world.hold("zr.member", "followup_member", area=TIANHU)
    group = {"group": "tianhu", "add": ["zr.member"]}
    assert await why_not(SECRETARY, "changeFollowUpGroup", world.ids(group)) == []
    own = await planned_answers(world, matter, "zr.member")
    assert own == ["NotAllowed OWN_UNIT"] * 3
    given = world.ids(visit(visitor="zr.member"))
    assert await why_not(DELEGATE, "planFollowUpVisit", given) == [
        "InvalidInput VISITOR_MAY_NOT_RECORD visitor"
    ]
    [told] = await follow_ups(matter, "zr.member")
    assert {one["action"]: one["reasonCode"] for one in told["availableActions"]} == {
        "record": "OWN_UNIT",
        "followupConfirmed": "OWN_UNIT",
        "followupFailed": "OWN_UNIT",
    }
    other = await Matter.issued(world, "zf")
    await other.bring("RESOLVED", "zf")
    await other.done(SECRETARY, "evaluateTask", "zf", scores=scores(90))
    await other.done("zr.member", "confirmFollowUp")


async def planned_answers(world: World, matter: Matter, login: str) -> list[str]:
    """Of the three things a delegate does with a follow-up."""
    return [
        *(await why_not(login, "planFollowUpVisit", world.ids(visit()))),
        await matter.why_not(login, "confirmFollowUp"),
        await matter.why_not(login, "failFollowUp", note="未解决。"),
    ]


async def test_what_can_be_done_with_it_is_told_beforehand(world: World) -> None:
    matter = await planned(world)
    for login, record, confirm, fail in (
        (DELEGATE, None, None, None),
        (SECRETARY, "NO_RULE", None, "NO_RULE"),
        ("junan.coordinator", "NO_RULE", "NO_RULE", "NO_RULE"),
    ):
        [told] = await follow_ups(matter, login)
        assert [(one["action"], one["reasonCode"]) for one in told["availableActions"]] == [
            ("record", record),
            ("followupConfirmed", confirm),
            ("followupFailed", fail),
        ], login
        assert {local(one["dueAt"]) for one in told["availableActions"]} == {"03-23 09:00"}


SEEN_BY = {
    SECRETARY: True, "tianhu.cadre": True, DELEGATE: True, "zr.liaison": True, "zr.head": True,
    "junan.coordinator": True, "junan.observer": True, "shunde.org": True, "shunde.leader": True,
    "zf.liaison": False, "shapu.secretary": False, "longjiang.coordinator": False, "tianhu.resident": False,
    "shunde.policy": False, "junan.system": False,
}  # fmt: skip


async def test_who_may_read_it_is_the_same_in_lists_and_by_id(world: World) -> None:
    await planned(world)
    node = "query($id: ID!) { node(id: $id) { id } }"
    for login, sees in SEEN_BY.items():
        listed = (await ask(login, LIST))["followUps"]["edges"]
        by_id = (await ask(login, node, id=global_id(world.followups["it"])))["node"]
        assert (len(listed), by_id is not None) == (int(sees), sees), login


async def test_the_list_is_due_first_and_goes_on_after_a_cursor(world: World, time: Time) -> None:
    await world.decide(TIANHU, followup_share=1.0)
    await world.decide(SHAPU, followup_share=1.0)
    ids = []
    for day in ("03-02 09:00", "03-03 09:00", "03-04 09:00"):
        time.pass_to(day)
        ids.append((await evaluated(world)).id)
    page = (await ask(EYE, LIST, area=TIANHU, first=2))["followUps"]
    rest = (await ask(EYE, LIST, area=TIANHU, first=2, after=page["pageInfo"]["endCursor"]))["followUps"]
    found = [edge["node"]["summons"]["id"] for edge in [*page["edges"], *rest["edges"]]]
    assert (found, page["totalCount"], rest["pageInfo"]["hasNextPage"]) == (ids, 3, False)
    assert (await ask(EYE, LIST, area=SHAPU))["followUps"]["totalCount"] == 0
    assert (await ask(EYE, LIST, state=["DONE", "MISSED"]))["followUps"]["totalCount"] == 0


GROUPS = (
    'query { area(code: "440606106004") { followUpGroups { name members { login } area { code } version } } }'
)


async def groups(login: str = SECRETARY) -> list[tuple[str, list[str], int]]:
    """Names, members and versions, as that member sees them."""
    told = (await ask(login, GROUPS))["area"]["followUpGroups"]
    return [(one["name"], [member["login"] for member in one["members"]], one["version"]) for one in told]


async def test_a_group_is_put_together_and_changed_by_the_secretary(world: World) -> None:
    await world.hold("tianhu.cadre", "followup_member", area=TIANHU)
    new = {"area": TIANHU, "name": "第二回访小组", "members": ["tianhu.cadre"]}
    payload = await do(SECRETARY, "createFollowUpGroup", world.ids(new))
    assert (payload["problems"], payload["event"]["type"]) == ([], "followupGroup.created")
    assert {name: rest for name, *rest in await groups()} == {
        "天湖社区回访小组": [[DELEGATE], 1],
        "第二回访小组": [["tianhu.cadre"], 1],
    }
    change = {"group": payload["group"]["id"], "name": "二组", "add": [DELEGATE], "remove": ["tianhu.cadre"]}
    changed = await do(SECRETARY, "changeFollowUpGroup", world.ids(change))
    assert (changed["problems"], changed["event"]["type"]) == ([], "followupGroup.changed")
    assert ("二组", [DELEGATE], 2) in await groups()
    stale = world.ids({"group": payload["group"]["id"], "name": "三组", "version": 1})
    assert await why_not(SECRETARY, "changeFollowUpGroup", stale) == ["Conflict VERSION_CHANGED"]
    events = await Event.filter(aggregate="FollowUpGroup").order_by("pos")
    assert [(one.type, one.version, one.area_id) for one in events] == [
        ("followupGroup.created", 1, TIANHU),
        ("followupGroup.changed", 2, TIANHU),
    ]


async def test_whoever_leaves_the_group_follows_up_nothing_any_more(world: World) -> None:
    matter = await planned(world)
    await do(SECRETARY, "changeFollowUpGroup", world.ids({"group": "tianhu", "remove": [DELEGATE]}))
    assert await matter.why_not(DELEGATE, "confirmFollowUp") == "NotFound NOT_FOUND summons"
    await do(SECRETARY, "changeFollowUpGroup", world.ids({"group": "tianhu", "add": [DELEGATE]}))
    await Grant.filter(member_id=world.members[DELEGATE].id).update(revoked_at=clock.now())
    assert await matter.why_not(DELEGATE, "confirmFollowUp") == "NotFound NOT_FOUND summons"


async def test_in_a_full_group_one_takes_the_place_of_another(sqlite_world: World) -> None:
    home = sqlite_world.areas[TIANHU]
    crowd = [
        Member(login=f"m{n}", name="x", area_id=TIANHU, area_path=home.path, created_at=clock.now())
        for n in range(49)
    ]
    await Member.bulk_create(crowd)
    group = sqlite_world.groups["tianhu"]
    await FollowUpGroupMember.bulk_create(
        FollowUpGroupMember(group_id=group.id, area_id=TIANHU, member_id=one.id) for one in crowd
    )
    await sqlite_world.hold("tianhu.cadre", "followup_member", area=TIANHU)
    full = {"group": "tianhu", "add": ["tianhu.cadre"]}
    assert await why_not(SECRETARY, CHANGE, sqlite_world.ids(full)) == ["InvalidInput GROUP_TOO_LARGE add"]
    assert await why_not(SECRETARY, CHANGE, sqlite_world.ids(full | {"remove": [DELEGATE]})) == []


CREATE, CHANGE = "createFollowUpGroup", "changeFollowUpGroup"
NEW = {"area": TIANHU, "name": "二组"}
REFUSED = [
    (SECRETARY, CREATE, NEW | {"members": ["tianhu.cadre"]}, ["InvalidInput NOT_A_DELEGATE members/0"]),
    (SECRETARY, CREATE, NEW | {"members": [DELEGATE, DELEGATE]}, ["InvalidInput MEMBER_TWICE members/1"]),
    (SECRETARY, CREATE, NEW | {"name": " ", "members": ["zr.head"]},
     ["InvalidInput EMPTY name", "InvalidInput NOT_A_DELEGATE members/0"]),
    (SECRETARY, CREATE, NEW | {"area": SHAPU}, ["NotAllowed WRONG_PLACE"]),
    (SECRETARY, CREATE, NEW | {"area": "440606106004001"}, ["InvalidInput GROUP_OF_VILLAGE area"]),
    ("tianhu.cadre", CREATE, NEW, ["NotAllowed NO_RULE"]),
    (DELEGATE, CREATE, NEW, ["NotAllowed NO_RULE"]),
    (SECRETARY, CHANGE, {"group": "tianhu"}, ["InvalidInput NOTHING_GIVEN"]),
    (SECRETARY, CHANGE, {"group": "tianhu", "add": [DELEGATE]}, ["InvalidInput IN_GROUP_ALREADY add/0"]),
    (SECRETARY, CHANGE, {"group": "tianhu", "remove": ["tianhu.cadre"]}, ["NotFound NOT_FOUND remove/0"]),
    ("shapu.secretary", CHANGE, {"group": "tianhu", "name": "x"}, ["NotFound NOT_FOUND group"]),
    ("junan.observer", CHANGE, {"group": "tianhu", "name": "x"}, ["NotAllowed NO_RULE"]),
]  # fmt: skip


async def test_a_group_that_cannot_be_is_refused_and_changes_nothing(sqlite_world: World) -> None:
    before = await everything()
    for login, mutation, given, problems in REFUSED:
        assert await why_not(login, mutation, sqlite_world.ids(given)) == problems, (login, given)
    assert await everything() == before


async def test_who_sees_the_groups(sqlite_world: World) -> None:
    seeing = {login for login in SEEN_BY if await groups(login)}
    assert seeing == {login for login, sees in SEEN_BY.items() if sees} - {"zr.liaison", "zr.head"}


FIGURES = """query($area: AreaCode!, $from: Date!, $to: Date!) { area(code: $area) {
    statistics(from: $from, to: $to) { followUpsDone followUpsSkipped } } }"""


async def counted(area: str, first: str, last: str) -> tuple[int, int]:
    """Once more from the rows, one by one: those of the summonses issued then, as of the end of the last day."""
    end, done, skipped = clock.end_of_day(date.fromisoformat(last)), 0, 0
    for followup in await FollowUp.all().prefetch_related("summons"):
        issued = clock.local_date(followup.summons.issued_at).isoformat()
        if f".{area}." in f".{followup.path}" and first <= issued <= last:
            ended = followup.ended_at is not None and followup.ended_at < end
            done += ended and followup.state == "DONE"
            skipped += ended and followup.state == "MISSED"
    return done, skipped


async def test_follow_ups_done_and_skipped_are_counted_for_an_area_and_a_period(
    world: World, time: Time
) -> None:
    await world.decide("440606", followup_share=1.0)
    recorded, failed, skipped = [await evaluated(world) for _ in range(3)]
    other = await Matter.issued(world, "zr", by="wanan")
    await other.bring("EVALUATED", "zr")
    time.pass_to("03-03 10:00")
    late = await evaluated(world)
    await recorded.done(DELEGATE, "confirmFollowUp")
    await failed.done(DELEGATE, "failFollowUp", note="未修好。")
    time.pass_to("03-23 08:00")
    await late.done(DELEGATE, "confirmFollowUp")
    await time.tick_at("03-31 09:00")
    assert await skipped.state() == "CLOSED"
    found = set()
    for area in ("440606", "440606106", TIANHU, SHAPU, "440606104219"):
        for first, last in (("2026-03-02", "2026-03-02"), ("2026-03-02", "2026-03-22"), ("2026-03-03", "2026-03-31"),
                            ("2026-03-01", "2026-03-31")):  # fmt: skip
            told = (await ask(EYE, FIGURES, **{"area": area, "from": first, "to": last}))["area"][
                "statistics"
            ]
            numbers = (told["followUpsDone"], told["followUpsSkipped"])
            assert numbers == await counted(area, first, last), (area, first, last)
            found.add(numbers)
    assert {(0, 0), (1, 0), (2, 0), (3, 2), (3, 1)} <= found

"""Every object has one opaque id, and `node` finds it again, unless the caller may not know of it."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from asking import Town, open_town

from models import (
    Evaluation,
    Event,
    FlagEntry,
    FollowUp,
    FollowUpGroup,
    Grant,
    PolicyVersion,
    RequestCategory,
    ScoreLock,
    Template,
    Webhook,
    WebhookDelivery,
    clock,
)
from resolvers.ids import TYPES, decoded, encoded, global_id

RUBBISH = [
    "",
    "1",
    "abc",
    "é",
    "Task:1",
    "VGFzazo",  # Task: and no key
    "VGFzazow=",
    "VGFzazow==",
    "VGFzay8w",
    urlsafe_b64encode(b"Nothing:01JD3Y0V0ZK5Q4T7W2X8N6M1PB").decode().rstrip("="),
    urlsafe_b64encode(b"Task:\x00").decode().rstrip("="),
    urlsafe_b64encode("Task:１".encode()).decode().rstrip("="),
    urlsafe_b64encode(b"Task:" + b"1" * 100).decode().rstrip("="),
    "A" * 10_000,
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: what is asked here has no SQL of its own."""
    return sqlite_url


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


FIELDS = ["summons", "task", "unit", "member", "export"]


async def test_rubbish_is_refused(town: Town) -> None:
    for field in [*FIELDS, "node"]:
        document = f"query($id: ID!) {{ {field}(id: $id) {{ id }} }}"
        for id in RUBBISH:
            error = await town.refused("tianhu.cadre", document, id=id)
            told = (error["code"], error["reasonCode"], error["argument"])
            assert told == ("BAD_USER_INPUT", "MALFORMED_ID", ["id"]), id


async def test_an_id_of_another_type_is_refused(town: Town) -> None:
    id = global_id(town.world.areas["44"])
    for field in FIELDS:
        error = await town.refused("tianhu.cadre", f"query($id: ID!) {{ {field}(id: $id) {{ id }} }}", id=id)
        assert (error["code"], error["reasonCode"]) == ("BAD_USER_INPUT", "WRONG_ID_TYPE")


async def one_of_each(town: Town) -> dict[str, str]:
    """Type and id of an object of every type."""
    await town.world.decide("440606106004", followup_share=1.0)
    summons, (task,) = await town.issue("zr")
    member = town.id(town.world.members["zr.member"])
    await town.done("zr.liaison", "acceptTask", task=task, responsible=member)
    await town.done("tianhu.cadre", "confirmArrival", task=task)
    await town.done("zr.member", "submitResult", task=task, outcome="RESOLVED", text="好")
    dimensions = ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")
    scores = [{"dimension": dimension, "score": 90} for dimension in dimensions]
    await town.done("tianhu.secretary", "evaluateTask", task=task, scores=scores)
    looked_at = town.id(town.world.members["tianhu.cadre"])
    opened = await town.done(
        "tianhu.secretary", "openEmergencyAccess", "access { id }", object=looked_at, reason="走失。"
    )
    february = {"from": "2026-02-01", "to": "2026-02-28", "area": "440606106004", "metric": "CLOSING"}
    taken = await town.done("shunde.org", "takeMetricSnapshot", "snapshot { id }", **february)
    request = await a_request(town)
    await town.world.hold("tianhu.cadre", "registered_party_member", area="440606106004")
    promised = {"area": "440606106004", "text": "每周清扫楼道。"}
    promise = await town.done("tianhu.cadre", "makeCommitment", "commitment { id }", **promised)
    visits = await visits_of_the_village(town)
    zf = {"unit": town.id(town.world.units["zf"]), "area": "440606106004"}
    pairing = await town.done("shunde.org", "arrangePairing", "pairing { id }", **zf)
    need = {"area": "440606106004", "kind": "NEED", "title": "灯泡"}
    item = await town.done("tianhu.cadre", "createListItem", "item { id }", **need)
    claimed = {"item": item["item"]["id"], "unit": zf["unit"]}
    claim = await town.done("zf.liaison", "claimListItem", "claim { id }", **claimed)
    month = {"area": "440606106004", "month": "2026-03-01"}
    town.time.advance(timedelta(days=30))
    draft = await town.done("tianhu.secretary", "draftPublication", "publication { id }", **month)
    told = {
        "kind": "PRAISE",
        "area": "440606106004",
        "unit": town.id(town.world.units["party"]),
        "text": "有序。",
    }
    notice = await town.done("junan.coordinator", "issueNotice", "notice { id }", **told)
    volunteer = await FlagEntry.all().get()
    star = {"area": "440606106004", "member": encoded("Member", volunteer.member_id), "month": "2026-03-01"}
    honour = await town.done("tianhu.secretary", "honourMember", "honour { id }", **star, ground="好。")
    rows = [
        *town.world.areas.values(),
        town.world.units["zr"],
        town.world.members["tianhu.secretary"],
        town.world.duties["zr"],
        await Grant.filter(member=town.world.members["tianhu.secretary"]).get(),
        await Evaluation.all().get(),
        await FollowUp.all().get(),
        await FollowUpGroup.all().get(),
        await Event.filter(type="task.created").get(),
        await PolicyVersion.get(number=1),
        await Template.get(id="packagedForOthers"),
        await locked_in_the_district(town),
    ]
    return {
        decoded(id)[0]: id
        for id in [
            summons,
            task,
            *request,
            opened["access"]["id"],
            taken["snapshot"]["id"],
            draft["publication"]["id"],
            promise["commitment"]["id"],
            notice["notice"]["id"],
            honour["honour"]["id"],
            *visits,
            pairing["pairing"]["id"],
            claim["claim"]["id"],
            item["item"]["id"],
            await key_of_the_village(town),
            *(await webhook_of_the_town(town)),
            await ledger_of_the_village(town),
            *map(global_id, rows),
        ]
    }


async def a_request(town: Town) -> list[str]:
    """The ids of one, of its order and of the flag it earned."""
    given = {"area": "440606106004", "channel": "BOX", "text": "路灯不亮。", "anonymous": True}
    made = await town.done(
        "tianhu.cadre", "createRequest", "request { id }", **given, matterClass="COMMUNITY"
    )
    request, cadre = made["request"]["id"], town.id(town.world.members["tianhu.cadre"])
    shown = "request { orders { id } }"
    told = await town.done(
        "tianhu.cadre", "dispatchRequest", shown, request=request, text="换灯。", assignee=cadre
    )
    (order,) = told["request"]["orders"]
    await town.done("tianhu.cadre", "acceptOrder", order=order["id"])
    await town.done("tianhu.cadre", "completeOrder", order=order["id"], text="已换。")
    await town.done("tianhu.secretary", "verifyOrder", order=order["id"])
    category = await RequestCategory.create(
        area_id="440606106004",
        path=town.world.areas["440606106004"].path,
        name="照明",
        created_at=clock.now(),
    )
    return [global_id(category), request, order["id"], global_id(await FlagEntry.all().get())]


async def visits_of_the_village(town: Town) -> list[str]:
    """The ids of a plan and of a visit."""
    plan = {"area": "440606106004", "kind": "HOME_VISIT", "title": "入户", "from": "2026-03-02", "weekday": 3}
    shown = "inspectionPlan { id inspections(first: 1) { edges { node { id } } } }"
    made = (await town.done("tianhu.cadre", "createInspectionPlan", shown, **plan))["inspectionPlan"]
    return [made["id"], made["inspections"]["edges"][0]["node"]["id"]]


async def locked_in_the_district(town: Town) -> ScoreLock:
    period = {"from": "2026-02-01", "to": "2026-02-02"}
    await town.done("shunde.org", "lockScores", "lock { id }", area="440606106", **period)
    return await ScoreLock.get()


async def key_of_the_village(town: Town) -> str:
    screen = {"login": "tianhu.screen", "name": "天湖大屏", "area": "440606106004"}
    made = await town.done("tianhu.secretary", "createServiceAccount", "member { id }", **screen)
    key = {"account": made["member"]["id"], "label": "大屏", "until": "2026-09-01T00:00:00Z"}
    issued = await town.done("tianhu.secretary", "issueCredential", "credential { id }", **key)
    return str(issued["credential"]["id"])


async def webhook_of_the_town(town: Town) -> list[str]:
    """Its id, and that of something it did not take."""
    account, event = town.world.members["junan.system"], await Event.filter(type="task.created").get()
    given = {"account": town.id(account), "url": "https://hooks.example/"}
    made = await town.done("junan.coordinator", "registerWebhook", "webhook { id }", **given)
    webhook = await Webhook.get(account=account)
    left = await WebhookDelivery.create(
        webhook=webhook, path=webhook.path, event_id=event.id, pos=event.pos, subject="s"
    )
    return [str(made["webhook"]["id"]), global_id(left)]


async def ledger_of_the_village(town: Town) -> str:
    given = {"ledger": "AREAS", "format": "CSV", "area": "440606106004"}
    made = await town.done("tianhu.secretary", "exportLedger", "export { id }", **given)
    return str(made["export"]["id"])


async def test_node_finds_every_type_again(town: Town) -> None:
    ids = await one_of_each(town)
    assert set(ids) == set(TYPES)
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    await town.world.hold("tianhu.secretary", "policy_admin", area="440606106")
    await town.world.hold("tianhu.secretary", "town_coordinator", area="440606106")
    found = (await town.ask("tianhu.secretary", query, ids=list(ids.values())))["nodes"]
    assert found == [{"__typename": type, "id": id} for type, id in ids.items()]


async def test_what_one_may_not_know_of_is_not_there(town: Town) -> None:
    ids = await one_of_each(town)
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }"
    found = (await town.ask("wanan.secretary", query, ids=list(ids.values())))["nodes"]
    hidden = [type for type, node in zip(ids, found, strict=True) if node is None]
    kept = [
        "Summons",
        "Task",
        "Request",
        "WorkOrder",
        "FlagEntry",
        "EmergencyAccess",
        "MetricSnapshot",
        "Publication",
        "Commitment",
        "Notice",
        "Honour",
        "InspectionPlan",
        "Inspection",
        "Pairing",
        "Credential",
        "Webhook",
        "WebhookDelivery",
        "Export",
        "Grant",
        "Evaluation",
        "FollowUp",
        "FollowUpGroup",
        "Event",
        "PolicyVersion",
        "ScoreLock",
    ]
    assert hidden == kept
    for field in ("summons", "task"):
        document = f"query($id: ID!) {{ {field}(id: $id) {{ id }} node(id: $id) {{ id }} }}"
        answer = await town.ask("wanan.secretary", document, id=ids[field.capitalize()])
        assert answer == {field: None, "node": None}


async def test_what_does_not_exist_is_not_there_either(town: Town) -> None:
    ids = [
        encoded("Task", "01JD3Y0V0ZK5Q4T7W2X8N6M1PB"),
        encoded("Village", "440606"),
        encoded("District", "440699"),
    ]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await town.ask("tianhu.secretary", query, ids=ids))["nodes"] == [None, None, None]
    assert (await town.ask("tianhu.secretary", '{ area(code: "440699") { name } }'))["area"] is None


async def test_a_hundred_nodes_at_a_time(town: Town) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    id = global_id(town.world.areas["44"])
    assert (await town.ask("tianhu.secretary", query, ids=[id] * 100))["nodes"] == [{"id": id}] * 100
    assert (await town.refused("tianhu.secretary", query, ids=[id] * 101))["code"] == "BAD_USER_INPUT"
    error = await town.refused("tianhu.secretary", query, ids=[id, "x"])
    assert error["argument"] == ["ids", "1"]


UNREADABLE = [
    '{ area(code: "4406x") { name } }',
    "{ area(code: 440606) { name } }",
    '{ area(code: "4") { name } }',
    '{ area(code: "４４") { name } }',
    '{ summonses(filter: {issuedFrom: "2026-03-02"}) { totalCount } }',
    '{ summonses(filter: {issuedFrom: "2026-03-02T01:00:00"}) { totalCount } }',
    '{ summonses(filter: {issuedFrom: "2026-02-30T01:00:00Z"}) { totalCount } }',
    '{ summonses(filter: {issuedFrom: "0001-01-01T00:00:00+14:00"}) { totalCount } }',
    "{ summonses(filter: {issuedFrom: 1772413200}) { totalCount } }",
    '{ area(code: "44") { statistics(from: "2026-02-30", to: "2026-03-01") { issued } } }',
    '{ area(code: "44") { statistics(from: "20260301", to: "2026-03-01") { issued } } }',
]


async def test_a_scalar_that_cannot_be_read_is_a_clean_error(town: Town) -> None:
    for document in UNREADABLE:
        error = await town.refused("tianhu.secretary", document)
        assert (error["code"], "must be" in error["message"], "Error" in error["message"]) == (
            "BAD_USER_INPUT", True, False
        ), document  # fmt: skip


async def test_moments_are_answered_in_utc_whatever_offset_they_came_with(town: Town) -> None:
    appointment = {"from": "2026-03-03t09:30:00.250+08:00", "to": "2026-03-03T10:00:00Z"}
    summons = await town.draft("zr", appointment=appointment)
    query = "query($id: ID!) { summons(id: $id) { appointment { from to place } } }"
    shown = await town.ask("tianhu.cadre", query, id=summons)
    assert shown["summons"]["appointment"] == {
        "from": "2026-03-03T01:30:00.250000Z",
        "to": "2026-03-03T10:00:00Z",
        "place": None,
    }

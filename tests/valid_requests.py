"""For every mutation a request that would be granted, and the matters these requests are about."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api import do
from guards import at, visit
from matter import DRAFT, RESOLUTION, Matter, scores
from world import World

from models import (
    BreakGlass,
    Evaluation,
    Event,
    Export,
    FollowUp,
    Grant,
    PolicyVersion,
    SlaPolicy,
    Webhook,
    WebhookDelivery,
    WebhookSecret,
    clock,
)
from policies.rules import packaged, read_text
from resolvers.ids import decoded

TOWN = "440606106"
ONE_IN_TEN = {"category": "ECONOMY", "share": 0.1}
DAY = {"day": "2026-03-18", "kind": "REST", "name": "龙舟赛"}
TIANHU, SHAPU, MAILANG = "440606106004", "440606106201", "440606104217"
CADRE, SECRETARY, COORDINATOR = "tianhu.cadre", "tianhu.secretary", "junan.coordinator"
VISIT = visit("03-04 09:00", "03-04 11:00", place="村委会")
HOLD = {"reason": "等待材料。", "plan": "材料到后施工。", "resumeAt": at("03-20 09:00")}
MORE = {"reason": "工程量增加。", "days": 5}
DECLINE = {"reason": "NOT_OUR_DUTY", "note": "不属我单位职责。", "dutyItem": "zr", "suggestedUnit": "cj"}
NEW = DRAFT | {"units": ["zr"], "leadUnit": "zr", "coIssuers": [SHAPU], "appointment": VISIT}
SUBMISSION = {"resolution": RESOLUTION, "duplicateOf": "@closed", "note": "请审。"}
REASON, NOTE = {"reason": "情况有变。"}, {"note": "已阅。"}
RULING = {"ground": "属城建办职责。", "reassignTo": "cj"}
UNIT = {"name": "镇水务所", "kind": "TOWN_OFFICE", "level": "TOWN", "homeArea": "440606106", "parent": "jt"}
MEMBER = {"name": "新人", "login": "new.one", "unit": "zf", "phone": "0757-22990001"}
GRANT = {"member": "zf.member", "role": "unit_liaison", "holder": {"unit": "zf"}, "reason": "轮岗。"}
UNTIL = at("09-01 09:00")
SOON = at("04-01 09:00")
SOON_WITHIN = at("03-10 09:00")
URL = "https://hooks.example/baodao"
SNAPSHOT = {
    "metric": "CLOSING",
    "area": "440606106",
    "from": "2026-02-01",
    "to": "2026-02-28",
    "unit": "zr",
} | {"category": "ECONOMY"}
TEMPLATE = {
    "area": "440606106",
    "validFrom": "2026-04-01",
    "dimensions": [{"code": "RESULT", "weight": 100}],
    "parties": [{"party": "VILLAGE", "weight": 100}],
}
NARROWED = {"summonses": {"state": ["CLOSED"], "text": "公园"}}
FOUND = {"justified": True, "finding": "确有必要。"}


LOCAL_RULES = (
    packaged().text + "p, town_coordinator, town@44.4406.440606.440606106., task, urge, subtree, True, deny\n"
)


@dataclass(frozen=True)
class Request:
    """`matter` names one of the matters below, `of` the unit whose task of that matter it is about."""

    mutation: str
    matter: str
    login: str
    of: str
    given: dict[str, Any]


def request(mutation: str, matter: str, login: str, of: str = "", /, **given: Any) -> Request:
    return Request(mutation, matter, login, of, given)


REQUESTS = [
    request("draftSummons", "", CADRE, **NEW, issuer=TIANHU),
    request("updateDraftSummons", "draft", CADRE, **NEW),
    request("submitSummonsForReview", "draft", CADRE, **SUBMISSION),
    request("sendBackSummons", "review", SECRETARY, **REASON),
    request("issueSummons", "review", SECRETARY, **NOTE),
    request("issueEmergencySummons", "urgent draft", CADRE, **REASON),
    request("ratifySummons", "emergency", SECRETARY, resolution=RESOLUTION),
    request("requestCosign", "joint", SECRETARY, **NOTE),
    request("cosignSummons", "cosign", "shapu.secretary", **NOTE),
    request("refuseCosign", "cosign", "shapu.secretary", **REASON),
    request("requestGate", "gated", "wanan.secretary", **NOTE),
    request("passGate", "gate", "longjiang.coordinator", **NOTE),
    request("returnFromGate", "gate", "longjiang.coordinator", **REASON),
    request("addUnit", "pending", SECRETARY, unit="cj", **NOTE),
    request("releaseUnit", "pending", SECRETARY, unit="zf", **REASON),
    request("confirmFollowUp", "followup", "tianhu.delegate", **NOTE),
    request("failFollowUp", "followup", "tianhu.delegate", **NOTE),
    request(
        "planFollowUpVisit",
        "",
        "tianhu.delegate",
        followUp="followup",
        at=SOON_WITHIN,
        visitor="tianhu.delegate",
        **NOTE,
    ),
    request("createFollowUpGroup", "", SECRETARY, area=TIANHU, name="二组", members=["tianhu.delegate"]),
    request(
        "changeFollowUpGroup",
        "",
        SECRETARY,
        group="tianhu",
        name="一组",
        add=["tianhu.cadre"],
        remove=["tianhu.delegate"],
    ),
    request("reopenSummons", "closed", SECRETARY, tasks=["@zr"], units=["cj"], **REASON),
    request("cancelSummons", "pending", SECRETARY, **REASON),
    request("closeSummonsUnresolved", "arrived", COORDINATOR, outcome="PARTIAL", explanation="转办。"),
    request("acceptTask", "pending", "zr.liaison", "zr", appointment=VISIT, responsible="zr.member", **NOTE),
    request("declineTask", "pending", "zr.head", "zr", **DECLINE),
    request("assignTask", "accepted", "zr.liaison", "zr", member="zr.member", **NOTE),
    request("proposeReschedule", "accepted", "zr.liaison", "zr", appointment=VISIT, **NOTE),
    request("proposeRemote", "accepted", "zr.liaison", "zr", how="视频会商。"),
    request("checkIn", "assigned", "zr.member", "zr", **NOTE),
    request("addProgress", "arrived", "zr.liaison", "zr", **NOTE),
    request("requestHold", "arrived", "zr.head", "zr", **HOLD),
    request("requestExtension", "arrived", "zr.liaison", "zr", **MORE),
    request("callCoUnit", "arrived", "zr.liaison", "zr", unit="cj", **NOTE),
    request("submitResult", "arrived", "zr.liaison", "zr", outcome="RESOLVED", text="完成。"),
    request("resumeTask", "held", "zr.liaison", "zr", **NOTE),
    request("overruleDecline", "declined", COORDINATOR, "zr", ground="属你单位职责。"),
    request("upholdDecline", "declined", COORDINATOR, "zr", **RULING),
    request("agreeReschedule", "asking", SECRETARY, "zr", **NOTE),
    request("refuseReschedule", "asking", SECRETARY, "zr", **REASON),
    request("agreeRemote", "asking", SECRETARY, "zr", **NOTE),
    request("confirmArrival", "assigned", CADRE, "zr", member="zr.member", **NOTE),
    request("approveHold", "holding", SECRETARY, "zr", **NOTE),
    request("refuseHold", "holding", SECRETARY, "zr", **REASON),
    request("extendTask", "holding", SECRETARY, "zr", **NOTE),
    request("returnForRework", "resolved", SECRETARY, "zr", **REASON),
    request("evaluateTask", "resolved", SECRETARY, "zr", scores=scores(90), comment="好。"),
    request("evaluateForTown", "resolved", COORDINATOR, "zr", scores=scores(90), comment="好。"),
    request("evaluateForDistrict", "weighed", "shunde.org", "zf", scores=scores(90), comment="好。"),
    request("askResident", "weighed", "shapu.secretary", "zf", days=7),
    request("appealEvaluation", "", "zr.head", evaluation="open", **REASON),
    request(
        "adjudicateEvaluation", "", COORDINATOR, evaluation="disputed", ground="属实。", scores=scores(90)
    ),
    request("forceReassignTask", "pending", COORDINATOR, "zr", reassignTo="cj", **REASON),
    request("urgeTask", "pending", SECRETARY, "zr", **NOTE),
    request("instructTask", "pending", "junan.leader", "zr", **NOTE),
    request("grantRole", "", "shunde.policy", **GRANT),
    request("revokeGrant", "", "shunde.policy", grant="zf.member", **REASON),
    request(
        "changeAreaSettings",
        "",
        COORDINATOR,
        area=TOWN,
        followUpShares=[ONE_IN_TEN],
        inherit=["PASS_SCORE"],
        **NOTE,
    ),
    request(
        "setLimit",
        "",
        COORDINATOR,
        area=TOWN,
        clock="RESOLVE",
        amount=5,
        timeUnit="WORKDAY",
        source="均府办〔2026〕3号",
    ),
    request("endLimit", "", COORDINATOR, area=TOWN, clock="REVIEW", **NOTE),
    request("setCalendarDays", "", "shunde.org", area=TOWN, calendar=[DAY], **NOTE),
    request("createUnit", "", "shunde.org", **UNIT),
    request("updateUnit", "", "shunde.org", unit="zf", name="综合执法办", parent="jt"),
    request("closeUnit", "", "shunde.org", unit="cj", **REASON),
    request("createMember", "", "shunde.org", **MEMBER),
    request(
        "updateMember", "", "shunde.org", member="zf.member", name="改名", unit="cj", phone="0757-22990002"
    ),
    request("disableMember", "", "shunde.org", member="zf.member", **REASON),
    request("delegateGrant", "", "zr.liaison", grant="zr.liaison", to="zr.member", until=SOON, **REASON),
    request("endDelegation", "", "zf.liaison", delegation="zf.member for zf.liaison", **REASON),
    request("openEmergencyAccess", "", COORDINATOR, object="cj.liaison", **REASON),
    request("reviewEmergencyAccess", "", "shunde.auditor", access="zf.member", **FOUND),
    request("takeMetricSnapshot", "", "shunde.org", **SNAPSHOT),
    request("createEvaluationTemplate", "", "shunde.org", **TEMPLATE),
    request("lockScores", "", "shunde.org", area="440606106", **{"from": "2026-02-01", "to": "2026-02-28"}),
    request("createServiceAccount", "", COORDINATOR, name="镇平台", login="junan.platform", area="440606106"),
    request("draftPolicy", "", "shunde.policy", text=LOCAL_RULES, **REASON),
    request("proposePolicy", "", "shunde.policy", policy="draft"),
    request("withdrawPolicy", "", "shunde.policy", policy="draft", **REASON),
    request("publishPolicy", "", "shunde.org", policy="proposed", **REASON),
    request("rollbackPolicy", "", "shunde.org", number=7, **REASON),
    request("requestPolicyRollback", "", "shunde.policy", number=7, **REASON),
    request("registerWebhook", "", COORDINATOR, account="junan.system", url=URL, description="镇平台"),
    request("updateWebhook", "", COORDINATOR, webhook="active", url=f"{URL}/new", description="镇平台"),
    request("pauseWebhook", "", COORDINATOR, webhook="active", **REASON),
    request("resumeWebhook", "", COORDINATOR, webhook="paused"),
    request("rotateWebhookSecret", "", COORDINATOR, webhook="active", overlap=30),
    request("redeliverWebhook", "", COORDINATOR, webhook="active", delivery="dead"),
    request("removeWebhook", "", COORDINATOR, webhook="paused", **REASON),
    request("exportLedger", "", CADRE, ledger="SUMMONSES", format="CSV", area=TIANHU, filter=NARROWED),
    request("withdrawExport", "", CADRE, export="done"),
    request("issueCredential", "", COORDINATOR, account="junan.system", label="生产", until=UNTIL),
    request("rotateCredential", "", COORDINATOR, credential="junan.system", until=UNTIL, overlap=30),
    request("revokeCredential", "", COORDINATOR, credential="junan.system", **REASON),
]


async def matters(world: World) -> dict[str, Matter]:
    """One in each situation that the requests are about."""
    await world.decide("440606104219", require_town_gate=True)
    await world.decide(TIANHU, followup_categories=["ECONOMY"])
    found = {
        "draft": await Matter.drafted(world, "zr"),
        "review": await (await Matter.drafted(world, "zr")).bring("PENDING_REVIEW"),
        "gated": await (await Matter.drafted(world, "zr", by="wanan")).bring("PENDING_REVIEW"),
        "gate": await (await Matter.drafted(world, "zr", by="wanan")).bring("PENDING_REVIEW"),
        "joint": await (await Matter.drafted(world, "zr", coIssuers=[SHAPU])).bring("PENDING_REVIEW"),
        "cosign": await (await Matter.drafted(world, "zr", coIssuers=[SHAPU])).bring("PENDING_REVIEW"),
        "urgent draft": await Matter.drafted(world, "zr", tier="EMERGENCY"),
        "emergency": await Matter.drafted(world, "zr", tier="EMERGENCY"),
        "pending": await Matter.issued(world, "zr", "zf"),
        "declined": await Matter.issued(world, "zr"),
        "accepted": await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr"),
        "asking": await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr"),
        "assigned": await (await Matter.issued(world, "zr")).bring("ASSIGNED", "zr"),
        "arrived": await (await Matter.issued(world, "zr", leadUnit="zr")).bring("ARRIVED", "zr"),
        "holding": await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr"),
        "held": await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr"),
        "resolved": await (await Matter.issued(world, "zr")).bring("RESOLVED", "zr"),
        "weighed": await _weighed(world),
        "followup": await (await Matter.issued(world, "zr", category="ECONOMY")).bring("EVALUATED", "zr"),
        "closed": await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr"),
    }
    await _move_on(found)
    world.followups["followup"] = await FollowUp.get(state="PLANNED")
    await world.hold(CADRE, "followup_member", area=TIANHU)
    await _lend(world)
    await _dispute(world, found)
    await SlaPolicy.create(area_id=TOWN, clock="REVIEW", amount=2, unit="WORKDAY")
    await _store_policies(world)
    await _register(world)
    world.exports["done"] = await _done_export(world)
    return found


async def _done_export(world: World) -> Export:
    area, now = world.areas[TIANHU], clock.now()
    return await Export.create(
        member=world.members[CADRE],
        ledger="areas",
        format="CSV",
        area=area,
        path=area.path,
        state="DONE",
        created_at=now,
        done_at=now,
        expires_at=now + timedelta(days=1),
    )


async def _dispute(world: World, found: dict[str, Matter]) -> None:
    """Scores that may be appealed against, and scores that were."""
    for name, matter in (("open", "closed"), ("disputed", "followup")):
        id = decoded(await found[matter].task_id("zr"))[1]
        world.evaluations[name] = await Evaluation.get(task_id=id)
    given = world.ids({"evaluation": "disputed", "reason": "不公。"})
    assert (await do("zr.head", "appealEvaluation", given))["problems"] == []


async def _weighed(world: World) -> Matter:
    """Resolved where the district scores too."""
    parties = [{"party": "VILLAGE", "weight": 50}, {"party": "DISTRICT", "weight": 40}]
    parties.append({"party": "RESIDENT", "weight": 10})
    dimensions = [{"code": score["dimension"], "weight": 25} for score in scores(0)]
    template = {"area": SHAPU, "validFrom": "2026-03-02", "dimensions": dimensions, "parties": parties}
    assert (await do("shunde.org", "createEvaluationTemplate", template))["problems"] == []
    return await (await Matter.issued(world, "zf", by="shapu")).bring("RESOLVED", "zf")


async def _store_policies(world: World) -> None:
    """A draft, a proposal, and a version that is no longer in force."""
    for name, state, number in (
        ("draft", "DRAFT", None),
        ("proposed", "PROPOSED", None),
        ("former", "RETIRED", 7),
    ):
        world.policies[name] = await PolicyVersion.create(
            state=state,
            number=number,
            published=number is not None,
            text=LOCAL_RULES,
            hash=read_text(LOCAL_RULES).hash,
            base=1,
            area_id="440606",
            path=world.areas["440606"].path,
            author_id=world.members["shunde.policy"].id,
            created_at=clock.now(),
        )


async def _register(world: World) -> None:
    """A webhook that is active and has a dead letter, and one that is paused."""
    account, now = world.members["junan.system"], clock.now()
    for name in ("active", "paused"):
        world.webhooks[name] = webhook = await Webhook.create(
            account_id=account.id,
            area_id=account.area_id,
            path=account.area_path,
            url=URL,
            state=name.upper(),
            created_at=now,
        )
        await WebhookSecret.create(webhook=webhook, text="whsec_c2VjcmV0", created_at=now)
    event = await Event.filter(type="task.created").order_by("pos").first()
    world.deliveries["dead"] = await WebhookDelivery.create(
        webhook=world.webhooks["active"],
        path=world.webhooks["active"].path,
        event_id=event.id,
        pos=event.pos,
        subject=event.summons_id,
        state="DEAD",
        attempts=10,
        failed_at=now,
        status=500,
    )


async def _lend(world: World) -> None:
    """A delegation, and an emergency access that waits for its review."""
    principal, now = world.grants["zf.liaison"], clock.now()
    lent = world.grant("zf.member", principal.role, unit="zf")
    lent.principal_id, lent.source_id, lent.until = principal.member_id, principal.id, now + timedelta(days=9)
    world.grants["zf.member for zf.liaison"] = lent
    world.grants["zf.member"] = await Grant.get(member_id=lent.member_id)
    await lent.save(force_create=True)
    member, opener = world.members["zf.member"], world.members[COORDINATOR]
    access = BreakGlass(
        member_id=opener.id, kind="Member", object_id=member.id, reason="走失。", opened_at=now
    )
    access.area_id, access.path, access.until = member.area_id, member.area_path, now + timedelta(hours=3)
    world.accesses["zf.member"] = access
    await access.save(force_create=True)


async def _move_on(found: dict[str, Matter]) -> None:
    await found["gate"].done("wanan.secretary", "requestGate")
    await found["cosign"].done(SECRETARY, "requestCosign")
    await found["emergency"].done(CADRE, "issueEmergencySummons", **REASON)
    await found["declined"].done("zr.head", "declineTask", "zr", **DECLINE)
    await found["asking"].done("zr.liaison", "proposeReschedule", "zr", appointment=VISIT)
    await found["asking"].done("zr.liaison", "proposeRemote", "zr", how="视频会商。")
    for name in ("holding", "held"):
        await found[name].done("zr.head", "requestHold", "zr", **HOLD)
    await found["held"].done(SECRETARY, "approveHold", "zr")
    await found["holding"].done("zr.liaison", "requestExtension", "zr", **MORE)

"""Lists of villages: what is entered and offered, who claims it, and what the village says of it."""

from typing import Any

from api import ask, why_not
from co_building import LIAISON, NEED, OFFER, ORG, claimed_by_zr, done, needed, offered, paired
from plea import CADRE, NEIGHBOUR, RESIDENT, SECRETARY, TIANHU, VOLUNTEER, neighbours
from world import World, everything

from models import Event, RequestCategory, clock

pytest_plugins = ["monday"]

SHAPU, COMMITTEE = "440606106201", "tianhu.committee"
LIST = """query($filter: ListItemFilter, $area: AreaCode) { listItems(filter: $filter, area: $area) { totalCount edges {
    node { kind title closedAt category { name } unit { name } member { login }
    claims { state result unit { name } member { login } verifiedBy { login } } } } } }"""


async def menu(world: World, name: str = "light", parent: str | None = None, area: str = TIANHU) -> None:
    """An entry of a menu."""
    world.categories[name] = await RequestCategory.create(
        area_id=area,
        path=world.areas[area].path,
        name=name,
        parent_id=world.categories[parent].id if parent else None,
        created_at=clock.now(),
    )


async def committee(world: World) -> None:
    """A part-time committee member of 天湖."""
    await world.enter(COMMITTEE, TIANHU)
    await world.hold(COMMITTEE, "part_time_committee_member", area=TIANHU)


async def listed(world: World, login: str = RESIDENT, **filter: Any) -> list[dict[str, Any]]:
    told = (await ask(login, LIST, filter=world.ids(filter)))["listItems"]
    return [edge["node"] for edge in told["edges"]]


async def claim_state(world: World, login: str, mutation: str, id: str, **given: Any) -> str:
    return str((await done(world, login, mutation, claim=id, **given))["event"]["toState"])


async def test_a_need_is_claimed_done_and_verified(world: World) -> None:
    await paired(world)
    need = await needed(world)
    claim = (await done(world, LIAISON, "claimListItem", item=need, unit="zr"))["claim"]["id"]
    await done(world, "zr.head", "completeClaim", claim=claim, text="已送到。")
    await done(world, CADRE, "verifyClaim", claim=claim, note="谢谢。")
    [item] = await listed(world)
    zr = {"name": world.units["zr"].name}
    assert item["claims"] == [
        {
            "state": "VERIFIED",
            "result": "已送到。",
            "unit": zr,
            "member": {"login": LIAISON},
            "verifiedBy": {"login": CADRE},
        }
    ]
    told = await Event.filter(aggregate="Claim").order_by("pos").values_list("type", "to_state")
    assert told == [("claim.made", None), ("claim.done", "DONE"), ("claim.verified", "VERIFIED")]


async def test_what_is_given_back_can_be_claimed_again_by_others(world: World) -> None:
    await paired(world)
    await committee(world)
    need = await needed(world)
    first = (await done(world, LIAISON, "claimListItem", item=need, unit="zr"))["claim"]["id"]
    again = {"item": need}
    assert await why_not(COMMITTEE, "claimListItem", again) == ["WrongState ALREADY_CLAIMED"]
    await done(world, LIAISON, "dropClaim", claim=first, reason="没有货。")
    await done(world, COMMITTEE, "claimListItem", item=need)
    assert [claim["state"] for claim in (await listed(world))[0]["claims"]] == ["DROPPED", "CLAIMED"]


async def test_several_may_use_a_resource_each_once_at_a_time(world: World) -> None:
    await paired(world)
    await committee(world)
    room = await needed(world, kind="RESOURCE", title="会议室")
    await done(world, LIAISON, "claimListItem", item=room, unit="zr")
    mine = (await done(world, COMMITTEE, "claimListItem", item=room))["claim"]["id"]
    given = world.ids({"item": room, "unit": "zr"})
    assert await why_not(LIAISON, "claimListItem", given) == ["WrongState ALREADY_CLAIMED"]
    assert await why_not(COMMITTEE, "claimListItem", {"item": room}) == ["WrongState ALREADY_CLAIMED"]
    await done(world, COMMITTEE, "completeClaim", claim=mine, text="已开会。")
    await done(world, CADRE, "verifyClaim", claim=mine)
    await done(world, COMMITTEE, "claimListItem", item=room)


async def test_services_are_offered_by_paired_units_and_registered_members(world: World) -> None:
    await paired(world)
    await neighbours(world)
    await menu(world)
    by_unit, by_member = await offered(world), await offered(world, VOLUNTEER, title="陪聊")
    told = [(one["kind"], one["title"], one["unit"], one["member"]) for one in await listed(world)]
    zr = {"name": world.units["zr"].name}
    assert set(map(str, told)) == {
        str(("SERVICE", "陪聊", None, None)),
        str(("SERVICE", "修路灯", zr, None)),
    }
    assert [one["title"] for one in await listed(world, unit="zr")] == ["修路灯"]
    await done(world, "zr.head", "changeListItem", item=by_unit, title="修灯")
    await done(world, VOLUNTEER, "closeListItem", item=by_member, reason="搬走了。")
    assert [one["title"] for one in await listed(world, open=True)] == ["修灯"]
    assert [one["member"] for one in await listed(world, VOLUNTEER, open=False)] == [{"login": VOLUNTEER}]


async def test_what_is_refused_leaves_everything_as_it_was(world: World) -> None:
    await paired(world)
    await neighbours(world)
    await committee(world)
    await menu(world)
    await menu(world, "elsewhere", area=SHAPU)
    service, closed, open_one = await offered(world), await needed(world), await needed(world)
    await done(world, CADRE, "closeListItem", item=closed, reason="不需要。")
    claim, done_one = await claimed_by_zr(world), await claimed_by_zr(world)
    await done(world, LIAISON, "completeClaim", claim=done_one, text="已送到。")
    item = await ask(CADRE, "query($id: ID!) { node(id: $id) { ... on Claim { item { id } } } }", id=claim)
    held = item["node"]["item"]["id"]
    await world.hold(SECRETARY, "unit_head", unit="zr")
    other = (await done(world, COMMITTEE, "claimListItem", item=await needed(world)))["claim"]["id"]
    before, text = await everything(), {"text": "好。"}
    for login, mutation, given, told in [
        (RESIDENT, "createListItem", NEED, "NotAllowed NO_RULE"),
        (CADRE, "createListItem", NEED | {"area": SHAPU}, "NotAllowed WRONG_PLACE"),
        (CADRE, "createListItem", NEED | {"kind": "SERVICE"}, "InvalidInput SERVICE_IS_OFFERED kind"),
        (CADRE, "createListItem", NEED | {"title": " "}, "InvalidInput EMPTY title"),
        (
            CADRE,
            "createListItem",
            NEED | {"requestCategory": "elsewhere"},
            "InvalidInput CATEGORY_ELSEWHERE requestCategory",
        ),
        (NEIGHBOUR, "offerService", OFFER, "NotAllowed NO_RULE"),
        (VOLUNTEER, "offerService", OFFER | {"area": "440606106"}, "NotAllowed WRONG_PLACE"),
        (VOLUNTEER, "offerService", OFFER | {"unit": "zr"}, "NotAllowed WRONG_PLACE"),
        (LIAISON, "offerService", OFFER, "NotAllowed WRONG_PLACE"),
        (LIAISON, "offerService", OFFER | {"unit": "zf"}, "NotAllowed WRONG_PLACE"),
        ("zf.liaison", "offerService", OFFER | {"unit": "zf"}, "InvalidInput UNIT_NOT_PAIRED unit"),
        (VOLUNTEER, "changeListItem", {"item": service, "title": "灯"}, "NotAllowed WRONG_PLACE"),
        (CADRE, "changeListItem", {"item": closed, "title": "灯"}, "WrongState ITEM_CLOSED"),
        (CADRE, "changeListItem", {"item": open_one, "version": 7}, "Conflict VERSION_CHANGED"),
        (CADRE, "closeListItem", {"item": held, "reason": "。"}, "WrongState ITEM_HAS_CLAIMS"),
        (RESIDENT, "claimListItem", {"item": open_one}, "NotAllowed NO_RULE"),
        (LIAISON, "claimListItem", {"item": open_one}, "NotAllowed WRONG_PLACE"),
        (
            "zf.liaison",
            "claimListItem",
            {"item": open_one, "unit": "zf"},
            "InvalidInput UNIT_NOT_PAIRED unit",
        ),
        (COMMITTEE, "claimListItem", {"item": closed}, "WrongState ITEM_CLOSED"),
        (COMMITTEE, "claimListItem", {"item": service}, "WrongState SERVICE_IS_ORDERED"),
        (COMMITTEE, "completeClaim", {"claim": claim} | text, "NotAllowed WRONG_PLACE"),
        ("zf.liaison", "completeClaim", {"claim": claim} | text, "NotAllowed WRONG_PLACE"),
        (LIAISON, "completeClaim", {"claim": claim, "text": " "}, "InvalidInput EMPTY text"),
        (LIAISON, "dropClaim", {"claim": done_one, "reason": "。"}, "WrongState WRONG_STATE"),
        (LIAISON, "dropClaim", {"claim": other, "reason": "。"}, "NotAllowed WRONG_PLACE"),
        (LIAISON, "verifyClaim", {"claim": done_one}, "NotAllowed WRONG_PLACE"),
        (SECRETARY, "verifyClaim", {"claim": done_one}, "WrongState OWN_CLAIM"),
        (CADRE, "verifyClaim", {"claim": claim}, "WrongState WRONG_STATE"),
    ]:
        assert await why_not(login, mutation, world.ids(given)) == [told], (login, mutation, given)
    assert await everything() == before


async def test_whose_claim_it_is_counts_among_equals(world: World) -> None:
    await committee(world)
    await world.enter("tianhu.second", TIANHU)
    await world.hold("tianhu.second", "part_time_committee_member", area=TIANHU)
    claim = (await done(world, COMMITTEE, "claimListItem", item=await needed(world)))["claim"]["id"]
    given = {"claim": claim, "text": "好。"}
    assert await why_not("tianhu.second", "completeClaim", given) == ["WrongState NOT_YOUR_CLAIM"]


async def test_a_unit_ends_what_it_claimed_though_the_pairing_ended(world: World) -> None:
    id = await paired(world)
    claim = await claimed_by_zr(world)
    await done(world, ORG, "endPairing", pairing=id, reason="轮换。")
    await done(world, LIAISON, "completeClaim", claim=claim, text="已送到。")

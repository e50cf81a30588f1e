"""Commitments: made where one is registered, found kept by the village, and counted in what is published."""

from datetime import timedelta

from api import ask, do, why_not
from matter import EYE
from month import SECRETARY, SHAPU, TIANHU, Month
from plea import CADRE, NEIGHBOUR, RESIDENT, VOLUNTEER, neighbours
from world import Time, World, everything

from models import Event

pytest_plugins = ["monday"]

PROMISE = {"area": TIANHU, "text": "每周清扫楼道。"}
LIST = "{ commitments { totalCount edges { node { text keptAt member { login } confirmedBy { login } } } } }"


async def promised(by: str = VOLUNTEER) -> str:
    payload = await do(by, "makeCommitment", PROMISE)
    assert payload["problems"] == []
    return str(payload["commitment"]["id"])


async def test_what_was_promised_is_found_kept_by_the_village(world: World) -> None:
    await neighbours(world)
    id = await promised()
    payload = await do(CADRE, "confirmCommitment", {"commitment": id, "note": "已看到。"})
    assert (payload["problems"], payload["event"]["type"]) == ([], "commitment.kept")
    [edge] = (await ask(VOLUNTEER, LIST))["commitments"]["edges"]
    told = edge["node"]
    assert (told["text"], told["member"], bool(told["keptAt"])) == (
        PROMISE["text"],
        {"login": VOLUNTEER},
        True,
    )
    assert [event.type for event in await Event.filter(aggregate="Commitment").order_by("pos")] == [
        "commitment.made",
        "commitment.kept",
    ]


async def test_what_is_refused_leaves_everything_as_it_was(world: World) -> None:
    await neighbours(world)
    await world.hold(SECRETARY, "registered_party_member", area=TIANHU)
    kept, own, open_one = await promised(), await promised(SECRETARY), await promised()
    await do(CADRE, "confirmCommitment", {"commitment": kept})
    before = await everything()
    for login, mutation, given, told in [
        (RESIDENT, "makeCommitment", PROMISE, "NotAllowed NO_RULE"),
        (VOLUNTEER, "makeCommitment", PROMISE | {"area": SHAPU}, "InvalidInput NOT_REGISTERED_THERE area"),
        (VOLUNTEER, "makeCommitment", PROMISE | {"area": "440699"}, "NotFound NOT_FOUND area"),
        (VOLUNTEER, "makeCommitment", PROMISE | {"text": " "}, "InvalidInput EMPTY text"),
        (VOLUNTEER, "confirmCommitment", {"commitment": open_one}, "NotAllowed NO_RULE"),
        (NEIGHBOUR, "confirmCommitment", {"commitment": open_one}, "NotFound NOT_FOUND commitment"),
        (CADRE, "confirmCommitment", {"commitment": kept}, "WrongState COMMITMENT_KEPT"),
        (SECRETARY, "confirmCommitment", {"commitment": own}, "WrongState OWN_COMMITMENT"),
        (CADRE, "confirmCommitment", {"commitment": open_one, "version": 7}, "Conflict VERSION_CHANGED"),
    ]:
        assert await why_not(login, mutation, given) == [told], (login, mutation, given)
    assert await everything() == before


async def test_they_are_read_by_who_made_them_and_by_the_village(world: World) -> None:
    await neighbours(world)
    await promised()
    readers = {VOLUNTEER: 1, CADRE: 1, SECRETARY: 1, NEIGHBOUR: 0, "shapu.secretary": 0, EYE: 0}
    assert {login: (await ask(login, LIST))["commitments"]["totalCount"] for login in readers} == readers


async def test_they_are_counted_in_the_month_in_which_they_were_made_and_kept(
    world: World, time: Time
) -> None:
    await neighbours(world)
    ids = [await promised() for _ in range(2)]
    time.wait(timedelta(days=30))
    await do(CADRE, "confirmCommitment", {"commitment": ids[0]})
    time.wait(timedelta(days=31))
    counted = []
    for month in ("2026-03-01", "2026-04-01"):
        row = await (await Month.drafted(world, month=month)).row()
        counted.append((row.commitments, row.commitments_kept))
    assert counted == [(2, 0), (0, 1)]

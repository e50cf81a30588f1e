"""What a simulation foretells is what brute force finds: every member, every object, before and after."""

from datetime import datetime, timedelta
from random import Random

import pytest
from actors import actor_of
from matter import Matter
from random_world import RandomWorld
from world import World, everything

from models import AuditEntry, Grant, Member, Summons, Task, clock
from policies.actor import Actor
from policies.book import RuleBook
from policies.compile import compile_scope
from policies.facts import Facts
from policies.gathering import facts_of_many
from policies.loading import load_actors
from policies.reading.comparison import compare
from policies.reading.spelling import Pair
from policies.rules import packaged, read_loosely
from policies.scopes import TYPES, type_of
from policies.trial.shifts import shift_of
from policies.trial.simulation import OBJECTS, RightChange, Simulation, simulate
from policies.trial.touched import NEWCOMER, bearing_of
from policies.vocabulary import RELATIONS

pytest_plugins = ["monday"]

DISTRICT = "44.4406.440606."
READ = "p, village_cadre, village, summons, read, own_area, True, allow\n"
ACCEPT = "p, unit_liaison, unit, task, accept, target_unit, True, allow\n"
HEADS = ACCEPT.replace("unit_liaison", "unit_head")
UNIT_READ = "p, member, *, unit, read, any, True, allow\n"
BAN = "p, anyone, *, task, accept, any, True, deny\n"
LOCAL = "p, village_secretary, village@44.4406.440606.440606106., task, urge, subtree, True, deny\n"


def book(*changes: tuple[str, str], more: str = "") -> RuleBook:
    """The packaged rules with lines changed; each must be there."""
    text = packaged().text
    for line, other in changes:
        assert line in text, line
        text = text.replace(line, other)
    return read_loosely(text + more)


async def simulated(after: RuleBook, days: int = 30, before: RuleBook | None = None) -> Simulation:
    return await simulate(
        before or packaged(), after, clock.now(), seat=DISTRICT, days=days, most_counts=10_000
    )


Told = dict[Pair, tuple[int | None, int | None]]


def told(changes: tuple[RightChange, ...]) -> Told:
    return {(one.type, one.action): (one.rows_gained, one.rows_lost) for one in changes}


def by_login(world: World, simulation: Simulation) -> dict[str, Told]:
    logins = {member.id: login for login, member in world.members.items()}
    return {logins[one.member_id]: told(one.changes) for one in simulation.members}


async def all_facts() -> dict[str, list[Facts]]:
    """Of every object there is, by type."""
    found: dict[str, list[Facts]] = {type: [] for type in OBJECTS}
    for model in TYPES:
        things = await model.all()
        for thing, facts in zip(things, await facts_of_many(things), strict=True):
            found[type_of(thing)].append(facts)
    return found


def brute(before: RuleBook, after: RuleBook, actor: Actor, facts: dict[str, list[Facts]]) -> Told:
    """By pair, on how many objects the actor gains and loses it; only where any."""
    found: Told = {}
    for pair in before.by_action.keys() | after.by_action.keys():
        old, new = compile_scope(before, actor, *pair), compile_scope(after, actor, *pair)
        rows = [(old.test(one), new.test(one)) for one in facts.get(pair[0], ())]
        gained, lost = rows.count((False, True)), rows.count((True, False))
        if gained or lost:
            found[pair] = (gained, lost)
    return found


async def agrees(before: RuleBook, after: RuleBook) -> int:
    """The simulation with brute force, for everybody; gives the rows that change hands."""
    simulation, facts = await simulated(after, before=before), await all_facts()
    everybody, listed = (
        told(simulation.everybody),
        {one.member_id: told(one.changes) for one in simulation.members},
    )
    assert simulation.touched == len(listed) and not simulation.counts_left_out
    assert brute(before, after, NEWCOMER, facts).items() <= everybody.items()
    rows = 0
    actors = await load_actors([member.id for member in await Member.all()], clock.now())
    for actor in actors:
        foretold = listed.get(str(actor.id), {})
        assert not actor.disabled or not foretold
        found = brute(before, after, actor, facts) if not actor.disabled else {}
        counted = {pair: numbers for pair, numbers in foretold.items() if pair[0] in OBJECTS}
        for pair in found.keys() | counted.keys():
            if pair not in everybody or pair in foretold:
                assert foretold.get(pair) == found.get(pair, (0, 0)), (actor, pair)
                rows += sum(found.get(pair, (0, 0)))
    return rows


@pytest.fixture
async def matter(world: World) -> Matter:
    """Two villages' summonses, one of them with a task that was accepted."""
    await Matter.issued(world, "zf", by="wanan")
    return await (await Matter.issued(world, "zr", "jt")).bring("ACCEPTED", "zr")


async def test_a_row_taken_out_takes_the_right_objects_from_the_right_members(
    matter: Matter, world: World
) -> None:
    simulation = await simulated(book((READ, "")))
    lost = {("summons", "read"): (0, 1)}
    nothing = {("summons", "read"): (0, 0)}
    assert by_login(world, simulation) == {
        "tianhu.cadre": lost,
        "tianhu.secretary": lost,
        "wanan.secretary": lost,
        "shapu.secretary": nothing,
        "mailang.secretary": nothing,
    }
    assert (simulation.touched, simulation.everybody, simulation.locked_out) == (5, (), ())
    assert {cell.role for cell in simulation.changes.cells} == {"village_cadre", "village_secretary"}


async def test_whoever_has_the_right_by_another_role_too_is_not_touched(matter: Matter, world: World) -> None:
    """At the same place, that is."""
    for login in ("tianhu.secretary", "shapu.secretary"):
        await world.hold(login, "part_time_committee_member", area="440606106004")
    assert set(by_login(world, await simulated(book((READ, ""))))) == {
        "tianhu.cadre",
        "wanan.secretary",
        "shapu.secretary",
        "mailang.secretary",
    }


async def test_heirs_who_are_named_themselves_lose_nothing(matter: Matter, world: World) -> None:
    """Heads inherit from liaisons: written for heads, the row takes it from liaisons only."""
    touched = by_login(world, await simulated(book((ACCEPT, HEADS))))
    assert set(touched) == {login for login in world.members if login.endswith(".liaison")}
    assert touched["zr.liaison"] == touched["zf.liaison"] == {("task", "accept"): (0, 1)}
    assert touched["cj.liaison"] == {("task", "accept"): (0, 0)}


async def test_what_everybody_loses_is_told_once(world: World) -> None:
    simulation = await simulated(book((UNIT_READ, "")))
    [change] = simulation.everybody
    assert (change.type, change.action, change.loses, change.rows_lost) == ("unit", "read", True, 6)
    assert (simulation.touched, simulation.members) == (0, ())


async def test_whoever_loses_what_everybody_loses_is_not_told_again(world: World) -> None:
    cadres = "p, village_cadre, village, unit, read, any, True, allow\n"
    simulation = await simulated(book((UNIT_READ, ""), (cadres, "")))
    assert told(simulation.everybody) == {("unit", "read"): (0, 6)}
    assert simulation.members == ()
    assert {cell.role for cell in simulation.changes.cells} > {"member", "village_cadre"}


async def test_who_holds_a_role_no_longer_or_not_yet_is_not_touched(world: World) -> None:
    now, day = clock.now(), timedelta(days=1)
    for login, change in {
        "wanan.secretary": {"revoked_at": now - day, "until": now + day},
        "shapu.secretary": {"until": now},
        "mailang.secretary": {"since": now + day},
        "tianhu.cadre": {"principal_id": world.members["zr.head"].id},
    }.items():
        await Grant.filter(id=world.grants[login].id).update(**change)
    assert set(by_login(world, await simulated(book((READ, ""))))) == {"tianhu.secretary", "tianhu.cadre"}
    await Member.filter(login="zr.head").update(disabled_at=now)
    assert set(by_login(world, await simulated(book((READ, ""))))) == {"tianhu.secretary"}
    await Member.filter(login="tianhu.secretary").update(disabled_at=now)
    assert (await simulated(book((READ, "")))).touched == 0


async def test_what_some_lose_is_told_though_everybody_gains(matter: Matter, world: World) -> None:
    reads = "p, unit_liaison, unit, task, read, target_unit, True, allow\n"
    simulation = await simulated(
        book((reads, reads.replace("unit_liaison, unit", "member, *").replace("target_unit", "assigned")))
    )
    assert told(simulation.everybody) == {("task", "read"): (0, 0)}
    touched = by_login(world, simulation)
    assert touched["zr.liaison"] == touched["zr.head"] == {("task", "read"): (0, 1)}
    assert {login.split(".")[1] for login in touched} == {"liaison", "head"}


async def test_a_ban_for_all_touches_those_who_had_the_right(matter: Matter, world: World) -> None:
    simulation = await simulated(book(more=BAN))
    assert simulation.everybody == ()
    assert set(by_login(world, simulation)) == {
        login for login in world.members if login.endswith((".liaison", ".head"))
    }


async def test_a_local_row_touches_that_place_alone(matter: Matter, world: World) -> None:
    simulation = await simulated(book(more=LOCAL))
    assert by_login(world, simulation) == {
        "tianhu.secretary": {("task", "urge"): (0, 2)},
        "shapu.secretary": {("task", "urge"): (0, 0)},
    }
    assert simulation.changes.place == "44.4406.440606.440606106."


async def test_objects_without_a_table_are_not_counted(world: World) -> None:
    line = "p, village_secretary, village, meeting, convene, own_area, True, allow\n"
    touched = by_login(world, await simulated(book((line, ""))))
    assert touched["tianhu.secretary"] == {("meeting", "convene"): (None, None)}


async def test_counts_stop_at_their_limit_and_say_so(matter: Matter) -> None:
    after = book((READ, ""))
    cut = await simulate(packaged(), after, clock.now(), seat=DISTRICT, most_counts=3)
    counts = [change.rows_lost for one in cut.members for change in one.changes]
    assert (cut.touched, cut.counts_left_out) == (5, True)
    assert sum(count is not None for count in counts) == 4, "those of one village share a count"


async def test_only_members_whom_the_asker_may_read_are_named(world: World) -> None:
    await Member.filter(login__in=["tianhu.secretary", "wanan.secretary"]).update(official=False)
    after, asker = book((READ, "")), await world.actor("longjiang.coordinator")
    shown = await simulate(packaged(), after, clock.now(), seat=DISTRICT, asker=asker)
    assert shown.touched == 5
    assert [one.name for one in shown.members] == [
        "mailang.secretary",
        "shapu.secretary",
        "tianhu.cadre",
        "wanan.secretary",
    ]


async def test_a_simulation_writes_nothing(matter: Matter) -> None:
    before = await everything()
    await simulated(book((READ, ""), ("g, village_secretary, village_cadre\n", "")))
    assert await everything() == before


async def test_rules_that_lock_everybody_out_are_foretold(world: World) -> None:
    lines = packaged().text.splitlines(keepends=True)
    after = read_loosely("".join(line for line in lines if "binding, grant, subtree_not_above" not in line))
    assert (await simulated(after)).locked_out == ("NOBODY_COULD_APPOINT",)


@pytest.mark.parametrize(
    "after",
    [
        book((READ, "")),
        book((ACCEPT, HEADS)),
        book(("g, village_secretary, village_cadre\n", "")),
        book(more="g, unit_liaison, observer\n"),
        book((UNIT_READ, UNIT_READ.replace("any", "self"))),
        book(more=BAN + LOCAL),
        book(
            (
                "p, district_org_dept, district, task, read, subtree",
                "p, district_org_dept, district, task, read, own_area",
            )
        ),
    ],
    ids=["removed", "moved", "link lost", "link new", "for all", "bans", "narrowed"],
)
async def test_it_agrees_with_brute_force_and_so_does_the_way_back(matter: Matter, after: RuleBook) -> None:
    await agrees(packaged(), after)
    await agrees(after, packaged())


CADRE = actor_of("m", "village_cadre@440606106004")
ALLOW = "p, village_cadre, {}, task, read, {}, {}, allow\n"
DENY = ALLOW.replace("allow", "deny")
AREA = ALLOW.format("village", "own_area", "True")
OFFICIAL = "r.obj.official == True"


@pytest.mark.parametrize(
    ("before", "after", "gains", "loses"),
    [
        (AREA, AREA, False, False),
        (AREA, ALLOW.format("*", "own_area", "True"), False, False),
        (AREA, "", False, True),
        (AREA, ALLOW.format("village", "subtree", "True"), True, False),
        (AREA, ALLOW.format("village", "any", "True"), True, False),
        (AREA, ALLOW.format("village", "issuer", "True"), True, True),
        (AREA, ALLOW.format("village", "own_area", OFFICIAL), False, True),
        (AREA, ALLOW.format("village@44.4406.440606.440606106.", "own_area", "True"), False, False),
        (AREA, ALLOW.format("village@44.4406.440606.440606104.", "own_area", "True"), False, True),
        (AREA, AREA + DENY.format("*", "own_area", OFFICIAL), False, True),
        (AREA + DENY.format("*", "own_area", OFFICIAL), AREA, True, False),
        (AREA + DENY.format("*", "own_area", OFFICIAL), AREA + DENY.format("*", "any", "True"), False, True),
        (DENY.format("*", "any", "True"), AREA + DENY.format("*", "any", "True"), False, False),
        ("", DENY.format("*", "any", "True"), False, False),
        (
            ALLOW.format("*", "assigned", "True"),
            "p, member, *, task, read, assigned, True, allow\n",
            False,
            False,
        ),
    ],
)
def test_what_the_rules_alone_tell(before: str, after: str, gains: bool, loses: bool) -> None:
    shift = shift_of(read_loosely(before), read_loosely(after), CADRE, ("task", "read"))
    assert (shift.gains, shift.loses) == (gains, loses)


def random_change(random: Random) -> RuleBook:
    """Some rows and links out, some relations changed, some rows for others."""
    lines = packaged().text.splitlines()
    for _ in range(random.randint(1, 4)):
        index = random.choice(
            [number for number, line in enumerate(lines) if line.startswith(("p, ", "g, "))]
        )
        cells = lines[index].split(", ")
        match random.randrange(4) if cells[0] == "p" else 0:
            case 0:
                lines[index] = ""
            case 1:
                lines[index] = ", ".join([*cells[:5], random.choice(list(RELATIONS)), *cells[6:]])
            case 2:
                lines.append(", ".join([*cells[:7], "deny"]))
            case 3:
                lines.append(
                    ", ".join([cells[0], random.choice(["member", "observer", "resident"]), "*", *cells[3:]])
                )
    return read_loosely("\n".join(lines) + "\n")


async def test_it_agrees_with_brute_force_on_random_changes_of_a_random_world(db: str) -> None:
    world = RandomWorld(7, datetime.fromisoformat("2026-03-02T09:00:00+08:00"))
    with clock.at(world.now):
        await world.build()
        changed = [await agrees(packaged(), random_change(Random(seed))) for seed in range(20)]
        assert sum(map(bool, changed)) > 5, changed


async def refused_entries(simulation: Simulation) -> list[tuple[str, str]]:
    seqs = [one.seq for one in simulation.replay.examples]
    entries = {entry.seq: entry for entry in await AuditEntry.filter(seq__in=seqs)}
    return [(entries[seq].event, str(entries[seq].actor_id)) for seq in seqs]


async def test_the_replay_finds_the_one_decision_that_would_be_refused(matter: Matter, world: World) -> None:
    simulation = await simulated(book((ACCEPT, HEADS)))
    assert (simulation.replay.decisions, simulation.replay.refused, simulation.replay.unclear) == (1, 1, 0)
    assert await refused_entries(simulation) == [("task.accepted", world.members["zr.liaison"].id)]
    assert (await simulated(book(more=LOCAL.replace("urge", "accept")))).replay.refused == 0


async def test_a_decision_with_several_entries_counts_once(matter: Matter) -> None:
    issue = "p, village_secretary, village, summons, issue, issuer, True, allow\n"
    entries = await AuditEntry.filter(type="summons", action="issue").count()
    assert entries > 2
    assert (await simulated(book((issue, "")))).replay.refused == 2


@pytest.mark.parametrize("end", ["revoked_at", "until"])
async def test_the_replay_rebuilds_who_they_were_then(matter: Matter, world: World, end: str) -> None:
    """Neither what ended since nor what began since makes a difference."""
    liaison, day = Grant.filter(member_id=world.members["zr.liaison"].id), timedelta(days=1)
    await liaison.update(**{end: clock.now() + timedelta(minutes=1)})
    former = await world.hold("zr.liaison", "unit_head", unit="zr")
    await Grant.filter(id=former.id).update(**{"since": clock.now() - 2 * day, end: clock.now() - day})
    with clock.at(clock.now() + timedelta(days=2)):
        await world.hold("zr.liaison", "unit_head", unit="zr")
        later = await simulated(book((ACCEPT, HEADS)))
    assert (later.replay.decisions, later.replay.refused, later.replay.unclear) == (1, 1, 0)
    await liaison.delete()
    lost = await simulated(book((ACCEPT, HEADS)))
    assert (lost.replay.decisions, lost.replay.refused, lost.replay.unclear) == (0, 0, 1)


async def test_the_replay_looks_back_as_far_as_it_is_asked(matter: Matter) -> None:
    after = book((ACCEPT, HEADS))
    with clock.at(clock.now() + timedelta(days=40)):
        found = [(await simulated(after, days)).replay.refused for days in (0, 39, 41, 366)]
    assert found == [0, 0, 1, 1]


async def test_nothing_changes_when_the_rules_say_the_same(matter: Matter) -> None:
    same = read_loosely("# another comment\n" + packaged().text)
    changes = compare(packaged(), same)
    assert changes.empty
    assert (await bearing_of(packaged(), same, changes, clock.now())).members == ()
    assert (await simulated(same)).replay.decisions == 0


async def test_there_are_objects_to_lose(matter: Matter) -> None:
    assert (await Summons.all().count(), await Task.all().count()) == (2, 3)

"""The people of the demo, named by their office: who they are, the posts they fill and the roles they hold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from baodao.demo.places import SHUNDE, short_name, villages_of
from baodao.demo.tables import Row, table
from baodao.demo.units import unit_rows
from models import Area, FollowUpGroup, FollowUpGroupMember, Grant, Member, Post, Rank, Unit, clock
from policies.actor import Actor
from policies.loading import load_actors
from policies.scopes import whole

DELEGATE = "followup_member"
SYSTEM = "integration_client"


class Person(NamedTuple):
    """Roles are held at the place: the code of an area, or of a unit. Without a `title` there is no post."""

    login: str
    name: str
    unit: str
    place: str
    title: str
    rank: int
    roles: tuple[str, ...]


async def enter_people(people: Sequence[Person], units: dict[str, Unit]) -> dict[str, Actor]:
    """Actors by login, with what they hold from now on."""
    places = {person.place for person in people} | {unit.home_area_id for unit in units.values()}
    areas = {area.code: area for area in await whole(Area).filter(code__in=places)}
    members = {person.login: _member(person, units, areas) for person in people}
    await Member.bulk_create(members.values())
    await Post.bulk_create(_posts(people, members, units))
    await Grant.bulk_create(_grants(people, members, units, areas))
    await _enter_groups(people, members)
    actors = await load_actors([member.id for member in members.values()], clock.now())
    return {actor.login: actor for actor in actors if actor.login}


def people_of_shunde() -> Iterator[Person]:
    """Those of the table, and for every place and unit of 顺德 whoever it still lacks."""
    named = [_named(*row.values()) for row in table("members")]
    taken = {(role, person.place) for person in named for role in person.roles}
    yield from named
    yield from (one for one in _officials() if (one.roles[0], one.place) not in taken)
    yield from _staff()


def _named(login: str, name: str, unit: str, area: str, title: str, rank: str, role: str) -> Person:
    return Person(login, name, unit, area, title, int(rank or 0), (role,))


def _officials() -> Iterator[Person]:
    for town in table("towns"):
        place, slug, unit = town["code"], town["slug"], f"U-DW-{town['short']}"
        yield Person(
            f"{slug}.leader", f"{town['name']}党(工)委负责人", unit, place, "书记", 3, ("town_leader",)
        )
        yield Person(
            f"{slug}.coordinator",
            f"{town['name']}统筹专员",
            unit,
            place,
            "统筹专员",
            1,
            ("town_coordinator",),
        )
    for village in villages_of(SHUNDE):
        yield from officials_of(village, f"U-V{village['code']}")


def officials_of(village: Row, unit: str = "") -> Iterator[Person]:
    """Who speaks for it, and who does the work."""
    place, name = village["code"], short_name(village["name"])
    yield Person(f"v{place}.secretary", f"{name}党委书记", unit, place, "党委书记", 2, ("village_secretary",))
    yield Person(f"v{place}.cadre", f"{name}两委干部", unit, place, "两委委员", 1, ("village_cadre",))


def _staff() -> Iterator[Person]:
    """A head may be the responsible member too: some tiers ask for nobody less."""
    for row in unit_rows():
        if row["slug"] and row["summonable"] == "yes":
            code, slug, name = row["code"], row["slug"], row["name"]
            head = ("unit_head", "responsible_member")
            yield Person(f"{slug}.head", f"{name}负责人", code, code, "负责人", 3, head)
            yield Person(f"{slug}.liaison", f"{name}联络员", code, code, "联络员", 1, ("unit_liaison",))
            yield Person(
                f"{slug}.member", f"{name}业务骨干", code, code, "业务骨干", 1, ("responsible_member",)
            )


def _member(person: Person, units: dict[str, Unit], areas: dict[str, Area]) -> Member:
    unit = units.get(person.unit)
    area = areas[unit.home_area_id if unit else person.place]
    return Member(
        login=person.login,
        name=person.name,
        unit_id=unit.id if unit else None,
        area_id=area.code,
        area_path=area.path,
        official=bool(person.title),
        created_at=clock.now(),
        service_since=clock.now() if SYSTEM in person.roles else None,
        version=0,
    )


def _posts(people: Iterable[Person], members: dict[str, Member], units: dict[str, Unit]) -> Iterator[Post]:
    for person in people:
        if person.title:
            yield Post(
                member_id=members[person.login].id,
                unit_id=units[person.unit].id if person.unit else None,
                area_id=None if person.unit else person.place,
                title=person.title,
                rank=Rank(person.rank),
                since=clock.now(),
            )


def _grants(
    people: Iterable[Person], members: dict[str, Member], units: dict[str, Unit], areas: dict[str, Area]
) -> Iterator[Grant]:
    for person in people:
        unit, area = units.get(person.place), areas.get(person.place)
        for role in person.roles:
            yield Grant(
                member_id=members[person.login].id,
                role=role,
                area_id=area.code if area else None,
                unit_id=unit.id if unit else None,
                level=area.level.value if area else "UNIT",
                path=area.path if area else unit.line if unit else "",
                since=clock.now(),
                version=0,
            )


async def _enter_groups(people: Iterable[Person], members: dict[str, Member]) -> None:
    delegates = [person for person in people if DELEGATE in person.roles]
    names = {row["code"]: short_name(row["name"]) for row in villages_of(SHUNDE)}
    paths = dict(await whole(Area).filter(level="VILLAGE").values_list("code", "path"))
    groups = {
        place: FollowUpGroup(area_id=place, path=paths[place], name=f"{names[place]}回访小组", version=0)
        for place in dict.fromkeys(person.place for person in delegates)
    }
    await FollowUpGroup.bulk_create(groups.values())
    await FollowUpGroupMember.bulk_create(
        FollowUpGroupMember(
            group_id=groups[person.place].id, area_id=person.place, member_id=members[person.login].id
        )
        for person in delegates
    )

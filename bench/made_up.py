"""A made-up district or many: places, actors, objects and questions, without a database."""

from itertools import product
from random import Random
from typing import NamedTuple

from policies.actor import Actor, LiveGrant
from policies.facts import Facts

DISTRICTS, TOWNS, VILLAGES = 5, 10, 20
"""Districts of the city, towns of each, villages of each."""


class Thing(NamedTuple):
    """An object, for whoever remembers decisions by id."""

    id: str
    facts: Facts


def districts() -> list[str]:
    return [f"44.4406.4406{number:02}." for number in range(1, DISTRICTS + 1)]


def towns() -> list[str]:
    return [
        f"{path}{path.split('.')[-2]}{number:03}." for path in districts() for number in range(1, TOWNS + 1)
    ]


def villages() -> list[str]:
    return [
        f"{path}{path.split('.')[-2]}{number:03}." for path in towns() for number in range(1, VILLAGES + 1)
    ]


DISTRICT, TOWN, VILLAGE = districts()[0], towns()[0], villages()[0]
JOINED, OTHER_TOWN = villages()[1], towns()[1]


def held(role: str, level: str, path: str) -> LiveGrant:
    return LiveGrant(role, level, path, area_id=path.split(".")[-2])


def held_in(role: str, unit: str) -> LiveGrant:
    return LiveGrant(role, "UNIT", f"{unit}.", unit_id=unit)


ACTORS: dict[str, Actor] = {
    "village secretary": Actor("m1", grants=(held("village_secretary", "VILLAGE", VILLAGE),)),
    "village cadre": Actor("m2", grants=(held("village_cadre", "VILLAGE", VILLAGE),)),
    "unit liaison": Actor("m3", unit_id="u7", unit_line="u7.", grants=(held_in("unit_liaison", "u7"),)),
    "responsible member": Actor(
        "m4", unit_id="u7", unit_line="u7.", grants=(held_in("responsible_member", "u7"),)
    ),
    "town coordinator": Actor("m5", grants=(held("town_coordinator", "TOWN", TOWN),)),
    "organisation department": Actor("m6", grants=(held("district_org_dept", "DISTRICT", DISTRICT),)),
    "district supervision": Actor("m7", grants=(held("district_supervision", "DISTRICT", DISTRICT),)),
    "observer": Actor("m8", grants=(held("observer", "TOWN", TOWN),)),
    "integration client": Actor("m9", grants=(held("integration_client", "DISTRICT", DISTRICT),)),
    "one with 3 grants": Actor(
        "m10",
        unit_id="u7",
        unit_line="u7.",
        grants=(
            held("village_secretary", "VILLAGE", VILLAGE),
            held("observer", "TOWN", OTHER_TOWN),
            held_in("unit_liaison", "u7"),
        ),
    ),
    "member without a role": Actor("m11"),
}

RIGHTS = [
    *(
        ("task", action)
        for action in ("read", "accept", "urge", "returnForRework", "confirmArrival", "overrule")
    ),
    *(("summons", action) for action in ("read", "issue", "cosign", "edit")),
    ("evaluation", "submit"),
]


def task_of(village: str, unit: str, joined: str | None = None, responsible: str | None = None) -> Facts:
    """As `facts_of_many` makes them."""
    town = ".".join(village.split(".")[:-2]) + "."
    return Facts(
        area_path=village,
        issuer_path=village,
        co_issuer_paths=(joined,) if joined else (),
        unit_ids=(unit,),
        unit_lines=(f"{unit}.",),
        lead_unit_id=unit,
        territory=town,
        disputed_path=town,
        responsible_ids=(responsible,) if responsible else (),
    )


THINGS = [
    Thing(f"o{number}", task_of(village, unit, joined, responsible))
    for number, (village, unit, joined, responsible) in enumerate(
        product((VILLAGE, JOINED, villages()[25], villages()[-1]), ("u7", "u8"), (None, JOINED), (None, "m4"))
    )
]


def questions(number: int, seed: int = 1) -> list[tuple[Actor, str, str, Thing]]:
    """Drawn from every actor, right and thing."""
    random, actors = Random(seed), list(ACTORS.values())
    return [(random.choice(actors), *random.choice(RIGHTS), random.choice(THINGS)) for _ in range(number)]

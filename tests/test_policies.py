"""Who may do what: the specification's decisions, and the permission table run as it reads. No database."""

import csv
import json
from pathlib import Path

import pytest
from actors import actor_of, path_of

from models import NotAllowed
from models.reasons import REASONS
from policies.actor import ANONYMOUS, SYSTEM, Actor
from policies.explain import explain
from policies.facts import Facts
from policies.guard import decide, may, require

SPEC = Path(__file__).parent / "spec"


def around(codes: list[str]) -> str | None:
    """The smallest area around all of them."""
    paths = [path_of(code) for code in codes]
    ends = [end for end, character in enumerate(min(paths, default=""), start=1) if character == "."]
    shared = [min(paths)[:end] for end in ends if all(path.startswith(min(paths)[:end]) for path in paths)]
    return shared[-1] if shared else None


def facts_of(context: dict[str, object]) -> Facts:
    said = {**dict.fromkeys(("area", "issuer", "stationed")), **context}
    assert said.keys() <= KNOWN, said.keys() - KNOWN
    unit, member = said.get("unit"), said.get("member")
    return Facts(
        **{name: path_of(str(said[key])) for key, name in PATHS.items() if said[key]},
        co_issuer_paths=tuple(path_of(code) for code in said.get("co_issuers", ())),
        unit_ids=(unit,) if unit else (),
        unit_lines=(f"{unit}.",) if unit else (),
        lead_unit_id=said.get("lead"),
        disputed_path=around(said.get("unit_areas", [])),
        responsible_ids=(member,) if member else (),
        group_ids=tuple(said.get("group", ())),
        reporter_ids=(said["reporter"],) if said.get("reporter") else (),
        author_id=said.get("author"),
        grantee_id=said.get("grantee"),
        rank=said.get("rank"),
        reason=bool(said.get("reason")),
        published=bool(said.get("published")),
        town_party=bool(said.get("town_party")),
    )


PATHS = {"area": "area_path", "issuer": "issuer_path", "stationed": "territory"}
KNOWN = {
    *PATHS,
    *("co_issuers", "unit", "lead", "unit_areas", "member", "group", "reporter", "author", "grantee"),
    *("rank", "reason", "published", "town_party"),
}

DECISIONS = list(csv.DictReader((SPEC / "decisions.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", DECISIONS, ids=lambda row: row["id"])
def test_the_decisions_of_the_specification_hold(row: dict[str, str]) -> None:
    held = row["roles held (role@area code or unit)"].split(";")
    actor = actor_of(row["actor"], *held, unit=row["unit of the actor"])
    facts = facts_of(json.loads(row["object context"]))
    decision = decide(actor, row["object"], row["action"], facts)
    assert ("allow" if decision.allowed else "deny") == row["expected"]
    assert may(actor, row["object"], row["action"], facts) is decision.allowed


# One task of a joint summons: two villages of a town, "issuer" and "joined", call a station that stands under a
# bureau of the district. Its member "m" was made responsible, "g" sits in the issuer's follow-up group.
TABLE = """
holder                         | draft issue cosign gate accept decline arrive confirm rule reassign score byTown read
village_secretary@issuer       |   +     +     .     .     .       .      .       +     .      .       +     .     +
village_cadre@issuer           |   +     .     .     .     .       .      .       +     .      .       .     .     +
village_secretary@joined       |   .     .     +     .     .       .      .       .     .      .       +     .     +
village_cadre@joined           |   .     .     .     .     .       .      .       .     .      .       .     .     +
village_secretary@stranger     |   .     .     .     .     .       .      .       .     .      .       .     .     .
grid_worker@grid               |   .     .     .     .     .       .      .       .     .      .       .     .     .
followup_member@issuer         |   .     .     .     .     .       .      .       .     .      .       .     .     .
town_leader@town               |   .     .     .     +     .       .      .       .     +      +       .     +     +
town_coordinator@town          |   .     .     .     +     .       .      .       .     +      +       .     +     +
town_coordinator@next-town     |   .     .     .     .     .       .      .       .     .      .       .     .     .
district_org_dept@district     |   .     .     .     .     .       .      .       .     +      +       .     .     +
district_leader@district       |   .     .     .     .     .       .      .       .     +      .       .     .     +
district_supervision@district  |   .     .     .     .     .       .      .       .     .      .       .     .     +
policy_admin@district          |   .     .     .     .     .       .      .       .     .      .       .     .     .
observer@town                  |   .     .     .     .     .       .      .       .     .      .       .     .     +
observer@everywhere            |   .     .     .     .     .       .      .       .     .      .       .     .     +
unit_head@station              |   .     .     .     .     +       +      .       .     .      .       .     .     +
unit_liaison@station           |   .     .     .     .     +       .      .       .     .      .       .     .     +
responsible_member@station     |   .     .     .     .     .       .      .       .     .      .       .     .     .
m:responsible_member@station   |   .     .     .     .     .       .      +       .     .      .       .     .     +
m:unit_head@station            |   .     .     .     .     +       +      +       .     .      .       .     .     +
unit_head@bureau               |   .     .     .     .     .       .      .       .     .      .       .     .     .
g:followup_member@issuer       |   .     .     .     .     .       .      .       .     .      .       .     .     +
resident@issuer                |   .     .     .     .     .       .      .       .     .      .       .     .     .
nobody signed in               |   .     .     .     .     .       .      .       .     .      .       .     .     .
"""

PLACES = {
    "grid": "440606106004001",
    "issuer": "440606106004",
    "joined": "440606106201",
    "stranger": "440606104219",
    "town": "440606106",
    "next-town": "440606104",
    "district": "440606",
    "everywhere": "",
    "station": "U-STATION",
    "bureau": "U-BUREAU",
}

COLUMNS = {
    "draft": ("summons", "create"),
    "issue": ("summons", "issue"),
    "cosign": ("summons", "cosign"),
    "gate": ("summons", "passGate"),
    "accept": ("task", "accept"),
    "decline": ("task", "decline"),
    "arrive": ("task", "checkIn"),
    "confirm": ("task", "confirmArrival"),
    "rule": ("task", "overrule"),
    "reassign": ("task", "forceReassign"),
    "score": ("evaluation", "submit"),
    "byTown": ("evaluation", "submitTown"),
    "read": ("task", "read"),
}

JOINT_TASK = Facts(
    area_path=path_of("440606106004"),
    issuer_path=path_of("440606106004"),
    co_issuer_paths=(path_of("440606106201"),),
    unit_ids=("U-STATION",),
    unit_lines=("U-BUREAU.U-STATION.",),
    territory=path_of("440606106"),
    disputed_path=path_of("440606106"),
    responsible_ids=("m",),
    group_ids=("g",),
)


HEAD, *ROWS = TABLE.strip().splitlines()


def holder_of(text: str) -> Actor:
    """``m:unit_head@station`` is the member m; without a name, somebody of no account."""
    name, _, grant = text.rpartition(":")
    role, _, place = grant.partition("@")
    return actor_of(name or "x", f"{role}@{PLACES[place]}") if place else ANONYMOUS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[0].strip())
def test_the_permission_table_holds(row: str) -> None:
    holder, marks = (part.strip() for part in row.split("|"))
    asked = [COLUMNS[column] for column in HEAD.split("|")[1].split()]
    allowed = [may(holder_of(holder), type, action, JOINT_TASK) for type, action in asked]
    assert ["+" if yes else "." for yes in allowed] == marks.split()


@pytest.mark.parametrize(
    ("actor", "type", "action", "facts", "code"),
    [
        (
            actor_of("x", "village_secretary@440606106004", unit="U-STATION"),
            "evaluation",
            "submit",
            {},
            "OWN_UNIT",
        ),
        (
            actor_of("x", "village_secretary@440606106004", unit="U-BUREAU"),
            "evaluation",
            "submit",
            {},
            "OWN_UNIT",
        ),
        (
            actor_of("x", "village_secretary@440606106004", "unit_liaison@U-STATION"),
            *("evaluation", "submit", {}, "OWN_UNIT"),
        ),
        (
            actor_of("x", "town_leader@440606106", unit="U-STATION"),
            "evaluation",
            "submitTown",
            {},
            "OWN_UNIT",
        ),
        (
            actor_of("x", "district_org_dept@440606", unit="U-BUREAU"),
            "evaluation",
            "submitDistrict",
            {},
            "OWN_UNIT",
        ),
        (
            actor_of("x", "district_org_dept@440606", unit="U-BUREAU"),
            "evaluation",
            "adjudicate",
            {},
            "OWN_UNIT",
        ),
        (
            actor_of("x", "policy_admin@440606"),
            "binding",
            "grant",
            {"grantee_id": "x", "rank": 12},
            "OWN_GRANT",
        ),
        (actor_of("x", "policy_admin@440606"), "policy", "publish", {"author_id": "x"}, "OWN_DRAFT"),
        (actor_of("x", "discipline_auditor@440606"), "audit", "update", {}, "AUDIT_IS_FIXED"),
        (actor_of("x", "platform_admin@"), "audit", "delete", {}, "AUDIT_IS_FIXED"),
        (actor_of("x", "village_secretary@440606104219"), "summons", "issue", {}, "WRONG_PLACE"),
        (actor_of("x", "policy_admin@440606106"), "binding", "grant", {"rank": 6}, "WRONG_PLACE"),
        (actor_of("x", "village_cadre@440606106004"), "summons", "issue", {}, "NO_RULE"),
        (actor_of("x", "village_secretary@440606106"), "summons", "issue", {}, "NO_RULE"),
        (actor_of("x", "no_such_role@440606106004"), "summons", "issue", {}, "NO_RULE"),
        (ANONYMOUS, "summons", "read", {}, "NO_RULE"),
        (Actor("x", disabled=True), "unit", "read", {}, "DISABLED"),
    ],
)
def test_a_refusal_says_why(
    actor: Actor, type: str, action: str, facts: dict[str, object], code: str
) -> None:
    about = Facts(**{field: getattr(JOINT_TASK, field) for field in Facts.__slots__} | facts)
    with pytest.raises(NotAllowed) as refused:
        require(actor, type, action, about)
    assert (refused.value.action, refused.value.reason_code) == (action, code)
    assert explain(actor, type, action, about)[0] == REASONS[code][0]
    assert explain(actor, type, action, about, "zh")[0] == REASONS[code][1]


def test_the_station_is_scored_by_a_secretary_of_no_unit_and_of_a_sister_unit() -> None:
    for unit in ("", "U-BUREAU-2", "U-STATION-2"):
        assert may(
            actor_of("x", "village_secretary@440606106004", unit=unit), "evaluation", "submit", JOINT_TASK
        )


def test_own_unit_is_denied_even_when_the_line_of_command_was_forgotten() -> None:
    secretary = actor_of("x", "village_secretary@440606106004", unit="U-STATION")
    about = Facts(issuer_path=path_of("440606106004"), unit_ids=("U-STATION",))
    assert decide(secretary, "evaluation", "submit", about).reason_code == "OWN_UNIT"


def test_the_system_may_everything_and_is_nobody() -> None:
    assert may(SYSTEM, "evaluation", "submit", JOINT_TASK)
    assert not SYSTEM.is_(None)

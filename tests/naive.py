"""A second reading of the rules: plain words over plain rows. Slow and simple, and nothing of `policies` is in it."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from tortoise import Tortoise

Row = dict[str, Any]
Tables = dict[str, dict[object, Row]]

WHOLE_TREE = "everything"
"""Stands above every area; a role held at level SYSTEM is held there."""

RANKS = ["SYSTEM", "PROVINCE", "CITY", "DISTRICT", "TOWN", "VILLAGE", "GRID"]

RULE = re.compile(r"p, (\w+), ([^,]+), (\w+), (\w+), (\w+), (.+), (allow|deny)")
HEIR = re.compile(r"g, (\w+), (\w+)")


async def read_tables() -> Tables:
    """Every row of every table, by name of the model and key; in one order, whatever the database."""
    tables: Tables = {}
    for model in Tortoise.apps["models"].values():
        found = {row[model._meta.pk_attr]: row for row in await model.all().values()}
        tables[model.__name__] = {key: found[key] for key in sorted(found, key=str)}
    return tables


class Held(NamedTuple):
    """A role, and the one area (or WHOLE_TREE) or the one unit where it is held; neither for anyone and member."""

    role: str
    level: str = ""
    area: str | None = None
    unit: str | None = None


class Naive:
    """What a text of rules says, asked one question at a time."""

    def __init__(self, tables: Tables, text: str) -> None:
        self.tables = tables
        self.rules = [found.groups() for line in text.splitlines() if (found := RULE.fullmatch(line))]
        self.heirs = [found.groups() for line in text.splitlines() if (found := HEIR.fullmatch(line))]
        assert len(self.rules) + len(self.heirs) == len(text.splitlines())

    def allows(
        self, member: str | None, moment: datetime, asked: tuple[str, str], model: str, key: object
    ) -> bool:
        """`asked` is type and action; `model` and `key` tell the object; `member` None is the anonymous."""
        person, thing = Person(self.tables, member, moment), Thing(self.tables, model, key)
        effects = {
            effect
            for role, at, type, action, relation, when, effect in self.rules
            if (type, action) == asked
            and any(
                self.is_a(held.role, role)
                and self.held_there(held, at)
                and getattr(Link(self.tables, person, held, thing), relation)()
                for held in person.roles()
            )
            and thing.fits(when, member)
        }
        return "allow" in effects and "deny" not in effects

    def is_a(self, role: str, other: str) -> bool:
        known = {role}
        for _ in self.heirs:
            known |= {elder for heir, elder in self.heirs if heir in known}
        return other in known

    def held_there(self, held: Held, at: str) -> bool:
        """``town|village@44.4406.``: at one of the levels, and at an area whose way down begins with these codes."""
        levels, _, inside = at.partition("@")
        if levels != "*" and held.level.lower() not in levels.split("|"):
            return False
        wanted = inside.split(".")[:-1]
        if not wanted:
            return True
        way_down = up(self.tables, held.area)[::-1][1:] if held.area else []
        return way_down[: len(wanted)] == wanted


def up(tables: Tables, area: str | None) -> list[str]:
    """The area, the area above it, and so on to the whole tree; nothing for no area."""
    if area is None:
        return []
    if area == WHOLE_TREE:
        return [WHOLE_TREE]
    return [area, *up(tables, tables["Area"][area]["parent_id"] or WHOLE_TREE)]


def command(tables: Tables, unit: str | None) -> list[str]:
    """The unit, the unit it stands under, and so on; nothing for no unit."""
    return [unit, *command(tables, tables["Unit"][unit]["parent_id"])] if unit else []


class Person:
    """Who asks, at some moment."""

    def __init__(self, tables: Tables, member: str | None, moment: datetime) -> None:
        self.tables, self.id, self.moment = tables, member, moment
        self.row = tables["Member"][member] if member else {"disabled_at": None, "unit_id": None}

    def grants(self) -> list[Row]:
        if self.id is None or self.row["disabled_at"]:
            return []
        mine = [row for row in self.tables["Grant"].values() if row["member_id"] == self.id]
        return [row for row in mine if self.is_live(row)]

    def is_live(self, grant: Row) -> bool:
        begun = grant["since"] <= self.moment
        ended = grant["until"] is not None and grant["until"] <= self.moment
        principal = self.tables["Member"].get(grant["principal_id"])
        return (
            begun and not ended and not grant["revoked_at"] and not (principal and principal["disabled_at"])
        )

    def roles(self) -> list[Held]:
        signed_in = [Held("member")] if self.id and not self.row["disabled_at"] else []
        return [Held("anyone"), *signed_in, *map(held, self.grants())]

    def units(self) -> set[str]:
        """Their own, those they hold a role in, and those of the members in whose name they hold one."""
        principals = [
            self.tables["Member"][row["principal_id"]] for row in self.grants() if row["principal_id"]
        ]
        found = [self.row["unit_id"], *(row["unit_id"] for row in [*self.grants(), *principals])]
        return {unit for unit in found if unit}


def held(grant: Row) -> Held:
    area = WHOLE_TREE if grant["level"] == "SYSTEM" else grant["area_id"]
    return Held(grant["role"], grant["level"], area, grant["unit_id"])


class Thing:
    """An object: a row, and the rows around it."""

    def __init__(self, tables: Tables, model: str, key: object) -> None:
        self.tables, self.model, self.row = tables, model, tables[model][key]

    def unit(self) -> Row | None:
        """The unit it is, or belongs to."""
        if self.model == "Unit":
            return self.row
        belonging = ("Member", "DutyItem", "Grant", "MetricSnapshot", "Notice", "Pairing")
        if self.model in (*belonging, "WorkOrder", "ListItem"):
            return self.tables["Unit"].get(self.row["unit_id"])
        return None

    def area(self) -> str | None:
        """The area it is, or lies in."""
        if self.model == "WorkOrder":
            return self.tables["Request"][self.row["request_id"]]["area_id"]
        if self.model == "Objection":
            return self.tables["Publication"][self.row["publication_id"]]["area_id"]
        if self.model == "Claim":
            return self.tables["ListItem"][self.row["item_id"]]["area_id"]
        placed = ("Area", "Member", "BreakGlass", "MetricSnapshot", "Request", "FlagEntry", "RequestCategory")
        placed += (
            "Publication",
            "Notice",
            "Commitment",
            "Export",
            "Honour",
            "Inspection",
            "InspectionPlan",
            "Pairing",
            "ListItem",
        )
        if self.model in placed:
            return self.row["code"] if self.model == "Area" else self.row["area_id"]
        if self.model == "Grant" and self.row["level"] != "UNIT":
            return held(self.row).area
        if self.model in ("PolicyVersion", "Template"):
            return self.row["area_id"] or WHOLE_TREE
        if self.model in ("AuditEntry", "FollowUpGroup"):
            return last_of(self.row["path"]) or WHOLE_TREE
        unit = self.unit()
        return territory(unit) if unit else self.issuer()

    def summons(self) -> Row | None:
        if self.model == "Summons":
            return self.row
        if self.model == "FollowUp":
            return self.tables["Summons"][self.row["summons_id"]]
        task = self.tables["Task"].get(self.row["task_id"]) if self.model == "Evaluation" else self.row
        return self.tables["Summons"][task["summons_id"]] if self.model in ("Task", "Evaluation") else None

    def issuer(self) -> str | None:
        summons = self.summons()
        return summons["issuer_id"] if summons else None

    def tasks(self) -> list[Row]:
        """The task it is; all tasks of the summons it is, or follows up."""
        if self.model in ("Summons", "FollowUp"):
            summons = self.summons()
            return [task for task in self.tables["Task"].values() if task["summons_id"] == summons["id"]]
        return [self.row] if self.model == "Task" else []

    def summoned(self) -> set[str]:
        """The units it was given to, or that it judges."""
        judged = [self.row] if self.model == "Evaluation" else []
        return {row["unit_id"] for row in [*self.tasks(), *judged]}

    def fits(self, when: str, member: str | None) -> bool:
        """The condition, read as Python reads it."""
        python = re.sub(r"in \(([^)]*)\)", r"in [\1]", when)
        python = re.sub(r"!(?!=)", " not ", python.replace("&&", " and ").replace("||", " or "))
        python = re.sub(r"r\.obj\.(\w+)", r"of['\1']", python).replace("r.sub.id", "me").strip()
        return bool(eval(python, {"of": self.attributes(), "me": member or object()}))

    def attributes(self) -> Row:
        empty = dict.fromkeys(
            ("area_level", "member_id", "unit_id", "reporter_id", "author_id", "grantee_id")
        )
        flags = dict.fromkeys(("official", "published", "reason", "town_party"), False)
        unit = self.unit()
        return {**empty, **flags, "unit_id": unit and unit["id"], **self.own_attributes()}

    def own_attributes(self) -> Row:
        row = self.row
        match self.model:
            case "Area":
                return {"area_level": row["level"]}
            case "Member":
                return {"member_id": row["id"], "official": row["official"]}
            case "Grant":
                return {"member_id": row["member_id"], "grantee_id": row["member_id"]}
            case "BreakGlass" | "FlagEntry" | "Commitment" | "Export" | "Honour" | "ListItem":
                return {"member_id": row["member_id"]}
            case "Request":
                return {"reporter_id": row["reporter_id"]}
            case "Evaluation":
                return {"town_party": row["town_party"]}
            case "Publication":
                return {"published": row["published"]}
            case "PolicyVersion":
                return {"author_id": row["author_id"], "published": row["published"]}
        return {}


def last_of(path: str) -> str | None:
    """The code of the area with that path."""
    return path.split(".")[-2] if path else None


def territory(unit: Row) -> str:
    area: str = unit["command_area_id"] or unit["home_area_id"]
    return area


class Link:
    """How a place where a role is held relates to an object: a method for each relation of the vocabulary."""

    def __init__(self, tables: Tables, person: Person, held: Held, thing: Thing) -> None:
        self.tables, self.person, self.held, self.thing = tables, person, held, thing

    def any(self) -> bool:
        return True

    def subtree(self) -> bool:
        return self.held.area is not None and self.held.area in up(self.tables, self.thing.area())

    def subtree_not_above(self) -> bool:
        if self.thing.model != "Grant" or not self.subtree():
            return False
        unit = self.thing.unit()
        level = unit["level"] if unit else self.thing.row["level"]
        return RANKS.index(level) >= RANKS.index(self.held.level)

    def own_area(self) -> bool:
        """In a village or grid, the grids below it are its own."""
        below = self.held.level in ("VILLAGE", "GRID") and self.subtree()
        return below or (self.held.area is not None and self.held.area == self.thing.area())

    registered = own_area

    def issuer(self) -> bool:
        return self.held.area is not None and self.held.area == self.thing.issuer()

    def co_issuer(self) -> bool:
        summons = self.thing.summons()
        joined = [
            row for row in self.tables["CoIssuer"].values() if summons and row["summons_id"] == summons["id"]
        ]
        return any(row["area_id"] == self.held.area for row in joined)

    def commands(self) -> bool:
        unit = (
            self.tables["Unit"][self.thing.row["unit_id"]] if self.thing.model == "Task" else self.thing.row
        )
        if self.thing.model not in ("Task", "Unit") or self.held.area is None:
            return False
        return self.held.area in up(self.tables, territory(unit))

    def arbiter(self) -> bool:
        disputed = self.thing.row["disputed_path"] if self.thing.model == "Task" else None
        places = [self.thing.issuer(), last_of(disputed)] if disputed else []
        return bool(places) and all(self.held.area in up(self.tables, place) for place in places)

    def target_unit(self) -> bool:
        if self.thing.model == "Request":
            return self.held.unit is not None and self.thing.row["transferred_to_id"] == self.held.unit
        return self.held.unit in self.thing.summoned()

    def lead_unit(self) -> bool:
        summons = self.thing.summons() if self.thing.model in ("Summons", "FollowUp") else None
        led = summons["lead_unit_id"] if summons else None
        if self.thing.model == "Task" and self.thing.row["lead"]:
            led = self.thing.row["unit_id"]
        return led is not None and led == self.held.unit

    def own_unit(self) -> bool:
        unit = self.thing.unit()
        return unit is not None and unit["id"] == self.held.unit

    def member_of_evaluated_unit(self) -> bool:
        return any(self.person.units() & set(command(self.tables, unit)) for unit in self.thing.summoned())

    def assigned(self) -> bool:
        return self.is_me(*(task["responsible_id"] for task in self.thing.tasks()))

    def group_member(self) -> bool:
        issuer = self.thing.issuer() if self.thing.model in ("Summons", "Task", "FollowUp") else None
        if self.thing.model == "FollowUpGroup":
            issuer = self.thing.area()
        groups = {row["id"] for row in self.tables["FollowUpGroup"].values() if row["area_id"] == issuer}
        seats = self.tables["FollowUpGroupMember"].values()
        return self.is_me(*(seat["member_id"] for seat in seats if seat["group_id"] in groups))

    def self(self) -> bool:
        """A delegation is the principal's as well as the deputy's."""
        row = self.thing.row
        owners = {"Member": ["id"], "Grant": ["member_id", "principal_id"], "BreakGlass": ["member_id"]}
        owners["FlagEntry"] = owners["Honour"] = owners["Commitment"] = owners["Export"] = ["member_id"]
        owners["ListItem"] = ["member_id"]
        return self.is_me(*(row[column] for column in owners.get(self.thing.model, [])))

    def official(self) -> bool:
        return self.thing.model == "Member" and self.thing.row["official"]

    def published(self) -> bool:
        return self.thing.model in ("PolicyVersion", "Publication") and self.thing.row["published"]

    def reporter(self) -> bool:
        if self.thing.model != "Request":
            return False
        told = [row for row in self.tables["Reporter"].values() if row["request_id"] == self.thing.row["id"]]
        return self.is_me(*(row["member_id"] for row in told))

    def paired(self) -> bool:
        """Orders alone, in the village whose offers count for them."""
        village = self.thing.row["village"] if self.thing.model == "WorkOrder" else None
        pairings = self.tables["Pairing"].values()
        return village is not None and any(
            (row["area_id"], row["unit_id"], row["ended_at"]) == (village, self.held.unit, None)
            for row in pairings
        )

    def is_me(self, *members: str | None) -> bool:
        return self.person.id is not None and self.person.id in members

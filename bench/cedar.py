"""The default rules in Cedar's language, for the questions of the measurements; raises ImportError without cedarpy."""

import json
from importlib.metadata import version

from cedarpy import Decision, Entities, PolicySet, is_authorized

from bench.made_up import THINGS, Thing
from policies.actor import Actor
from policies.book import Rule
from policies.facts import Facts
from policies.rules import rules

AT = "principal.{role}_areas"
RELATIONS = {
    "any": "true",
    "subtree": f"resource.area in {AT}",
    "subtree_not_above": f"resource.area in {AT} && resource has rank",
    "issuer": f"{AT}.contains(resource.issuer)",
    "co_issuer": f"{AT}.containsAny(resource.coIssuers)",
    "commands": f"resource.territory in {AT}",
    "arbiter": f"resource.issuer in {AT} && resource.disputed in {AT}",
    "registered": f"{AT}.contains(resource.area)",
    "target_unit": "principal.{role}_units.containsAny(resource.units)",
    "lead_unit": "principal.{role}_units.contains(resource.lead)",
    "own_unit": "resource has unit && principal.{role}_units.contains(resource.unit)",
    "paired": "resource has paired && principal.{role}_units.containsAny(resource.paired)",
    "assigned": "resource.responsible.contains(principal)",
    "reporter": "resource has reporter && resource.reporter == principal",
    "group_member": "resource has group && resource.group.contains(principal)",
    "self": "resource has member && resource.member == principal",
    "official": "resource.official",
    "published": "resource.published",
    "member_of_evaluated_unit": "principal.units.containsAny(resource.units)",
}
CONDITIONS = {
    "True": "true",
    "r.obj.reason == True": "resource.reason",
    "r.obj.town_party != True": "!resource.townParty",
    "r.obj.author_id != r.sub.id": "!(resource has author && resource.author == principal)",
    "r.obj.author_id == r.sub.id": "resource has author && resource.author == principal",
    "r.obj.grantee_id != r.sub.id": "!(resource has grantee && resource.grantee == principal)",
    "r.obj.grantee_id == r.sub.id": "resource has grantee && resource.grantee == principal",
}

Json = dict[str, object]


class Cedar:
    """Everything is parsed here; `ask` only decides."""

    def __init__(self, asked: list[tuple[Actor, str, str, Thing]]) -> None:
        texts = [_policy(rule) for rule in rules().rules]
        actors = {actor.id: actor for actor, *_ in asked}
        entities = [
            *(_user(actor) for actor in actors.values()),
            *(_thing(thing) for thing in THINGS),
            *_areas([*(grant.path for actor in actors.values() for grant in actor.grants), *_places()]),
        ]
        self.policies = PolicySet.from_str("\n".join(texts))
        self.entities = Entities.from_json_str(json.dumps(entities))
        self.requests = [
            {
                "principal": {"type": "User", "id": actor.id},
                "action": {"type": "Action", "id": f"{type}.{action}"},
                "resource": {"type": "Thing", "id": thing.id},
                "context": {},
            }
            for actor, type, action, thing in asked
        ]
        self.version, self.size = version("cedarpy"), f"{len(texts)} policies, {len(entities)} entities"

    def ask(self, number: int) -> bool:
        return bool(
            is_authorized(self.requests[number], self.policies, self.entities).decision == Decision.Allow
        )

    def ask_all(self) -> None:
        for request in self.requests:
            is_authorized(request, self.policies, self.entities)


def _policy(rule: Rule) -> str:
    """Every rule of the default policy is for all levels at which its role is held, so levels are left out."""
    relation = "own" if rule.relation == "own_area" else rule.relation
    wide = "subtree" if rule.levels & {"VILLAGE", "GRID"} else "registered"
    text = RELATIONS[wide if relation == "own" else relation].format(role=rule.role)
    parts = [f'principal.roles.contains("{rule.role}")', text, CONDITIONS[rule.when]]
    body = " && ".join(f"({part})" for part in parts)
    effect = "permit" if rule.allows else "forbid"
    return f'{effect}(principal, action == Action::"{rule.type}.{rule.action}", resource) when {{ {body} }};'


def _user(actor: Actor) -> Json:
    held = [(role, grant) for grant in actor.roles for role in rules().inherited[grant.role]]
    areas: dict[str, list[Json]] = {f"{role}_areas": [] for role in rules().inherited}
    units: dict[str, list[Json]] = {f"{role}_units": [] for role in rules().inherited}
    for role, grant in held:
        if grant.unit_id:
            units[f"{role}_units"].append(_ref("Unit", grant.unit_id))
        elif grant.path:
            areas[f"{role}_areas"].append(_ref("Area", grant.path))
    own = [_ref("Unit", grant.unit_id) for grant in actor.grants if grant.unit_id]
    own += [_ref("Unit", actor.unit_id)] if actor.unit_id else []
    attributes: Json = {"roles": sorted({role for role, _ in held}), "units": own, **areas, **units}
    return _entity("User", str(actor.id), attributes)


def _thing(thing: Thing) -> Json:
    facts = thing.facts
    attributes: Json = {
        "area": _ref("Area", facts.area_path),
        "issuer": _ref("Area", facts.issuer_path),
        "territory": _ref("Area", facts.territory),
        "disputed": _ref("Area", facts.disputed_path),
        "coIssuers": [_ref("Area", path) for path in facts.co_issuer_paths],
        "units": [_ref("Unit", unit) for unit in facts.unit_ids],
        "lead": _ref("Unit", facts.lead_unit_id),
        "responsible": [_ref("User", member) for member in facts.responsible_ids],
        **{name: False for name in ("official", "published", "reason", "townParty")},
    }
    return _entity("Thing", thing.id, attributes)


def _places() -> list[str]:
    return [path for thing in THINGS for path in _paths(thing.facts)]


def _paths(facts: Facts) -> list[str]:
    return [path for path in (facts.area_path, facts.territory, *facts.co_issuer_paths) if path]


def _areas(paths: list[str]) -> list[Json]:
    """All of them and what lies above, each with its parent."""
    known: dict[str, str | None] = {}
    for path in paths:
        parts = path.split(".")[:-1]
        for end in range(1, len(parts) + 1):
            known[".".join(parts[:end]) + "."] = ".".join(parts[: end - 1]) + "." if end > 1 else None
    return [_entity("Area", path, {}, above) for path, above in known.items()]


def _ref(type: str, id: str | None) -> Json:
    return {"__entity": {"type": type, "id": str(id)}}


def _entity(type: str, id: str, attributes: Json, above: str | None = None) -> Json:
    parents = [{"type": type, "id": above}] if above else []
    return {"uid": {"type": type, "id": id}, "attrs": attributes, "parents": parents}

"""The closed table of relations; `vocabulary.RELATIONS` has their words.

The two halves of a relation mean the same; `tests/test_scopes.py` holds them equal on real databases.
"""

from models import (
    Area,
    BreakGlass,
    Commitment,
    DutyItem,
    Evaluation,
    Export,
    FlagEntry,
    Grant,
    Honour,
    ListItem,
    Member,
    MetricSnapshot,
    Notice,
    Pairing,
    PolicyVersion,
    Publication,
    Request,
    Unit,
    WorkOrder,
)
from policies import area_relations as areas
from policies import member_relations as members
from policies import unit_relations as units
from policies.holder import Holder, Relation, Rows

RELATION: dict[str, Relation] = {
    "any": Relation(members.anything, members.every_row, areas.whole_tree),
    "subtree": Relation(areas.subtree, areas.subtree_rows, Holder.paths),
    "subtree_not_above": Relation(areas.subtree_not_above, areas.subtree_not_above_rows),
    "own_area": Relation(areas.own_area, areas.own_area_rows, areas.own_subtrees),
    "issuer": Relation(areas.issuer, areas.issuer_rows),
    "co_issuer": Relation(areas.co_issuer, areas.co_issuer_rows),
    "commands": Relation(areas.commands, areas.commands_rows),
    "arbiter": Relation(areas.arbiter, areas.arbiter_rows),
    "registered": Relation(areas.own_area, areas.own_area_rows, areas.own_subtrees),
    "target_unit": Relation(units.target_unit, units.target_unit_rows),
    "lead_unit": Relation(units.lead_unit, units.lead_unit_rows),
    "own_unit": Relation(units.own_unit, units.own_unit_rows),
    "paired": Relation(units.paired, units.paired_rows),
    "assigned": Relation(members.assigned, members.assigned_rows),
    "reporter": Relation(members.reporter, members.reporter_rows),
    "group_member": Relation(members.group_member, members.group_member_rows),
    "self": Relation(members.oneself, members.own_rows),
    "official": Relation(members.official, members.official_rows),
    "published": Relation(members.published, members.published_rows),
    "member_of_evaluated_unit": Relation(units.member_of_evaluated_unit, units.member_of_evaluated_unit_rows),
}

CONDITION_COLUMNS: dict[Rows, dict[str, str]] = {
    Area: {"area_level": "level"},
    Unit: {"unit_id": "id"},
    Member: {"member_id": "id", "unit_id": "unit_id", "official": "official"},
    DutyItem: {"unit_id": "unit_id"},
    BreakGlass: {"member_id": "member_id"},
    Evaluation: {"town_party": "town_party"},
    MetricSnapshot: {"unit_id": "unit_id"},
    Export: {"member_id": "member_id"},
    Notice: {"unit_id": "unit_id"},
    Pairing: {"unit_id": "unit_id"},
    WorkOrder: {"unit_id": "unit_id"},
    ListItem: {"unit_id": "unit_id", "member_id": "member_id"},
    Commitment: {"member_id": "member_id"},
    Grant: {"member_id": "member_id", "grantee_id": "member_id", "unit_id": "unit_id"},
    Request: {"reporter_id": "reporter_id"},
    FlagEntry: {"member_id": "member_id"},
    Honour: {"member_id": "member_id"},
    PolicyVersion: {"author_id": "author_id", "published": "published"},
    Publication: {"published": "published"},
}
"""Columns of what conditions may look at. The facts of a model have these attributes of them and no others."""

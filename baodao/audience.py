"""Which subscriptions can be answered once for many: those that show nothing but what rights reach."""

from dataclasses import dataclass

import orjson
from graphql import (
    FieldNode,
    GraphQLSchema,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)

from baodao.known import Known, Variables
from policies.alike import Right

SUMMONS, TASK = ("summons", "read"), ("task", "read")
MEMBER, UNIT, AREA = ("member", "read"), ("unit", "read"), ("area", "read")
AREAS = dict.fromkeys(("Area", "Province", "City", "District", "Town", "Village", "Grid"), AREA)
RIGHTS: dict[str, Right] = {"Summons": SUMMONS, "Task": TASK, "Unit": UNIT, "Member": MEMBER, **AREAS}
"""What decides whether the objects of a type can be seen."""

OF_AREAS = "id code name kind level parent ancestors town village"
PLAIN: dict[str, frozenset[str]] = {
    type: frozenset(fields.split())
    for type, fields in {
        "TaskUpdate": "cursor event",
        "Event": "id cursor type at actor onBehalfOf area summons task aggregateVersion fromState toState note",
        "Summons": "id number title text category tier state issuer coIssuers signedBy appointment resolution"
        " leadUnit targets tasks duplicateOf outcome round issuedAt dueAt updatedAt version",
        "Task": "id summons unit lead state responsible appointment result dueAt overdue escalationLevel round"
        " updatedAt version",
        "Appointment": "from to place",
        "Resolution": "meetingAt present minutes ratifiedAt",
        "TaskResult": "outcome text submittedAt",
        "Unit": "id name kind level parent homeArea commandArea summonable",
        "Member": "id name unit",
        **dict.fromkeys(AREAS, OF_AREAS),
    }.items()
}
"""Fields whose value follows from the row and the rights above. A field that is not here may look at who asks."""


@dataclass(frozen=True, slots=True)
class Audience:
    """The rights that decide what a document shows. `after` is the variable with the place to begin, if any."""

    rights: frozenset[Right]
    after: str | None

    def asked(self, variables: Variables | None) -> bytes:
        """The variables, equal for those who ask the same but begin elsewhere."""
        rest = {name: value for name, value in (variables or {}).items() if name != self.after}
        return orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)


def audience_of(schema: GraphQLSchema, known: Known) -> Audience | None:
    """None for what has to be answered for each subscriber alone."""
    if known.operation.operation is not OperationType.SUBSCRIPTION:
        return None
    info = TypeInfo(schema)
    looking = _Looking(info)
    visit(known.document, TypeInfoVisitor(info, looking))
    return Audience(frozenset(looking.rights), looking.after) if looking.plain else None


class _Looking(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.plain = True
        self.after: str | None = None
        self.rights: set[Right] = {SUMMONS, TASK, AREA}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, name = self._info.get_parent_type(), node.name.value
        if name == "__typename":
            return
        if parent is not None and parent.name == "Subscription":
            self._note_start(node)
        elif parent is None or name not in PLAIN.get(parent.name, ()) or node.arguments:
            self.plain = False
        if (shown := self._info.get_type()) is not None and (right := RIGHTS.get(get_named_type(shown).name)):
            self.rights.add(right)

    def _note_start(self, node: FieldNode) -> None:
        self.plain &= node.name.value == "taskUpdates"
        for argument in node.arguments or ():
            if argument.name.value == "after" and isinstance(argument.value, VariableNode):
                self.after = argument.value.name.value

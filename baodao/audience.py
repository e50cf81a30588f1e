"""Which documents can be answered once for many: those that show nothing but what rights reach."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    ObjectFieldNode,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_input_object_type,
    type_from_ast,
    visit,
)

from policies.alike import Right

SUMMONS, TASK = ("summons", "read"), ("task", "read")
PUBLICATION = ("publication", "read")
REQUEST, ORDER = ("request", "read"), ("order", "read")
MEMBER, UNIT, AREA = ("member", "read"), ("unit", "read"), ("area", "read")
AREAS = dict.fromkeys(("Area", "Province", "City", "District", "Town", "Village", "Grid"), AREA)
OF_ROWS: dict[str, Right] = {"Summons": SUMMONS, "Task": TASK, "Unit": UNIT, "Member": MEMBER, **AREAS}
LISTED = ("Area", "Unit", "Summons", "Task")
RIGHTS: dict[str, Right] = {
    **OF_ROWS,
    **{f"{type}Connection": OF_ROWS[type] for type in LISTED},
    "StateCount": SUMMONS,
    "Board": PUBLICATION,
    "Request": REQUEST,
    "WorkOrder": ORDER,
}
"""What decides whether the objects of a type can be seen, or how many there are."""
LOGGED = frozenset({SUMMONS, TASK, PUBLICATION})
"""What they reach changes only together with the end of the log; all else is counted by `models.generations`."""

OF_AREAS = "id code name kind level parent ancestors town village"
OF_ROW_TYPES = {
    "Node": "id",
    "Summons": "id number title text category tier state issuer coIssuers signedBy appointment resolution"
    " leadUnit targets tasks duplicateOf outcome round issuedAt dueAt updatedAt version",
    "Task": "id summons unit lead state responsible appointment result dueAt escalationLevel round updatedAt"
    " version",
    "Appointment": "from to place",
    "Resolution": "meetingAt present minutes ratifiedAt",
    "TaskResult": "outcome text submittedAt",
    "Unit": "id name kind level parent homeArea commandArea summonable",
    "Member": "id name unit",
    **dict.fromkeys(AREAS, OF_AREAS),
}
OF_SUBSCRIPTIONS = {
    "Subscription": "taskUpdates",
    "TaskUpdate": "cursor event",
    "Event": "id cursor type at actor onBehalfOf area summons task aggregateVersion fromState toState note",
    "Task": "overdue",  # as of the event, for everybody
}
OF_REQUEST_UPDATES = {
    "Subscription": "requestUpdates",
    "RequestUpdate": "cursor event",
    # who acted is not among them: of a request's reporters each is shown to themselves alone
    "Event": "id cursor type at area request order aggregateVersion fromState toState note",
    "Request": "id number area channel matterClass text place state answer promisedFor rejection outcome result"
    " round escalationLevel dueAt doneAt closedAt createdAt updatedAt version overdue",
    "WorkOrder": "id request mode text post assignee unit state acceptedAt result evidence doneAt doneBy"
    " escalationLevel dueAt createdAt updatedAt version overdue",
}
OF_QUERIES = {
    "Query": "area areas unit units summons summonses task tasks board",
    **dict.fromkeys(AREAS, "towns villages grids children units summonses summonsCounts"),
    **{f"{type}Connection": "edges pageInfo totalCount" for type in LISTED},
    **{f"{type}Edge": "cursor node" for type in LISTED},
    "PageInfo": "hasNextPage hasPreviousPage startCursor endCursor",
    "StateCount": "state count",
    "Board": "area areaName month edition corrected objections upheld",
    "BoardEdition": "number cause publishedAt correctedAt figures requests orders flags commitments"
    " commitmentsKept unitRanking gridRanking stars",
    "BoardFigure": "metric title numeratorWords denominatorWords numerator denominator rate asOf hash",
    "BilingualText": "en zh",
    "BoardEntry": "name tasks mean score place",
    "BoardStar": "place shownAs flags",
    "SummonsFilter": "state category tier unit issuer issuedFrom issuedTo updatedSince text",
    "TaskFilter": "state unit area responsible updatedSince",
}


def _together(*tables: Mapping[str, str]) -> dict[str, frozenset[str]]:
    types = {type for table in tables for type in table}
    return {type: frozenset(" ".join(table.get(type, "") for table in tables).split()) for type in types}


PLAIN: dict[OperationType, dict[str, frozenset[str]]] = {
    OperationType.SUBSCRIPTION: _together(OF_ROW_TYPES, OF_SUBSCRIPTIONS),
    OperationType.QUERY: _together(OF_ROW_TYPES, OF_QUERIES),
}
"""Fields, also of filters, that follow from rows and the rights above alone. Others may look at who asks, or when."""
ARGUMENTS: dict[OperationType, frozenset[str]] = {
    OperationType.SUBSCRIPTION: frozenset({"area", "unit", "types", "after"}),
    OperationType.QUERY: frozenset(
        {"id", "code", "area", "level", "month", "name", "filter", "orderBy", "first", "after"}
    ),
}
"""What such fields may be given."""
ALWAYS: dict[OperationType, frozenset[Right]] = {
    OperationType.SUBSCRIPTION: frozenset({SUMMONS, TASK, AREA}),
    OperationType.QUERY: frozenset({AREA}),
}
"""Rights that are looked at whatever is shown."""


BY_ROOT: dict[str, tuple[dict[str, frozenset[str]], frozenset[Right]]] = {
    "requestUpdates": (_together(OF_ROW_TYPES, OF_REQUEST_UPDATES), frozenset({REQUEST, ORDER, AREA})),
}
"""The same two of subscriptions that tell of something else than others do."""


@dataclass(frozen=True, slots=True)
class Audience:
    """The rights that decide what a document shows. `after`: the variable with a subscription's place to begin, if any.

    `filters`: the variables that are objects, and which of their fields are plain.
    """

    rights: frozenset[Right]
    after: str | None = None
    filters: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def logged(self) -> bool:
        return not self.rights.isdisjoint(LOGGED)

    def asked(self, variables: Mapping[str, object] | None) -> bytes | None:
        """The variables, equal for those who ask the same but begin elsewhere; None when they ask for more."""
        given = {name: value for name, value in (variables or {}).items() if name != self.after}
        for name, plain in self.filters:
            wanted = given.get(name)
            if isinstance(wanted, dict) and any(wanted[part] is not None for part in wanted.keys() - plain):
                return None
        try:
            return orjson.dumps(given, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:  # it reads what is nested deeper than it writes
            return None


def audience_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationType) -> Audience | None:
    """None for what has to be answered for each who asks alone."""
    if operation not in PLAIN:
        return None
    info = TypeInfo(schema)
    looking = _Looking(
        schema, info, operation, *BY_ROOT.get(_root(document), (PLAIN[operation], ALWAYS[operation]))
    )
    visit(document, TypeInfoVisitor(info, looking))
    return looking.audience() if looking.plain else None


def _root(document: DocumentNode) -> str:
    """The first field of the document's operation; "" where a fragment tells it."""
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            first = one.selection_set.selections[0]
            return first.name.value if isinstance(first, FieldNode) else ""
    return ""


class _Looking(Visitor):
    def __init__(
        self,
        schema: GraphQLSchema,
        info: TypeInfo,
        operation: OperationType,
        plain: Mapping[str, frozenset[str]],
        always: frozenset[Right],
    ) -> None:
        super().__init__()
        self._schema, self._info, self._operation = schema, info, operation
        self._plain = plain
        self._rights = set(always)
        self._after: str | None = None
        self._filters: dict[str, frozenset[str]] = {}
        self.plain = True

    def audience(self) -> Audience:
        """Summonses can be narrowed to those whose tasks can be read."""
        more = {TASK} if SUMMONS in self._rights else set()
        return Audience(frozenset(self._rights | more), self._after, tuple(self._filters.items()))

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, name = self._info.get_parent_type(), node.name.value
        if name != "__typename":
            self.plain &= parent is not None and name in self._plain.get(parent.name, ())
        if (shown := self._info.get_type()) is not None and (right := RIGHTS.get(get_named_type(shown).name)):
            self._rights.add(right)

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        if self._info.get_directive() is not None:
            return
        self.plain &= node.name.value in ARGUMENTS[self._operation]
        if node.name.value == "after" and self._operation is OperationType.SUBSCRIPTION:
            self._after = node.value.name.value if isinstance(node.value, VariableNode) else None

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        object = self._info.get_parent_input_type()
        name = get_named_type(object).name if object is not None else ""
        self.plain &= node.name.value in self._plain.get(name, ())

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        type = type_from_ast(self._schema, node.type)
        if type is not None and is_input_object_type(named := get_named_type(type)):
            self.plain &= named.name in self._plain and "[" not in str(type)
            self._filters[node.variable.name.value] = self._plain.get(named.name, frozenset())

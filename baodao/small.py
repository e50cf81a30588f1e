"""Documents that anybody may ask: one query of the board, each of its fields once, and not more than a worker bears."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
)

from baodao.known import LONGEST, root_of
from models import InvalidInput
from resolvers.board import MOST_CORRECTED
from resolvers.standings import MOST_RANKED

PUBLIC = frozenset({"board"})
"""Fields of queries that need no token. Their types lead to nothing that does (a test says so)."""
MOST_TOKENS = 300
DEEPEST = 10
MOST_FIELDS = 30_000
"""In an answer, if every list in it were as long as it can be."""
TIMES = {
    "corrected": MOST_CORRECTED,
    "figures": 20,
    "gridRanking": MOST_RANKED,
    "stars": 3,
    "unitRanking": MOST_RANKED,
}
"""How often there can be what is asked for inside of these fields."""


def small_document(text: object) -> DocumentNode | None:
    """None for all that does not ask for what is public, and that alone. Raises InvalidInput when it asks for too much.

    It need not be valid, and costs little to look at whatever it is.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    try:
        document = parse(text, max_tokens=MOST_TOKENS)
    except (GraphQLError, RecursionError):
        return None
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return None
    if root_of(operations[0], fragments) not in PUBLIC:
        return None
    named = {one.name.value: one.selection_set for one in fragments}
    _Weighing(named, MOST_FIELDS).weigh(operations[0].selection_set, 1, DEEPEST)
    return document


@dataclass(slots=True)
class _Weighing:
    """`left`: how many fields may still come."""

    fragments: Mapping[str, SelectionSetNode]
    left: int

    def weigh(self, chosen: SelectionSetNode, times: int, deep: int) -> None:
        """InvalidInput ASKED_TOO_MUCH, and ASKED_TWICE: a field that is asked for again counts as often as it is."""
        names = set[str]()
        for field in self._fields(chosen):
            self.left -= times
            if self.left < 0 or not deep:
                raise InvalidInput("ASKED_TOO_MUCH")
            if field.name.value in names:
                raise InvalidInput("ASKED_TWICE")
            names.add(field.name.value)
            if field.selection_set is not None:
                self.weigh(field.selection_set, times * TIMES.get(field.name.value, 1), deep - 1)

    def _fields(self, chosen: SelectionSetNode) -> Iterator[FieldNode]:
        """With those of its fragments."""
        spread, waiting = set[str](), [chosen]
        while waiting:
            for one in waiting.pop().selections:
                if isinstance(one, FieldNode):
                    yield one
                elif isinstance(one, InlineFragmentNode):
                    waiting.append(one.selection_set)
                elif isinstance(one, FragmentSpreadNode) and one.name.value in self.fragments:
                    if one.name.value in spread:
                        raise InvalidInput("ASKED_TWICE")
                    spread.add(one.name.value)
                    waiting.append(self.fragments[one.name.value])

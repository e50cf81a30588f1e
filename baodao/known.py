"""Documents that were answered before: known to be valid, they need neither parsing nor checking, and no extensions."""

from collections import OrderedDict
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import cast

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    default_field_resolver,
    default_type_resolver,
    get_operation_ast,
    parse,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import get_variable_values
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionContext

from baodao.audience import Audience, audience_of
from resolvers.context import Context
from resolvers.plan import Columns
from schema.lookahead import columns_of

MOST = 1_000
MOST_ERRORS = 50
"""Of the values of variables, that are told at once; graphql-core's own choice."""
SEVERAL = "several"
LONGEST = 20_000
"""Characters of a document that is remembered; longer ones take the long way each time."""

Variables = dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """A valid document of one operation, which may have a name; `columns`: what it can show of wide rows.

    `audience`: for whom it can be answered together; None when for nobody. `root`: the one field it asks for.
    """

    text: str
    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    columns: Columns
    audience: Audience | None
    root: str = ""

    @property
    def kind(self) -> str:
        return self.operation.operation.value

    @property
    def name(self) -> str | None:
        return self.operation.name.value if self.operation.name else None

    def is_asked_for(self, name: object) -> bool:
        """Whether a request that names this operation, or none, means it."""
        return name is None or (self.name is not None and name == self.name)


@dataclass(frozen=True, slots=True)
class Question:
    """A request that the short cut can answer."""

    known: Known
    variables: Variables | None


class Documents:
    """The documents of a schema that were met last, by their text."""

    def __init__(self, schema: Schema, most: int = MOST) -> None:
        self._schema, self._most = schema, most
        self._known: OrderedDict[str, Known] = OrderedDict()
        extensions = schema.get_extensions()
        parsers = [one.cached_parse_document for one in extensions if isinstance(one, ParserCache)]
        self._parse = parsers[0] if parsers else None
        # an extension that does more than remember must see every request: then there is no short cut
        self._open = {type(one) for one in extensions} == {ParserCache, ValidationCache}

    def learn(self, text: str | None) -> None:
        """Of a text that was executed, so that it is valid; parsing it again is only a look-up."""
        if (
            not self._open
            or self._parse is None
            or text is None
            or len(text) > LONGEST
            or text in self._known
        ):
            return
        self.keep(text, self._parse(text))

    def keep(self, text: str, document: DocumentNode) -> None:
        """Of a valid document; only one of a single operation is remembered."""
        operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
        if len(operations) == 1 and not any(one.variable_definitions for one in fragments):
            told = {one.name.value: FragmentDetails(one, None) for one in fragments}
            columns = columns_of(self._schema._schema, document)
            audience = audience_of(self._schema._schema, document, operations[0].operation)
            root = root_of(operations[0], fragments)
            self._known[text] = Known(text, document, operations[0], told, columns, audience, root)
            if len(self._known) > self._most:
                self._known.popitem(last=False)

    def kind(self, text: str | None, name: str | None) -> OperationType | None:
        """Of the operation that is meant; None when it cannot be told. Parsing it again is only a look-up."""
        try:
            operation = get_operation_ast((self._parse or parse)(text or ""), name)
        except GraphQLError:
            return None
        return operation.operation if operation else None

    def find(self, text: object) -> Known | None:
        known = self._known.get(text) if isinstance(text, str) else None
        if known is not None:
            self._known.move_to_end(cast(str, text))
        return known

    def read(self, body: bytes) -> Question | None:
        """The same for the body of a request."""
        try:
            asked = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        return self.question(asked) if isinstance(asked, dict) else None

    def read_address(self, parameters: Mapping[str, str]) -> Question | None:
        """And for what stands in an address, where mutations have no place."""
        variables = parameters.get("variables")
        try:
            asked = {**parameters, "variables": None if variables is None else orjson.loads(variables)}
        except orjson.JSONDecodeError:
            return None
        question = self.question(asked)
        is_query = question is not None and question.known.operation.operation is OperationType.QUERY
        return question if is_query else None

    def question(self, asked: Mapping[str, object]) -> Question | None:
        """None for whatever is not exactly a known query or mutation with variables, if any."""
        if asked.get("extensions") is not None:
            return None
        known, variables = self.find(asked.get("query")), asked.get("variables")
        if known is None or known.operation.operation is OperationType.SUBSCRIPTION:
            return None
        fits = known.is_asked_for(asked.get("operationName")) and isinstance(variables, dict | None)
        return Question(known, cast(Variables | None, variables)) if fits else None

    async def execute(self, question: Question, context: Context, root: object = None) -> ExecutionResult:
        """As Strawberry would, its errors made fit to be shown. `root` is the event of a subscription."""
        context.columns = question.known.columns
        try:
            result = self._start(question, context, root)
            if isawaitable(result):
                result = await cast(Awaitable[ExecutionResult], result)
        except Exception as bug:
            error = bug if isinstance(bug, GraphQLError) else GraphQLError(str(bug), original_error=bug)
            result = ExecutionResult(None, [error])
        done = cast(ExecutionResult, result)
        if done.errors:
            about = ExecutionContext(None, self._schema, (), context=context)
            self._schema._process_errors(done.errors, about)
        return done

    def _start(self, question: Question, context: Context, root: object) -> object:
        """As graphql-core's `execute`, whose preparations were made when the document was learned."""
        schema, known = self._schema._schema, question.known
        wanted = known.operation.variable_definitions or ()
        variables = get_variable_values(schema, wanted, question.variables or {}, max_errors=MOST_ERRORS)
        if isinstance(variables, list):
            return ExecutionResult(None, variables)
        executor = cast(type[StrawberryGraphQLCoreExecutionContext], self._schema.execution_context_class)
        return executor(
            schema,
            {name: fragment.definition for name, fragment in known.fragments.items()},
            known.fragments,
            root,
            context,
            known.operation,
            variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=optimized_is_awaitable,
            operation_extensions=None,
        ).execute_operation()


def root_of(operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]) -> str:
    """The field of the schema that a valid operation asks for, or SEVERAL."""
    spread = {one.name.value: one.selection_set for one in fragments}
    fields, waiting = set[str](), [operation.selection_set]
    while waiting:
        for one in waiting.pop().selections:
            if isinstance(one, FieldNode):
                fields.add(one.name.value)
            elif isinstance(one, InlineFragmentNode):
                waiting.append(one.selection_set)
            elif isinstance(one, FragmentSpreadNode) and one.name.value in spread:
                waiting.append(spread.pop(one.name.value))  # each of them once, however often it is spread
    return fields.pop() if len(fields) == 1 else SEVERAL


def payload(result: ExecutionResult) -> dict[str, object]:
    """As clients get it, in Strawberry's order."""
    errors = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
    return {"data": result.data, **errors}

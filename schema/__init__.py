"""The graph clients see: everything is put together here."""

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Reference
from strawberry.types import ExecutionContext

from resolvers import plan
from schema import (  # published before any type uses them
    enums,  # noqa: F401
    enums_of_decisions,  # noqa: F401
    enums_of_followups,  # noqa: F401
    enums_of_inspections,  # noqa: F401
    enums_of_requests,  # noqa: F401
)
from schema.areas import AREA_TYPES
from schema.engine import Compiled
from schema.errors import shown
from schema.evaluations import Evaluation
from schema.mutation import Mutation
from schema.problems import PROBLEM_TYPES
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

ENGINES: dict[str, type[Reference]] = {"compiled": Compiled, "reference": Reference}


class Graph(strawberry.Schema):
    """Refusals of queries and subscriptions leave with a code, bugs are masked; see `schema.errors`."""

    def use(self, engine: str) -> None:
        """From now on let this one of the ENGINES answer, its rows read its way: they differ in speed alone."""
        self.execution_context_class = ENGINES[engine]
        plan.use(engine)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        context = execution_context.context if execution_context else None
        errors[:] = [shown(error, context) for error in errors]


schema = Graph(
    Query,
    Mutation,
    Subscription,
    types=[*AREA_TYPES, *PROBLEM_TYPES, Evaluation],
    extensions=[ParserCache, ValidationCache],
    execution_context_class=Compiled,
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)

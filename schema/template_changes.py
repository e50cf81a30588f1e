"""The mutation that makes an evaluation template (评价模板)."""

from datetime import date

import strawberry

from models import Party
from resolvers import templates as resolve
from resolvers.ids import AreaCode
from schema.changes import Repeatable, change
from schema.fields import given, needed


@strawberry.input(description="One of the things a task is scored for, and how much it counts (评价维度).")
class EvaluationDimensionInput:
    code: str = needed("Code that scores name it by: capital letters, digits and _, at most 30 characters.")
    weight: int = needed("Percent, 1 to 100.")


@strawberry.input(description="How much one party's part counts in the score of a task (评价主体权重).")
class EvaluationShareInput:
    party: Party = needed("Whose part it is.")
    weight: int = needed("Percent, 1 to 100.")


@strawberry.input(description="What tasks are to be scored by from a day on (制定评价模板).")
class CreateEvaluationTemplateInput(Repeatable):
    area: AreaCode = needed("Code of the area it is for, with everything below that has none of its own.")
    stationed: bool = given("Whether it is for stationed agencies; else for all other units.", default=False)
    valid_from: date = needed("First day of results that are scored by it; today or later.")
    dimensions: list[EvaluationDimensionInput] = needed("1 to 10, whose weights sum to 100.")
    parties: list[EvaluationShareInput] = needed(
        "Parties whose weights sum to 100, each once; a party that is not named does not count."
    )
    issuer_weight: int = given(
        "How much the issuer counts beside each co-issuer, 1 to 10; 1: alike.", default=1
    )


@strawberry.type
class TemplateChanges:
    create_evaluation_template = change(
        "template",
        CreateEvaluationTemplateInput,
        resolve.create_evaluation_template,
        "Set what tasks are scored by from a day on (制定评价模板). For those who manage templates of the area.",
    )

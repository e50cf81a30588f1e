"""Mutations about appeals against scores (申诉)."""

import strawberry

from resolvers import evaluations as resolve
from schema.changes import Guarded, change
from schema.fields import given, needed
from schema.inputs import ID, REASON, ScoreInput


@strawberry.input(description="Scores that the unit does not accept, and why (申诉).")
class AppealEvaluationInput(Guarded):
    evaluation: ID = needed("Id of the evaluation by one area.")
    reason: str = needed(REASON)


@strawberry.input(description="A ruling on an appeal against scores (申诉裁定).")
class AdjudicateEvaluationInput(Guarded):
    evaluation: ID = needed("Id of the evaluation that is appealed against.")
    ground: str = needed("Written ground of the ruling; 1 to 20,000 characters.")
    scores: list[ScoreInput] | None = given(
        "Other scores for each dimension of the template, in place of the area's; left out: they stay."
    )


@strawberry.type
class Appeals:
    appeal_evaluation = change(
        "evaluation",
        AppealEvaluationInput,
        resolve.appeal_evaluation,
        "Appeal against one area's scores (申诉), once, within the time the unit has for it. For the unit's head.",
    )
    adjudicate_evaluation = change(
        "evaluation",
        AdjudicateEvaluationInput,
        resolve.adjudicate,
        "Rule on an appeal (申诉裁定). For the town; where the town scored the task too, or kept silent, for the "
        "district. If the district is silent as well, the scores stay.",
    )

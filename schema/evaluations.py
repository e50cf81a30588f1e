"""Evaluations and what they come to, as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import EvaluationState, Party
from resolvers import availability
from resolvers import evaluations as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node
from schema.summons import AvailableAction
from schema.templates import EvaluationTemplate

if TYPE_CHECKING:
    from schema.tasks import Task


@strawberry.type(description="Score of one dimension of the template (评分).")
class Score:
    dimension: str = attribute("Code of the dimension: RESPONSE, ARRIVAL, RESULT or SATISFACTION by default.")
    score: int = attribute("0 to 100, more is better.")


@strawberry.type(description="A unit's appeal against one area's scores, and the ruling on it (申诉).")
class EvaluationAppeal:
    reason: str = attribute("Why, in the unit's words; at most 2,000 characters.")
    appealed_by: Member | None = field(
        resolve.appealed_by, "Who appealed; null for somebody the caller may not know of."
    )
    appealed_at: datetime = attribute("When the unit appealed.")
    upheld: bool | None = attribute("Whether the scores stayed (维持); null until somebody has ruled.")
    ground: str | None = attribute(
        "The written ground of the ruling; null until then, and where nobody ruled in time."
    )
    ruled_by: Member | None = field(
        resolve.ruled_by, "Who ruled; null also for nobody in time, and for whom the caller may not know."
    )
    ruled_at: datetime | None = attribute("When it was ruled on; null until then.")


@strawberry.type(
    description="How one area scores a unit's result (评价): each issuing area, the town, the district."
)
class Evaluation(Node):
    area: Area = field(resolve.area, "The village, town or district that scores.")
    party: Party = attribute("As which party the area scores.")
    scores: list[Score] = field(resolve.scores, "One score for each dimension of the template.")
    total: float = attribute("The weighted mean of the scores, 0 to 100.")
    comment: str | None = attribute(
        "Words beside the scores; a low score must have them. At most 2,000 characters."
    )
    submitted_at: datetime = attribute("When the scores were given.")
    voided_at: datetime | None = attribute(
        "When the result that is scored was returned for rework, so that the scores count no more and are in no list; "
        "null while they count."
    )
    state: EvaluationState = attribute("Where these scores stand.")
    task: Annotated["Task", strawberry.lazy("schema.tasks")] | None = field(
        resolve.task, "The task that is scored; null where the caller may not read it."
    )
    appeal: EvaluationAppeal | None = field(resolve.appeal, "The unit's appeal, if it made one.")
    appeal_until: datetime | None = attribute(
        "Until when the unit's head can appeal; null before the task is evaluated."
    )
    version: int = attribute(
        "Counts its own events, 0 before the first; hand it back to be refused when somebody was faster."
    )
    available_actions: list[AvailableAction] = field(
        availability.available_actions,
        "Every action of its present state, allowed to the caller or not, and why not.",
    )


@strawberry.type(description="One party's part of a task's score (得分构成).")
class ScorePart:
    party: Party = attribute("Whose part it is.")
    weight: int = attribute("Percent, as in the template.")
    weight_used: float | None = attribute(
        "Percent, grown in proportion by what is missing; those of all parts sum to 100. Null for a party that is "
        "missing, and while there is no total."
    )
    score: float | None = attribute("0 to 100, in hundredths; null for a party that is missing.")


@strawberry.type(
    description="What a resident said of a unit's result, by a link and without a name (群众评价)."
)
class ResidentRating:
    score: int = attribute("0 to 100, more is better.")
    comment: str | None = attribute("In the resident's words, at most 2,000 characters; null without any.")
    rated_at: datetime = attribute("When the link was used.")


@strawberry.type(
    description=(
        "What the parts of all parties come to (任务得分). The weight of a party that is missing is spread over the "
        "others in proportion. The total follows from the parts and the weights used alone."
    )
)
class TaskScore:
    round: int = attribute("The task's round that is scored.")
    total: float | None = field(
        resolve.total,
        "0 to 100, in hundredths, halves rounded up; null before the task is evaluated, and while nothing but its "
        "clocks is heard, as silence gives no marks.",
    )
    template: EvaluationTemplate = field(
        resolve.template,
        "What it is scored by: the one in force on the day of the result, however late it is scored.",
    )
    parts: list[ScorePart] = field(resolve.parts, "A part for each party of the template; at most 5.")
    missing: list[Party] = field(resolve.missing, "Parties of the template that have not been heard.")
    ratings: list[ResidentRating] = field(
        resolve.ratings,
        "What residents said, oldest first; at most 20. Their part is the mean of the scores.",
    )
    locked: bool = field(resolve.locked, "Whether its period is locked, so that nothing changes it (已锁定).")
    scored_at: datetime | None = attribute(
        "When the issuing areas had scored it, or their time was over; null before. Other parties may still come."
    )

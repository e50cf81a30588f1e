"""Parts of inputs that several mutations share."""

from datetime import datetime

import strawberry

from schema.changes import Guarded
from schema.fields import given, needed

ID = strawberry.ID

NOTE = "Words kept with the event in the history, at most 2,000 characters."
REASON = "Why, in words that are kept in the history; 1 to 2,000 characters."


@strawberry.input(description="When, and perhaps where, the unit is to come (约定时间).")
class AppointmentInput:
    start: datetime = needed("From when on the unit is expected; not in the past.", name="from")
    end: datetime = needed("Until when the visit is planned to last; after its beginning.", name="to")
    place: str | None = given("Where to meet, at most 200 characters; left out: at the village's office.")


@strawberry.input(description="Record of the meeting that decided to summon (集体研究).")
class ResolutionInput:
    meeting_at: datetime = needed("When the meeting took place; not in the future.")
    present: int = needed("Number of people who were present, at least 1.")
    minutes: str = needed("What was said and decided; 1 to 20,000 characters.")


@strawberry.input(description="Score of one dimension of the template (评分).")
class ScoreInput:
    dimension: str = needed(
        "Code of the dimension: RESPONSE, ARRIVAL, RESULT or SATISFACTION by default, each once."
    )
    score: int = needed("0 to 100, more is better.")


@strawberry.input(description="A change of one summons.")
class SummonsInput(Guarded):
    summons: ID = needed("Id of the summons that is to change.")


@strawberry.input(description="A change of one task.")
class TaskInput(Guarded):
    task: ID = needed("Id of the task that is to change.")

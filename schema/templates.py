"""Evaluation templates, as clients see them."""

from datetime import date, datetime

import strawberry

from models import Party
from resolvers import templates as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node


@strawberry.type(description="One of the things a task is scored for, and how much it counts (评价维度).")
class EvaluationDimension:
    code: str = attribute("Code that scores name it by, such as RESULT; at most 30 characters.")
    weight: int = attribute("Percent, 1 to 100; those of a template sum to 100.")


@strawberry.type(description="How much one party's part counts in the score of a task (评价主体权重).")
class EvaluationShare:
    party: Party = attribute("Whose part it is.")
    weight: int = attribute("Percent, 1 to 100; those of a template sum to 100.")


@strawberry.type(
    description=(
        "What tasks are scored by (评价模板), from a day on. In each area the nearest one counts, its own or that of "
        "an area above; it is never changed, only superseded by a later one."
    )
)
class EvaluationTemplate(Node):
    area: Area | None = field(
        resolve.area, "The area it was made for; null for those that count where no area has made any."
    )
    stationed: bool = attribute("Whether it is for stationed agencies (派驻机构); else for all other units.")
    number: int = attribute("1, 2, 3 … of the area, for such units.")
    valid_from: date = attribute("First day of results that are scored by it.")
    dimensions: list[EvaluationDimension] = field(
        resolve.dimensions, "What is scored, in the order it is shown in; at most 10."
    )
    parties: list[EvaluationShare] = field(
        resolve.parties, "Whose parts count, at most 5, in the order they are shown in."
    )
    issuer_weight: int = attribute(
        "How much the issuer counts beside each co-issuer in the part of the villages; 1: alike."
    )
    created_by: Member | None = field(
        resolve.created_by, "Who made it; null for the program's own, and for whom the caller may not know."
    )
    created_at: datetime = attribute("When it was made.")
    version: int = attribute("Always 1, as it is never changed.")

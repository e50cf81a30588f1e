"""Mutations of publications: drafted, shown for objections, published, corrected."""

from datetime import date

import strawberry

from models import CorrectionReason
from resolvers import publications as resolve
from resolvers import steps
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON


@strawberry.input(description="A month that is to be published (编制公示).")
class DraftPublicationInput(Repeatable):
    area: AreaCode = needed("Code of the area whose month it is.")
    month: date = needed("Any day of the month; the month must be over for five minutes.")


@strawberry.input(description="A change of one publication.")
class PublicationInput(Guarded):
    publication: ID = needed("Id of the publication that is to change.")


@strawberry.input(description="A publication that is counted anew before it is public (重新编制).")
class RedraftPublicationInput(PublicationInput):
    reason: str = needed(REASON)


@strawberry.input(description="A draft that is shown for objections (公示征求异议).")
class OpenPublicationInput(PublicationInput):
    note: str | None = given(NOTE)


@strawberry.input(description="What the caller has against a publication (提出异议).")
class ObjectToPublicationInput(PublicationInput):
    text: str = needed("What is wrong with it, 1 to 20,000 characters.")


@strawberry.input(description="What an objection is answered with (答复异议).")
class AnswerObjectionInput(PublicationInput):
    objection_number: int = needed("Which one it answers, by its number among those to the publication.")
    upheld: bool = needed("Whether the objection is right: the publication must be drafted anew then.")
    text: str = needed("The answer, in words that whoever objected reads; 1 to 20,000 characters.")


@strawberry.input(
    description="A publication that is to become public, now that nothing is left to answer (发布)."
)
class PublishPublicationInput(PublicationInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A publication that turned out to be wrong (更正公示).")
class CorrectPublicationInput(PublicationInput):
    cause: CorrectionReason = needed("Why, as everybody reads it beside the correction (更正原因).")
    reason: str = needed(f"The same in words, for those who sign in; the board does not show them. {REASON}")


@strawberry.type
class PublicationSteps:
    draft_publication = change(
        "publication",
        DraftPublicationInput,
        resolve.draft_publication,
        "Draft what is published about a month (编制晒单): its figures are counted and kept. Refused for a month in "
        "which nothing happened.",
    )
    redraft_publication = change(
        "publication",
        RedraftPublicationInput,
        steps.of_publication("redraft"),
        "Count everything anew before it is public (重新编制), such as after an objection that was right.",
    )
    open_publication = change(
        "publication",
        OpenPublicationInput,
        steps.of_publication("invite"),
        "Show a draft for objections (公示征求异议), for three working days by default. Where none is left open after "
        "them, it becomes public by itself.",
    )
    object_to_publication = change(
        "publication",
        ObjectToPublicationInput,
        steps.of_publication("object"),
        "Object to a publication while that is possible (提出异议); one objection of the same member at a time.",
    )
    answer_objection = change(
        "publication",
        AnswerObjectionInput,
        steps.of_publication("answerObjection"),
        "Tell whoever objected whether they are right (答复异议); if they are, everything is drafted anew.",
    )
    publish_publication = change(
        "publication",
        PublishPublicationInput,
        steps.of_publication("publish"),
        "Make a publication public (发布) that objections held up beyond their time.",
    )
    correct_publication = change(
        "publication",
        CorrectPublicationInput,
        steps.of_publication("correct"),
        "Count a public month anew and publish that in its place (更正公示); the old edition stays readable. Refused "
        "when everything would be the same.",
    )

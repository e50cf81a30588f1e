"""Enums of follow-ups, published before any type uses them."""

import models
from schema.fields import publish

publish(
    models.FollowUpState,
    "Where a follow-up (回访) stands; being recorded or missed is all that ends it.",
    PLANNED="It is still to be done (待回访).",
    DONE="Somebody asked and recorded what they found (已回访).",
    MISSED="Nobody recorded it in time; that counts against the issuer (逾期未回访).",
)
publish(
    models.FollowUpReason,
    "Why a summons is followed up once it is evaluated.",
    CATEGORY="The area has every summons of its category followed up (按类别必访).",
    SAMPLE="It fell into the share that the area has followed up; its id alone decides that (抽样).",
    LOW_SCORE="A score lies below the area's pass mark (评分偏低).",
    RESIDENT="The residents who were asked rated it below the pass mark (群众不满意).",
)
publish(
    models.FollowUpOutcome,
    "What those concerned say when they are asked.",
    CONFIRMED="It was settled (已解决).",
    PARTIAL="It was settled in part (部分解决).",
    NOT_RESOLVED="It was not settled; the summons is taken up again with half the time (未解决).",
)

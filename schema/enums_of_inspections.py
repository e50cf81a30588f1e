"""Enums of visits and their plans, published before any type uses them."""

import models
from schema.fields import publish

publish(
    models.InspectionKind,
    "What a visit is for.",
    COLLECTION_DAY="A day on which opinions and requests are collected, such as the 23rd of each month (征集日).",
    HOME_VISIT="Households are visited and asked what they need (入户问需).",
    PATROL="Somebody walks through the place and looks for what is amiss (巡查).",
)
publish(
    models.OnRestDay,
    "What becomes of a visit whose day is no working day of the area's calendar.",
    KEEP="It stays on that day (不顺延).",
    NEXT_WORKDAY="It moves to the next working day (顺延至下一工作日).",
)
publish(
    models.PlanState,
    "Whether a plan of visits still makes any.",
    name="InspectionPlanState",
    ACTIVE="Its visits are entered 30 days ahead (执行中).",
    ENDED="It makes no more visits; its last day is over, or somebody ended it (已结束).",
)
publish(
    models.InspectionState,
    "Where a visit stands.",
    PLANNED="It is still to be held (待开展).",
    DONE="Somebody recorded it, perhaps late (已开展).",
    MISSED="Its day passed and nobody recorded it; for three working days they still can (逾期未开展).",
    CANCELLED="It was called off before its day was over (已取消).",
)

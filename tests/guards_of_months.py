"""Guards on publications."""

from guards import no, situation
from month import ANSWER, FEBRUARY, LEFT_OUT, OBJECTING, ORG, RESIDENT, SECRETARY, SHAPU, TIANHU, Month
from world import Time, World

REASON = {"reason": "数据有误。"}
CORRECTION = LEFT_OUT | REASON
LATER = {"area": TIANHU, "month": "2026-03-01"}
OTHER = {"area": SHAPU, "month": FEBRUARY}


@situation(
    no(SECRETARY, "draftPublication", "InvalidInput PERIOD_NOT_OVER month", **LATER),
    no(SECRETARY, "draftPublication", "InvalidInput EMPTY_MONTH month", area=TIANHU, month="2026-01-31"),
    no(SECRETARY, "draftPublication", "InvalidInput MONTH_TAKEN month", area=TIANHU, month="2026-02-28"),
    no(SECRETARY, "draftPublication", "InvalidInput PERIOD_OUT_OF_RANGE month", area=TIANHU, month="0001-01-01"),
    no(SECRETARY, "draftPublication", "NotAllowed WRONG_PLACE", area="440606106", month=FEBRUARY),
    no(SECRETARY, "draftPublication", "NotAllowed WRONG_PLACE", **OTHER),
    no(RESIDENT, "draftPublication", "NotAllowed NO_RULE", area=TIANHU, month=FEBRUARY),
    no(ORG, "draftPublication", "NotFound NOT_FOUND area", area="440699", month=FEBRUARY),
    no(SECRETARY, "redraftPublication", "InvalidInput EMPTY reason", reason=" "),
    no(SECRETARY, "openPublication", "Conflict VERSION_CHANGED", version=7),
    no(RESIDENT, "openPublication", "NotAllowed NO_RULE"),
    no("shapu.secretary", "openPublication", "NotFound NOT_FOUND publication"),
    no(RESIDENT, "objectToPublication", "WrongState WRONG_STATE", **OBJECTING),
    no(SECRETARY, "publishPublication", "WrongState WRONG_STATE"),
    no(ORG, "correctPublication", "WrongState WRONG_STATE", **CORRECTION),
)  # fmt: skip
async def a_drafted_month(world: World, time: Time) -> Month:
    return await Month.drafted(world)


@situation(
    no(RESIDENT, "objectToPublication", "WrongState ALREADY_OBJECTED", **OBJECTING),
    no(SECRETARY, "objectToPublication", "NotAllowed NO_RULE", **OBJECTING),
    no(SECRETARY, "answerObjection", "NotFound NOT_FOUND objectionNumber", **ANSWER | {"objectionNumber": 2}),
    no(SECRETARY, "answerObjection", "InvalidInput EMPTY text", **ANSWER | {"text": ""}),
    no(RESIDENT, "answerObjection", "NotAllowed NO_RULE", **ANSWER),
    no(SECRETARY, "publishPublication", "WrongState OBJECTION_WINDOW_OPEN"),
    no(SECRETARY, "openPublication", "WrongState WRONG_STATE"),
)  # fmt: skip
async def a_month_that_somebody_objects_to(world: World, time: Time) -> Month:
    month = await Month.shown(world)
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    return month


@situation(
    no(RESIDENT, "objectToPublication", "WrongState OBJECTION_WINDOW_OVER", **OBJECTING),
    no(SECRETARY, "publishPublication", "WrongState OBJECTIONS_UNANSWERED"),
)
async def an_objection_that_nobody_answered_in_time(world: World, time: Time) -> Month:
    month = await a_month_that_somebody_objects_to(world, time)
    await time.tick_at("03-05 09:00")
    return month


@situation(
    no(SECRETARY, "publishPublication", "WrongState OBJECTION_UPHELD"),
    no(SECRETARY, "answerObjection", "InvalidInput OBJECTION_ANSWERED objectionNumber", **ANSWER),
)
async def an_objection_that_was_right(world: World, time: Time) -> Month:
    month = await an_objection_that_nobody_answered_in_time(world, time)
    await month.done(SECRETARY, "answerObjection", **ANSWER | {"upheld": True})
    return month


@situation(
    no(RESIDENT, "objectToPublication", "WrongState WRONG_STATE", **OBJECTING),
    no(SECRETARY, "correctPublication", "NotAllowed NO_RULE", **CORRECTION),
    no(ORG, "correctPublication", "InvalidInput EMPTY reason", **LEFT_OUT, reason=""),
    no(ORG, "correctPublication", "InvalidInput NOTHING_TO_CORRECT publication", **CORRECTION),
    no(SECRETARY, "redraftPublication", "WrongState WRONG_STATE", **REASON),
)
async def a_public_month(world: World, time: Time) -> Month:
    return await Month.published(world)

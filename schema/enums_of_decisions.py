"""Enums of what areas decide for themselves, published before any type uses them."""

import models
from schema.fields import publish

publish(
    models.ClockKind,
    "What somebody is given time for (时限种类).",
    DRAFT_IDLE="A draft that nobody touches; then it is dropped.",
    REVIEW="The issuer's leader looks at a submitted draft; then it goes back.",
    COSIGN="Co-issuers sign; then those who kept silent are left out.",
    GATE="The town looks at a summons; its silence is consent.",
    RATIFY="The meeting that ratifies an emergency issued first.",
    RETARGET="A summons without units gets others, or is dropped.",
    FOLLOWUP="The follow-up is recorded; then the summons closes without it.",
    REOPEN_WINDOW="A closed summons can be taken up again; then it is archived.",
    ACCEPT="The unit accepts or declines; then it counts as having accepted.",
    ASSIGN="The unit names its responsible member; then its head is it.",
    ARRIVE="Somebody of the unit comes to the village.",
    RESOLVE="The unit submits its result.",
    REWORK="The same after a result was returned.",
    APPEAL="For the unit's head to appeal against scores; no clock runs (申诉时限).",
    ADJUDICATE="For the town or the district to rule on an appeal (申诉裁定).",
    EVALUATE="Issuers score a result; then missing scores are left out.",
    ARBITRATE="Somebody rules on a decline; then it climbs.",
    HOLD="Work rests until the agreed day; no limit of its own.",
    RESCHEDULE_ANSWER="The village answers a wish for another time; its silence is consent.",
    REMOTE_ANSWER="The village answers an offer to settle remotely; its silence is a no.",
    HOLD_ANSWER="Village and then town answer a wish to let the work rest.",
    EXTENSION_ANSWER="Village and town answer a wish for more time; their silence is a no.",
    CO_UNIT_ANSWER="Village and then town answer a lead unit's call for another one.",
    TRIAGE="The village says by what way a new request is settled.",
    ANSWER="A request that was answered with a promise is done.",
    FEEDBACK="Reporters say what they think of the outcome; then the request closes.",
    REQUEST_WINDOW="A closed request can be taken up again.",
    ORDER_ACCEPT="Whoever was named takes a work order on.",
    ORDER_OFFER="Somebody claims a work order that is open to all.",
    ORDER_COMPLETE="A work order is done.",
    ORDER_VERIFY="The village looks at a done work order (验收); then its secretary and the town hear of it.",
    OBJECTION="Objections can be made to a publication.",
)
publish(
    models.TimeUnit,
    "What a limit is counted in: working time, or time by day and night.",
    MINUTE="Minutes on the wall clock, by day and night.",
    HOUR="Working hours, of which a working day has seven.",
    WORKDAY="Working days of seven hours, by the area's calendar.",
    DAY="Days of 24 hours, whether worked or not.",
    WALL_HOUR="Hours on the wall clock, by day and night.",
)
publish(
    models.DayKind,
    "Whether people work on a day out of the ordinary.",
    WORK="A make-up workday (调休上班), mostly on a weekend.",
    REST="A day of rest (放假), mostly in the week.",
)
publish(
    models.AreaSetting,
    "What an area can decide for itself and everything below it.",
    REQUIRE_TOWN_GATE="Whether the town looks at summonses first: `requireTownGate`.",
    FOLLOW_UP_CATEGORIES="Which categories are always followed up: `followUpCategories`.",
    FOLLOW_UP_SHARE="Which share of all is followed up: `followUpShare`.",
    FOLLOW_UP_SHARES="Which shares of single categories are: `followUpShares`.",
    PASS_SCORE="Below which total a score is low: `passScore`.",
)

"""Enums of the domain, published once, before any type uses them."""

import models
from models.control_charts import ChartGap, ChartKind, Outlier
from models.metrics import Grouping, MetricName
from resolvers.rules import Effect, HeldAt
from resolvers.summons import SummonsOrder
from resolvers.tasks import TaskOrder
from schema.fields import publish

publish(
    models.AreaLevel,
    "How high an area stands in the national tree of places; a level may be skipped on the way down.",
    PROVINCE="A province or a municipality under the central government (省), 2 digits of area code.",
    CITY="A prefecture-level city (市), 4 digits of area code.",
    DISTRICT="A county, district or county-level city (区县), 6 digits of area code.",
    TOWN="A street, town or township (镇街), 9 digits of area code.",
    VILLAGE="A village or a community (村/社区), 12 digits of area code.",
    GRID="A grid inside a village (网格), 3 more digits of area code for each nesting.",
)
publish(
    models.UnitLevel,
    "Level of government a unit belongs to, which says how high its head ranks.",
    CITY="A bureau of a prefecture-level city (市直单位).",
    DISTRICT="A department of a county or district (区县部门).",
    TOWN="An office of a town, or an agency stationed there (镇街机构).",
    VILLAGE="An organisation of a village or community (村/社区组织).",
)
publish(
    models.UnitKind,
    "What sort of organisation a unit is.",
    PARTY_COMMITTEE="A party committee or general branch (党委、党总支).",
    PARTY_BRANCH="A branch of the party with few members (党支部).",
    PARTY_GROUP="A leading party members' group inside an organisation (党组).",
    GOV_DEPARTMENT="A department of government (职能部门).",
    STATIONED_AGENCY="An agency of a district department stationed in a town and commanded there (派驻机构).",
    TOWN_OFFICE="An office of a town's own (镇街内设机构).",
    PUBLIC_INSTITUTION="A public institution such as a school or a hospital (事业单位).",
    SOE="A state-owned enterprise (国有企业).",
    ENTERPRISE="A private enterprise (企业).",
    SOCIAL_ORG="A social organisation (社会组织).",
    PROPERTY="A property management company (物业公司).",
    VILLAGE_COMMITTEE="A village or residents' committee (村居委会).",
    VOLUNTEER_TEAM="A team of volunteers (志愿服务队).",
    LEADING_ORG="A leading or coordinating body (领导机构、议事协调机构).",
)
publish(
    models.SummonsState,
    "Where a summons (约请) stands, from the draft to the archive.",
    DRAFT="Being written, or returned for mending (起草、退回补正).",
    PENDING_REVIEW="Waits until the issuer's leader has looked at the record of the meeting (待审签).",
    PENDING_COSIGN="Waits for the signatures of the villages that issue it too (待联签).",
    PENDING_GATE="Waits for the town to let it pass; its silence is consent (待镇街把关).",
    ISSUED="Sent to the units, none of which has accepted yet (已发出待应约).",
    IN_PROGRESS="At least one unit has accepted; work goes on (办理中).",
    AWAITING_EVALUATION="Every unit has submitted its result; the issuers score them (待评价).",
    AWAITING_FOLLOWUP="Scored; the follow-up group asks whether it was really settled (待回访).",
    CLOSED="Settled or ended otherwise; it can be reopened for a while (办结).",
    CANCELLED="Taken back before the end; nothing follows (撤销).",
    ARCHIVED="Closed for so long that it cannot be reopened (归档).",
)
publish(
    models.TaskState,
    "Where the task of one summoned unit stands.",
    PENDING="The unit has not answered yet (待应约).",
    DECLINED="The unit says it is not its duty; an arbiter will rule (申请退约待裁定).",
    ACCEPTED="The unit will come; it has still to say who (已应约).",
    ASSIGNED="A responsible member is named and expected (已明确责任人).",
    ARRIVED="Somebody came, or it is handled remotely; work goes on (已报到办理中).",
    ON_HOLD="Work rests until an agreed day, and so does its limit (挂账).",
    RESOLVED="The unit has submitted its result (已办结待评价).",
    EVALUATED="Every issuing area has scored the result (已评价).",
    REASSIGNED="Another unit has it now; this task has ended (已改派).",
    WITHDRAWN="Taken from the unit; this task has ended (已撤回).",
)
publish(
    models.Tier,
    "How pressing a matter is; it sets the limits and how senior a member must come.",
    NORMAL="Blue (蓝): 10 working days to resolve, a section lead must come.",
    KEY="Yellow (黄): 7 working days to resolve, a deputy head must come.",
    DIFFICULT="Red (红): 15 working days to resolve, the head must come.",
    EMERGENCY="At once (紧急): 30 minutes to arrive, 24 hours to resolve; the paperwork follows.",
)
publish(
    models.SummonsCategory,
    "What a summons is about: the five categories of the rule.",
    PARTY_BUILDING="Building the party at the grass roots (基层党建).",
    LIVING_ENVIRONMENT="Where people live: parks, streets, waste, noise (人居环境).",
    ECONOMY="Economic development (经济发展).",
    LAND_AND_CONSTRUCTION="Land use and construction (国土城建).",
    LIVELIHOOD="The daily needs of people (民生福祉).",
)
publish(
    models.Outcome,
    "How a matter ended for the people it was about.",
    RESOLVED="Settled in full (已解决).",
    PARTIAL="Settled in part (部分解决).",
    EXPLAINED="It cannot be done; people were told why (解释说明).",
    UNRESOLVED="Not settled (未解决).",
    TRANSFERRED="Handed to somebody outside this system (转办).",
)
publish(
    models.DeclineReason,
    "Why a unit says that a matter is not its own.",
    NOT_OUR_DUTY="It is another unit's duty (非本单位职责).",
    NO_AUTHORITY="The unit lacks the authority to act (无管理权限).",
    DUPLICATE="It is being handled already (重复约请).",
    OTHER_LEVEL="It belongs to another level of government (属其他层级).",
    OTHER="Something else, told in the note (其他).",
)
publish(
    models.ProposalKind,
    "What a unit asks for while it works on a task.",
    RESCHEDULE="To come at another time (改期).",
    REMOTE="To settle the matter without coming (远程办理).",
    HOLD="To let the work rest until a day (挂账).",
    EXTENSION="For more working days (延期).",
    CO_UNIT="For another unit to join in (协办).",
)
publish(
    models.TimeParty,
    "Whose time a stretch of a task's life is; every second is booked to exactly one.",
    UNIT="The unit's: it has to accept, to come or to settle the matter (被约请单位).",
    VILLAGE="The issuer's: the result waits for its evaluation (约请方).",
    ARBITER="The arbiter's: a decline waits for the ruling, at whatever level (裁定方).",
    HOLD="Nobody's by agreement: the work rests until a day, also at night (挂账).",
    OUTSIDE_HOURS="Nights, lunch hours and days of rest, while it was somebody's turn (工作时间以外).",
    NOBODY="It was over, until it was reopened (已评价、尚未重启).",
)
publish(
    models.PostKind,
    "What sort of post somebody holds.",
    REGULAR="A post in a unit or a village's committee (一般职务).",
    PART_TIME_COMMITTEE="A part-time seat in a village's party committee (兼职委员).",
    FIRST_SECRETARY="A first secretary sent to a village (第一书记).",
    GRID_LEADER="Who leads the workers of a grid (网格长).",
    GRID_WORKER="Who looks after the households of a grid (网格员).",
    BUILDING_CHIEF="A chief of a building (楼长、栋长).",
)
publish(
    models.Party,
    "Whose part of a task's score it is (评价主体).",
    name="EvaluationParty",
    VILLAGE="The villages that issued the summons, in a joint one together (村/社区).",
    TOWN="The town the issuer lies in; of a summons of its own, as the issuer (镇街).",
    DISTRICT="The district the issuer lies in (区县).",
    RESIDENT="Residents who were asked by a link (群众).",
    OBJECTIVE="Nobody: it follows from the clocks of the task (客观时效).",
)
publish(
    models.EvaluationState,
    "Where one area's scores stand.",
    SUBMITTED="Given, and counted in the task's score (已提交).",
    APPEALED="The unit's head appeals; the town or the district will rule (申诉中).",
    UPHELD="The appeal failed: the scores stay (维持).",
    ADJUSTED="The appeal succeeded: other scores took their place (已调整).",
    LOCKED="Final, as their period is locked (已锁定).",
)
publish(
    models.PublicationState,
    "Where a publication (晒单) stands.",
    DRAFT="Counted, and shown to nobody else yet (草稿).",
    OBJECTION="Shown to those concerned, who can object (公示征求异议).",
    PUBLISHED="Public (已公示).",
    CORRECTED="Another edition took its place; it can still be read (已更正).",
)
publish(
    models.CorrectionReason,
    "Why a month that was public had to be corrected (更正原因).",
    LEFT_OUT="Something that belongs to the month was not counted (漏计).",
    COUNTED_TWICE="Something was counted more than once (重复计算).",
    WRONG_RECORD="What was counted had been recorded wrongly (记录有误).",
    RULED_OTHERWISE="An appeal or a review came to another result (申诉或复核改判).",
    OTHER="Something else (其他).",
)
publish(
    models.ObjectionState,
    "What came of an objection (异议).",
    OPEN="It waits for the answer (待答复).",
    UPHELD="It was right (成立).",
    REJECTED="It was not right (不成立).",
)
publish(
    models.NoticeKind,
    "What a notice (通报) tells.",
    BOTTOM_TWO="A unit or a grid stood last in a month's ranking (后两位通报).",
    REPORTED="It stood last for another month in a row, and the district is told (报请区县).",
    PRAISE="By hand: it did well (表扬).",
    OVERDUE="By hand: what it was to do is overdue (逾期通报).",
    CRITICISM="By hand: it did badly (通报批评).",
)
publish(
    models.WebhookState,
    "Whether a webhook gets events.",
    ACTIVE="Events are sent as they happen (推送中).",
    PAUSED="Nothing is sent; its place in the log is kept (暂停).",
    REMOVED="Taken away for good; only its history is left (已移除).",
)
publish(
    models.DeliveryState,
    "Where an event stands that a webhook has not taken yet.",
    WAITING="It waits for its next attempt, or for an earlier event of the same summons (待重试).",
    DEAD="Every attempt failed; it is sent again only when somebody asks for it (推送失败).",
)
publish(
    SummonsOrder,
    "How a list of summonses is sorted. A draft stands by the moment it was drafted, as it was not issued.",
    ISSUED_DESC="Newest first, by the moment of issue.",
    ISSUED_ASC="Oldest first, by the moment of issue.",
    UPDATED_DESC="Last changed first, by the moment of the last event.",
    DUE_ASC="Due first, by the latest resolve limit; those without a limit come last.",
)
publish(
    TaskOrder,
    "How a list of tasks is sorted.",
    DUE_ASC="Due first, by the limit that runs now; those without a limit come last.",
    CREATED_ASC="Oldest first, by the moment of creation, so that nothing that happens to a task moves it.",
)
publish(
    Effect,
    "What a rule does to those whom it fits.",
    ALLOW="It gives the action, unless another rule denies it.",
    DENY="It takes the action away, whatever other rules give.",
)
publish(
    HeldAt,
    "The level at which a role must be held for a rule to count.",
    PROVINCE="Held at a province (省).",
    CITY="Held at a prefecture-level city (市).",
    DISTRICT="Held at a county or district (区县).",
    TOWN="Held at a street, town or township (镇街).",
    VILLAGE="Held at a village or community (村/社区).",
    GRID="Held at a grid (网格).",
    UNIT="Held in a unit (单位).",
    SYSTEM="Held over the whole tree (全域).",
    ANY="Held at any place, or in any unit.",
)
publish(
    MetricName,
    "By which a metric is asked for; `metricDefinitions` tells what each counts.",
    name="Metric",
    CLOSING="Resolved of due summonses (办结率).",
    ACCEPTED_ON_TIME="Tasks accepted within the limit (按时应约率).",
    ARRIVED_ON_TIME="Tasks whose unit came within the limit (按时报到率).",
    FIRST_FEEDBACK="Tasks with word from the unit within the limit (首次反馈及时率).",
    SATISFACTION="Evaluations that are satisfied (满意率).",
    REOPENED="Closed summonses that were reopened (重启率).",
    WHISTLE="Summonses for each village (吹哨率).",
    FOLLOWED_UP="Follow-ups recorded within the limit (按时回访率).",
    FOLLOWUP_CONFIRMED="Follow-ups that found the matter settled (回访确认率).",
    FOLLOWUP_SKIPPED="Follow-ups that nobody did in time (漏访率).",
)
publish(
    Grouping,
    "By what figures of a metric are told apart.",
    name="MetricGrouping",
    WHOLE="Not at all: one figure.",
    AREA="By the areas right below; what the area issued itself is one of its own.",
    UNIT="By the units summoned; a summons, or its follow-up, counts with each unit that it called.",
    CATEGORY="By the category of the summons.",
    PERIOD="By the months of the period, each as of its own end; at most 24.",
)
publish(
    ChartKind,
    "How the limits of a control chart are drawn.",
    name="ControlChartKind",
    P="For shares of a whole: p̄ ± 3·√(p̄·(1−p̄)÷n) (p 控制图).",
    U="For numbers for each of something else: ū ± 3·√(ū÷n) (u 控制图).",
)
publish(
    Outlier,
    "On which side of the limits a month lies.",
    name="ControlOutlier",
    ABOVE="Above the upper limit: more than chance explains (超上限).",
    BELOW="Below the lower limit: less than chance explains (超下限).",
)
publish(
    ChartGap,
    "Why a control chart has no mean and no limits.",
    name="ControlChartGap",
    TOO_FEW_MONTHS="Fewer than 6 months have anything in their denominators (月份不足).",
)
publish(
    models.SnapshotFault,
    "Why a snapshot does not hold.",
    name="MetricSnapshotFault",
    DEFINITION_REVISED="Its metric counts otherwise by now, so it cannot be counted again.",
    ROWS_CHANGED="Other rows count, or on other sides, than those its hash was made of; or what it is of was changed.",
    FIGURES_CHANGED="The rows are those of its hash, but its own numbers are not theirs.",
)

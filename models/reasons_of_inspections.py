"""The words of the reason codes that visits and their plans have, in English and Chinese."""

INSPECTIONS: dict[str, tuple[str, str]] = {
    "INSPECTION_LEVEL": ("A visit is of a village or a grid.", "走访巡查须属于村(社区)或网格。"),
    "RECURRENCE_UNCLEAR": (
        "Name a day of the month or a weekday, not both.",
        "请在每月几日与每周星期几之间选择其一。",
    ),
    "DAY_OF_MONTH_OUT_OF_RANGE": ("Days of a month go from 1 to 31.", "日期须在1至31之间。"),
    "WEEKDAY_OUT_OF_RANGE": (
        "Weekdays go from 1 (Monday) to 7 (Sunday).",
        "星期须在1(周一)至7(周日)之间。",
    ),
    "EVERY_OUT_OF_RANGE": ("It comes every 1 to 12 months or weeks.", "间隔须为1至12个月或周。"),
    "TIME_MALFORMED": ("Write a time of day such as 09:30.", "时间格式应如09:30。"),
    "VISIT_DAY_PAST": ("That day is over.", "该日期已过。"),
    "VISIT_DAY_TOO_FAR": (
        "A visit begins within a year from now, and a plan ends within ten years from its beginning.",
        "起始日期须在一年之内,计划期限不得超过十年。",
    ),
    "UNTIL_BEFORE_FROM": ("The plan ends before it begins.", "计划结束日期早于起始日期。"),
    "PLAN_WITHOUT_DAYS": ("No such day lies in that time.", "该期间内没有符合条件的日期。"),
    "PLANNED_BEYOND": (
        "A visit is planned after that day already; cancel it first.",
        "该日期之后已有计划的走访,请先取消。",
    ),
    "PLAN_ENDED": ("This plan has ended.", "该计划已结束。"),
    "VISITOR_LACKS_RIGHT": (
        "This member could not record the visit there.",
        "该人员不能在此记录走访巡查。",
    ),
    "HOUSEHOLDS_OUT_OF_RANGE": ("Tell 0 to 100,000 households.", "户数须在0至100000之间。"),
    "INSPECTION_TOO_EARLY": ("Its day has not come yet.", "尚未到走访日期。"),
    "RECORD_TOO_LATE": (
        "It is recorded within three working days after its day.",
        "须在走访日期后三个工作日内补记。",
    ),
    "INSPECTION_HAS_REQUESTS": ("Requests were collected at it.", "该次走访已收集诉求。"),
    "CHANNEL_OF_ANOTHER_KIND": (
        "The channel does not fit the kind of the visit.",
        "诉求渠道与走访类型不符。",
    ),
    "INSPECTION_ELSEWHERE": ("The visit is of another place.", "该次走访不在诉求所属区域。"),
    "INSPECTION_NOT_HELD": ("The visit was missed or cancelled.", "该次走访未开展或已取消。"),
}

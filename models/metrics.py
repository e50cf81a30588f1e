"""Metrics (指标), as data: what each counts, in words and as the rows it is counted from (`models.metric_rows`).

Every metric of a period speaks of the summonses issued in it, everything as of its end.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tortoise.models import Model

from models import metric_rows as rows
from models.areas import Area
from models.evaluations import Evaluation
from models.followups import FollowUp
from models.summons import Summons
from models.tasks import Task


class MetricName(StrEnum):
    """By which a metric is asked for."""

    CLOSING = "CLOSING"
    ACCEPTED_ON_TIME = "ACCEPTED_ON_TIME"
    ARRIVED_ON_TIME = "ARRIVED_ON_TIME"
    FIRST_FEEDBACK = "FIRST_FEEDBACK"
    SATISFACTION = "SATISFACTION"
    REOPENED = "REOPENED"
    WHISTLE = "WHISTLE"
    FOLLOWED_UP = "FOLLOWED_UP"
    FOLLOWUP_CONFIRMED = "FOLLOWUP_CONFIRMED"
    FOLLOWUP_SKIPPED = "FOLLOWUP_SKIPPED"


class Grouping(StrEnum):
    """By what a metric is told apart. PERIOD is months."""

    WHOLE = "WHOLE"
    AREA = "AREA"
    UNIT = "UNIT"
    CATEGORY = "CATEGORY"
    PERIOD = "PERIOD"


class Words(NamedTuple):
    """The same in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """`counts`: what its numerator is made of, `among`: its denominator, of which the numerator is then a part.

    `revision` grows when it comes to count otherwise.
    """

    name: MetricName
    title: Words
    numerator: Words
    denominator: Words
    counts: type[Model]
    among: type[Model]
    rows: str
    revision: int = 1

    @property
    def is_share(self) -> bool:
        return self.counts is self.among

    def told(self) -> dict[str, object]:
        """What a snapshot keeps of it."""
        return {
            "metric": self.name.value,
            "revision": self.revision,
            "numerator": list(self.numerator),
            "denominator": list(self.denominator),
        }


AS_OF = Words(
    "As of the last instant of the period, or of now while it still runs: whatever happened later does not count.",
    "以统计期最后一刻为准;统计期未结束的,以当前时刻为准。此后发生的一律不计入。",
)

FOLLOWUPS_DUE = Words(
    "Follow-ups of the summonses issued in the period that were recorded, or whose limit had passed; each round's is "
    "one.",
    "统计期内发出的约请中,已回访或回访期限已届满的回访;每一轮各计一次。",
)

METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            MetricName.CLOSING,
            Words("Closing rate", "办结率"),
            Words(
                "Of the denominator, the summonses all of whose live tasks were resolved.",
                "其中:已全部办结的约请。",
            ),
            Words(
                "Summonses issued in the period that were resolved, or whose latest resolve limit had passed.",
                "统计期内发出、已办结或办结期限已届满的约请(应办结)。",
            ),
            Summons,
            Summons,
            rows.CLOSING,
        ),
        Metric(
            MetricName.ACCEPTED_ON_TIME,
            Words("On-time acceptance", "按时应约率"),
            Words(
                "Of the denominator, the tasks that the unit accepted within the limit.",
                "其中:被约请单位在时限内应约的任务。",
            ),
            Words(
                "Tasks of the summonses issued in the period that the unit accepted, or whose limit to accept passed "
                "unanswered. A declined task is on neither side: an arbiter rules on it.",
                "统计期内发出的约请中,已应约或应约时限届满未答复的任务;申请退约的任务由裁定决定,两边都不计。",
            ),
            Task,
            Task,
            rows.ACCEPTED,
        ),
        Metric(
            MetricName.ARRIVED_ON_TIME,
            Words("On-time arrival", "按时报到率"),
            Words(
                "Of the denominator, the tasks whose unit came within the limit, at the first appointment.",
                "其中:在首次约定时限内到场报到的任务。",
            ),
            Words(
                "Tasks of the summonses issued in the period for which somebody came, or a no-show was noted. What was "
                "settled without a visit, by agreement, is on neither side.",
                "统计期内发出的约请中,已到场报到或已记录未到场的任务;经同意远程办理的,两边都不计。",
            ),
            Task,
            Task,
            rows.ARRIVED,
        ),
        Metric(
            MetricName.FIRST_FEEDBACK,
            Words("First feedback on time", "首次反馈及时率"),
            Words(
                "Of the denominator, the tasks whose first progress or result came within the limit.",
                "其中:首次进展或结果在时限内反馈的任务。",
            ),
            Words(
                "Tasks of the summonses issued in the period whose unit told of progress or of a result, or whose "
                "limit passed without: 7 days from the task's beginning, 24 hours for KEY, 15 days for DIFFICULT, "
                "2 hours for EMERGENCY. A task that was taken from the unit before that is on neither side.",
                "统计期内发出的约请中,单位已反馈或反馈时限届满的任务:自任务产生起,一般 7 天、重点 24 小时、"
                "疑难 15 天、紧急 2 小时;在此之前已改派或撤回的任务,两边都不计。",
            ),
            Task,
            Task,
            rows.FIRST_FEEDBACK,
        ),
        Metric(
            MetricName.SATISFACTION,
            Words("Satisfaction", "满意率"),
            Words(
                f"Of the denominator, those that score satisfaction with {rows.PASS_MARK} or more.",
                f"其中:满意度评分不低于 {rows.PASS_MARK} 分的评价。",
            ),
            Words(
                "Scores that the issuing areas gave the evaluated tasks of the summonses issued in the period; each "
                "area's and each round's are one. What an appeal changed later stands as it was.",
                "约请方对统计期内发出的约请中已评价任务的评分;每个约请方、每一轮各计一次。此后经申诉变更的,仍按当时评分计。",
            ),
            Evaluation,
            Evaluation,
            rows.SATISFACTION,
            revision=2,
        ),
        Metric(
            MetricName.REOPENED,
            Words("Reopened", "重启率"),
            Words(
                "Of the denominator, the summonses that were reopened after they had been closed.",
                "其中:办结后又被重启的约请。",
            ),
            Words(
                "Summonses issued in the period that were closed at least once.",
                "统计期内发出、曾经办结的约请。",
            ),
            Summons,
            Summons,
            rows.REOPENED,
        ),
        Metric(
            MetricName.WHISTLE,
            Words("Whistle rate", "吹哨率"),
            Words(
                "Summonses issued in the period by the area and everything below it.",
                "统计期内该区域及其下级发出的约请。",
            ),
            Words(
                "Villages and communities of the area: so the rate is the number of summonses for each. Of a single "
                "unit or category, the summonses are its own, the villages all.",
                "该区域内的村(社区)数,即平均每个村(社区)发出的约请数。"
                "按单位或类别统计时,约请只计该单位或类别的,村(社区)计全部。",
            ),
            Summons,
            Area,
            rows.WHISTLE,
        ),
        Metric(
            MetricName.FOLLOWED_UP,
            Words("On-time follow-up", "按时回访率"),
            Words(
                "Of the denominator, the follow-ups that were recorded within the limit.",
                "其中:在期限内完成的回访。",
            ),
            FOLLOWUPS_DUE,
            FollowUp,
            FollowUp,
            rows.FOLLOWED_UP,
        ),
        Metric(
            MetricName.FOLLOWUP_CONFIRMED,
            Words("Confirmed by follow-up", "回访确认率"),
            Words(
                "Of the denominator, those that found the matter settled.",
                "其中:确认已解决的回访。",
            ),
            Words(
                "Follow-ups of the summonses issued in the period that were recorded; each round's is one.",
                "统计期内发出的约请中,已完成的回访;每一轮各计一次。",
            ),
            FollowUp,
            FollowUp,
            rows.FOLLOWUP_CONFIRMED,
        ),
        Metric(
            MetricName.FOLLOWUP_SKIPPED,
            Words("Follow-up skipped", "漏访率"),
            Words(
                "Of the denominator, the follow-ups that nobody recorded before their limit ended them.",
                "其中:期限届满仍无人回访、已按漏访结束的回访。",
            ),
            FOLLOWUPS_DUE,
            FollowUp,
            FollowUp,
            rows.FOLLOWUP_SKIPPED,
        ),
    )
}

"""The words of the reason codes about publications, in English and Chinese."""

PUBLICATIONS: dict[str, tuple[str, str]] = {
    "MONTH_TAKEN": ("There is a publication of that month already.", "该月已有公示。"),
    "EMPTY_MONTH": ("Nothing happened in that month that could be published.", "该月没有可公示的内容。"),
    "OBJECTION_WINDOW_OVER": ("The time for objections is over.", "异议期已过。"),
    "OBJECTION_WINDOW_OPEN": ("Objections can still be made.", "异议期尚未结束。"),
    "OBJECTIONS_UNANSWERED": ("An objection has not been answered.", "尚有异议未答复。"),
    "OBJECTION_UPHELD": ("An objection was upheld: draft it anew first.", "有异议成立,须重新编制。"),
    "OBJECTION_ANSWERED": ("That objection was answered already.", "该异议已答复。"),
    "ALREADY_OBJECTED": ("You have an objection that waits for its answer.", "您的异议尚待答复。"),
    "NOT_REGISTERED_THERE": ("You are not registered there.", "您未在该村(社区)报到。"),
    "COMMITMENT_KEPT": ("It was found kept already.", "该承诺已确认践诺。"),
    "OWN_COMMITMENT": ("Nobody confirms their own commitment.", "不得确认本人的承诺。"),
    "NOTICE_BY_RANKING": (
        "That kind follows from a ranking; by hand one praises, tells of what is overdue, or criticises.",
        "该类通报由排名产生;人工通报只有表扬、逾期通报和通报批评。",
    ),
    "UNIT_NOT_CONCERNED": (
        "The unit neither belongs to this area nor was summoned from it.",
        "该单位不属于本区域,也未被本区域约请。",
    ),
    "MATTER_ELSEWHERE": ("That was not issued in this area.", "该事项不是本区域发出的。"),
    "MATTER_OF_OTHERS": ("The unit has no part in it.", "该事项与该单位无关。"),
    "TASK_OF_OTHER_SUMMONS": ("The task belongs to another summons.", "该任务不属于所选约请。"),
    "OWN_NOTICE": ("Nobody tells of their own unit, or decides about it.", "不得通报或处理自己任职的单位。"),
    "NOT_REPORTED": (
        "Only what was reported to the district is decided on.",
        "只有报请区县的通报可以作出处理决定。",
    ),
    "NOTICE_DECIDED": ("It was decided on already.", "该通报已作出处理决定。"),
    "NOTICE_CORRECTED": (
        "The publication that tells it was corrected: it counts no more.",
        "该通报所依据的公示已更正,不再有效。",
    ),
    "MONTH_AHEAD": ("That month has not begun.", "该月尚未开始。"),
    "OWN_HONOUR": ("Nobody honours themselves.", "不得评自己为服务明星。"),
    "ALREADY_HONOURED": ("They are a star of that month already.", "该人员已是该月的服务明星。"),
    "NO_FLAG_HERE": ("They have earned no red flag here.", "该人员在本区域没有红旗。"),
    "GROUND_NAMES_MEMBER": (
        "Everybody reads the ground, but not the name: leave it out.",
        "评选理由向所有人公开,请勿写出姓名。",
    ),
    "TOO_MANY_HONOURED": ("Ten are honoured for that month already.", "该月已评满十名服务明星。"),
    "NOTHING_TO_CORRECT": (
        "Everything in it would be the same again.",
        "重新统计结果与原公示一致,无需更正。",
    ),
}

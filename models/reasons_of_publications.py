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
    "NOTHING_TO_CORRECT": (
        "Everything in it would be the same again.",
        "重新统计结果与原公示一致,无需更正。",
    ),
}

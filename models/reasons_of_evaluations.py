"""Reason codes of evaluations beyond the steps of a task: templates, other parties, residents, appeals, locks."""

EVALUATIONS: dict[str, tuple[str, str]] = {
    "PARTY_NOT_WEIGHED": (
        "By the template in force this party does not score here.",
        "按现行评价模板,该主体不参与评价。",
    ),
    "LINKS_LIMIT": ("Enough links were made for this task.", "该任务的评价链接数量已达上限。"),
    "LINK_DAYS": ("A link lasts 1 to 30 days.", "评价链接有效期为1至30天。"),
    "LINK_USED": ("This link has been used.", "该评价链接已使用。"),
    "LINK_EXPIRED": ("This link is no longer open.", "该评价链接已失效。"),
    "TOO_OFTEN": ("Too many tries; come back later.", "尝试过于频繁,请稍后再试。"),
    "BODY_TOO_LARGE": ("The request is too large.", "请求内容过大。"),
    "BODY_MALFORMED": (
        "Send a JSON object with token (text), score (a whole number) and, if you like, comment (text).",
        "请发送包含token、score(整数)和可选comment的JSON对象。",
    ),
    "SCORES_LOCKED": ("The scores of this period are locked.", "该考核期得分已锁定。"),
    "SCORES_NOT_LOCKED": ("Its scores are not locked yet.", "得分尚未锁定。"),
    "ALREADY_LOCKED": (
        "This period is locked, and nothing is left to lock.",
        "该考核期已锁定,没有待锁定的得分。",
    ),
    "PERIOD_NOT_OVER": ("The period is not over yet.", "考核期尚未结束。"),
    "APPEAL_WINDOW_OVER": ("The time for an appeal is over, or has not begun.", "不在申诉期限内。"),
    "APPEALS_OPEN": (
        "Somebody has appealed, or still may, against scores of this period.",
        "该考核期内仍有申诉未裁定或申诉期未满。",
    ),
    "WEIGHTS_NOT_100": ("Weights must sum to 100.", "权重之和必须为100。"),
    "WEIGHT_RANGE": ("A weight lies between 1 and 100.", "权重应在1到100之间。"),
    "WEIGHED_TWICE": ("The same is weighed twice.", "同一项目重复设置权重。"),
    "DIMENSION_CODE": (
        "A code has 1 to 30 capital letters, digits or _, and begins with a letter.",
        "维度代码须以大写字母开头,由1至30个大写字母、数字或下划线组成。",
    ),
    "TOO_MANY_DIMENSIONS": ("A template has at most 10 dimensions.", "评价模板最多有10个维度。"),
    "ONLY_OBJECTIVE": ("Somebody must score too.", "不能只有客观评价。"),
    "ISSUER_WEIGHT_RANGE": ("The issuer counts 1 to 10 times.", "发起方权重应在1到10之间。"),
    "TEMPLATE_IN_PAST": (
        "A template is valid from today on or later.",
        "评价模板的施行日不得早于今日。",
    ),
    "TEMPLATE_DAY_TAKEN": (
        "The area has a template that is valid from this day on.",
        "该区域已有自该日起施行的评价模板。",
    ),
}

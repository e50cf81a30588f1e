"""The words of the reason codes about webhooks, in English and Chinese."""

WEBHOOKS: dict[str, tuple[str, str]] = {
    "URL_MALFORMED": (
        "This is not an address such as https://example.org/path.",
        "地址格式不正确,应形如 https://example.org/path。",
    ),
    "URL_WITH_CREDENTIALS": (
        "The address must not hold a name or a password.",
        "地址中不得包含用户名或密码。",
    ),
    "URL_NOT_HTTPS": ("Events are sent by https alone.", "只能使用https地址。"),
    "URL_NOT_PUBLIC": (
        "This address is not public, and the operator does not allow it.",
        "该地址不是公网地址,且运维方未允许。",
    ),
    "TOO_MANY_WEBHOOKS": ("An account has at most 5 webhooks.", "每个账号最多五个推送接口。"),
    "WEBHOOK_REMOVED": ("This webhook was removed.", "该推送接口已移除。"),
    "REDELIVERY_UNCLEAR": (
        "Name one delivery or a place in the log, not both.",
        "请指定一条推送记录或日志位置之一。",
    ),
}

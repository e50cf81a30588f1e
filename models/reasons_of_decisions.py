"""The words of the reason codes of what areas decide for themselves, in English and Chinese."""

DECISIONS: dict[str, tuple[str, str]] = {
    "SHARE_RANGE": ("A share is 0 to 1.", "比例应为0至1。"),
    "CATEGORY_TWICE": ("The same category is named twice.", "同一类别重复填写。"),
    "GIVEN_AND_INHERITED": ("It is either decided here or inherited.", "同一设置不能既在此决定又沿用上级。"),
    "AMOUNT_RANGE": ("A limit is more than 0 and at most 1,000.", "时限须大于0且不超过1000。"),
    "CLOCK_WITHOUT_LIMIT": (
        "This clock runs until an agreed moment; it has no limit of its own.",
        "此时限以约定时间为准,不能另行设定。",
    ),
    "LIMIT_OF_REQUESTS": (
        "Requests and work orders have no tier and no category of summonses.",
        "诉求与工单不分约请等级和类别。",
    ),
    "NO_LIMIT_HERE": ("The area has no such limit of its own.", "该区域没有自行设定此时限。"),
    "DAY_TWICE": ("The same day is named twice.", "同一日期重复填写。"),
    "DAY_OUT_OF_RANGE": ("A day lies between 2000 and 2100.", "日期应在2000年至2100年之间。"),
    "DAY_MALFORMED": ("A day is written as 2027-10-01.", "日期应写作2027-10-01。"),
    "PERIOD_TOO_LONG": ("The period has at most 366 days.", "时间段最长三百六十六天。"),
}

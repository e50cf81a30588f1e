"""The words of the reason codes about exports, in English and Chinese."""

EXPORTS: dict[str, tuple[str, str]] = {
    "TOO_MANY_EXPORTS": (
        "Five of your exports are not finished yet; wait for one of them.",
        "您有五个导出任务尚未完成,请稍候。",
    ),
    "FILTER_OF_ANOTHER_LEDGER": (
        "These conditions are for another ledger than the one that is exported.",
        "该筛选条件不适用于所导出的台账。",
    ),
    "EXPORT_GIVEN_UP": (
        "Three attempts to write the file failed.",
        "三次尝试生成文件均失败。",
    ),
}

"""The words of the reason codes that only imported files have, in English and Chinese."""

FILES: dict[str, tuple[str, str]] = {
    "NOT_UTF8": ("The file is not UTF-8 text.", "文件不是UTF-8编码。"),
    "NOT_CSV": ("The line cannot be read as CSV.", "该行不是有效的CSV。"),
    "NOT_A_LIST": ("The file is not a JSON array.", "文件不是JSON数组。"),
    "CELL_COUNT": ("The line has more or fewer cells than the header.", "该行的列数与表头不一致。"),
    "COLUMN_MISSING": ("This column is missing.", "缺少此列。"),
    "COLUMN_UNKNOWN": ("There is no such column.", "没有此列。"),
    "COLUMN_TWICE": ("This column comes twice.", "此列重复。"),
    "CODE_TWICE": ("This code comes twice.", "此代码重复。"),
    "CODE_MALFORMED": (
        "The code must have 2, 4, 6, 9 or 12 digits as its level says; grids have 3 more for each nesting.",
        "代码位数须与层级一致:2、4、6、9、12位,网格每级再加3位。",
    ),
    "LEVEL_UNKNOWN": ("There is no such level.", "没有此层级。"),
    "KIND_UNKNOWN": ("There is no such kind.", "没有此类别。"),
    "PARENT_MISSING": ("Only a province stands alone.", "除省级外须填写上级代码。"),
    "PARENT_UNKNOWN": (
        "The parent is neither in the file nor in the database.",
        "上级既不在文件中,也不在数据库中。",
    ),
    "PARENT_WRONG": (
        "The parent must be of a higher level, and its code must begin this one; a grid lies in a village or a grid.",
        "上级层级须更高,且其代码须为本代码的前缀;网格须隶属于村(社区)或网格。",
    ),
    "AREA_MOVED": ("An import does not move an area that is there already.", "导入不得移动已有区域。"),
    "AREA_UNKNOWN": ("There is no area with this code.", "没有此代码的区域。"),
    "UNIT_UNKNOWN": ("There is no unit with this code.", "没有此代码的单位。"),
    "UNIT_OR_AREA": ("Name the unit or the area where they belong.", "请填写所属单位或区域。"),
    "YES_OR_NO": ("Say yes or no.", "请填写是或否。"),
    "LOGIN_TWICE": ("This login comes twice.", "此登录名重复。"),
    "RANK_UNKNOWN": ("A rank is SECTION, DEPUTY_HEAD or HEAD.", "职级应为SECTION、DEPUTY_HEAD或HEAD。"),
    "ROLE_MALFORMED": (
        "Write role@unit:CODE or role@area:CODE, with | between several.",
        "请写作 角色@unit:代码 或 角色@area:代码,多个之间用 | 分隔。",
    ),
}

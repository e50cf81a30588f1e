"""The closed words of the rules: levels, roles, relations and types, with their names in English and Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

AREA_LEVELS = ("PROVINCE", "CITY", "DISTRICT", "TOWN", "VILLAGE", "GRID")
UNIT_LEVEL = "UNIT"
SYSTEM_LEVEL = "SYSTEM"
LEVELS = (SYSTEM_LEVEL, *AREA_LEVELS, UNIT_LEVEL)
"""Where a role can be held: at an area, in a unit, or (SYSTEM) over the whole tree."""

ANY_LEVEL = "*"
DIGITS = {"SYSTEM": 0, "PROVINCE": 2, "CITY": 4, "DISTRICT": 6, "TOWN": 9, "VILLAGE": 12, "GRID": 15}
"""Rank of what is held at a level: fewer digits of area code stand higher."""


@dataclass(frozen=True, slots=True)
class Role:
    """`held_at`: the levels at which it may be granted; none: nobody grants it, one has it by being there."""

    name: str
    held_at: tuple[str, ...]
    en: str
    zh: str


def _roles(*roles: tuple[str, tuple[str, ...], str, str]) -> dict[str, Role]:
    return {role[0]: Role(*role) for role in roles}


ROLES = _roles(
    ("anyone", (), "anyone", "任何人"),
    ("member", (), "signed-in member", "登录人员"),
    ("platform_admin", ("SYSTEM",), "platform administrator", "平台运维管理员"),
    ("policy_admin", ("DISTRICT", "TOWN"), "policy administrator", "权限策略管理员"),
    ("district_org_dept", ("DISTRICT",), "district organisation department", "区委组织部主管"),
    ("district_supervision", ("DISTRICT",), "district supervisor", "区督查考核专员"),
    ("district_leader", ("DISTRICT",), "district leader", "区领导"),
    ("discipline_auditor", ("DISTRICT",), "discipline auditor", "纪检/审计员"),
    ("town_leader", ("TOWN",), "town leader", "镇(街)党(工)委负责人"),
    ("town_coordinator", ("TOWN",), "town coordinator", "镇街统筹专员"),
    ("village_secretary", ("VILLAGE",), "village secretary", "村(社区)党组织书记"),
    ("village_cadre", ("VILLAGE",), "village cadre", "村(居)两委干部"),
    ("grid_leader", ("GRID",), "grid leader", "网格长"),
    ("grid_worker", ("GRID",), "grid worker", "网格员"),
    ("building_chief", ("GRID",), "building chief", "楼长/栋长"),
    ("unit_head", ("UNIT",), "head of the unit", "单位负责人"),
    ("unit_liaison", ("UNIT",), "liaison of the unit", "单位联络员"),
    ("responsible_member", ("UNIT",), "responsible member", "责任人"),
    ("part_time_committee_member", ("VILLAGE",), "part-time committee member", "兼职委员"),
    ("registered_party_member", ("VILLAGE",), "registered party member", "报到党员"),
    ("followup_member", ("VILLAGE",), "member of the follow-up group", "回访组成员"),
    ("resident", ("VILLAGE", "GRID"), "resident", "居民"),
    ("observer", LEVELS, "observer", "只读观察员"),
    ("integration_client", LEVELS, "integration client", "对接系统"),
)

NOT_DELEGABLE = frozenset(
    {
        *("platform_admin", "policy_admin", "discipline_auditor"),
        *("integration_client", "resident", "registered_party_member"),
    }
)
"""Roles nobody lends to a deputy: administrators' and auditors', and what one is in person rather than in office."""

RELATIONS: dict[str, tuple[str, str]] = {
    "any": ("wherever it is", "任何"),
    "subtree": ("at or below the area where the role is held", "任职区域及其下级的"),
    "subtree_not_above": (
        "at or below the area where the role is held, and not above its rank",
        "任职区域内且不高于任职层级的",
    ),
    "own_area": ("of the area where the role is held", "任职区域的"),
    "issuer": ("issued by the area where the role is held", "任职区域发出的"),
    "co_issuer": ("issued jointly by the area where the role is held", "任职区域联合发出的"),
    "commands": ("commanded by the area where the role is held", "由任职区域指挥的"),
    "arbiter": (
        "whose issuer and units in dispute all lie in the area where the role is held",
        "发出方与争议单位均在任职区域内的",
    ),
    "registered": ("of the village where one is registered", "报到村(社区)的"),
    "target_unit": ("given to the unit where the role is held", "任职单位承办的"),
    "lead_unit": ("led by the unit where the role is held", "任职单位牵头的"),
    "own_unit": ("of the unit where the role is held", "任职单位的"),
    "paired": ("of a village paired with the unit where the role is held", "任职单位结对村(社区)的"),
    "assigned": ("for which one is the responsible member", "本人为责任人的"),
    "reporter": ("reported by oneself", "本人提出的"),
    "group_member": ("followed up by a group one sits in", "本人所在回访小组负责的"),
    "self": ("of one's own", "本人的"),
    "official": ("with an official post", "有公开职务的"),
    "published": ("that is published", "已公开的"),
    "member_of_evaluated_unit": ("of one's own unit or a unit below it", "本人所在单位及其下级单位的"),
}
"""How the place where a role is held can relate to an object: words after the object (en), before it (zh)."""

TYPES: dict[str, tuple[str, str]] = {
    "agreement": ("agreement", "共建协议"),
    "analytics": ("figures", "统计数据"),
    "area": ("area", "区域"),
    "audit": ("audit log", "审计日志"),
    "binding": ("grant", "任职授权"),
    "breakglass": ("emergency access", "应急访问"),
    "calendar": ("calendar", "工作日历"),
    "commitment": ("commitment", "承诺"),
    "delegation": ("delegation", "委托"),
    "duty_list": ("duty list", "责任清单"),
    "evaluation": ("evaluation of a task", "任务的评价"),
    "evaluation_template": ("evaluation template", "评价模板"),
    "export": ("export", "导出"),
    "flag": ("red flag", "红旗"),
    "followup": ("follow-up", "回访"),
    "import": ("import", "导入"),
    "inspection": ("inspection", "走访巡查"),
    "list_item": ("list item", "清单事项"),
    "meeting": ("meeting", "会议"),
    "member": ("member", "人员"),
    "notice": ("notice", "通报"),
    "order": ("work order", "派单"),
    "pairing": ("pairing", "结对"),
    "pii": ("protected personal field", "受保护个人信息"),
    "policy": ("draft of the rules", "权限策略"),
    "publication": ("publication", "公示"),
    "ranking": ("ranking", "排名"),
    "registration": ("registration", "双报到登记"),
    "request": ("request", "诉求"),
    "sla_policy": ("table of limits", "时限规则"),
    "summons": ("summons", "约请"),
    "system": ("system", "系统"),
    "task": ("task", "任务"),
    "unit": ("unit", "单位"),
    "visit": ("visit", "走访"),
    "webhook": ("webhook", "推送接口"),
}
"""What rules speak about."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """What was probably meant; None when nothing known comes close, or the word is far too long to be one."""
    near = get_close_matches(word, sorted(known), n=1) if len(word) <= _LONGEST_WORD else []
    return near[0] if near else None


_LONGEST_WORD = 60

"""The ledgers of places, units, people and what they hold."""

from resolvers import areas, members, units
from resolvers.exportable import Ledger

PLACES = (
    Ledger(
        "areas",
        "区域台账",
        "Areas, by code (区域台账).",
        areas.areas,
        {
            "code": "区划代码",
            "name": "名称",
            "kind": "类型",
            "level": "层级",
            "parent.code": "上级代码",
            "parent.name": "上级名称",
            "id": "标识",
        },
    ),
    Ledger(
        "units",
        "单位台账",
        "Open units, by name (单位台账).",
        units.units,
        {
            "name": "单位名称",
            "kind": "单位类别",
            "level": "层级",
            "parent.name": "上级单位",
            "homeArea.code": "所属区域代码",
            "homeArea.name": "所属区域",
            "commandArea.name": "指挥镇街",
            "summonable": "可约请",
            "id": "标识",
        },
    ),
    Ledger(
        "members",
        "人员台账",
        "Members, by name (人员台账); telephone numbers only where the API shows them to who exports.",
        members.members,
        {
            "name": "姓名",
            "login": "登录名",
            "unit.name": "单位",
            "phone": "电话",
            "service": "服务账号",
            "grants.role": "角色",
            "disabledAt": "停用时间",
            "id": "标识",
        },
    ),
    Ledger(
        "grants",
        "任职授权台账",
        "Grants of roles, by their beginning (任职授权台账).",
        members.all_grants,
        {
            "member.name": "人员",
            "role": "角色",
            "area.name": "任职区域",
            "unit.name": "任职单位",
            "since": "起",
            "until": "止",
            "revokedAt": "收回时间",
            "onBehalfOf.name": "被代理人",
            "id": "标识",
            "member.id": "人员标识",
        },
    ),
    Ledger(
        "dutyItems",
        "责任清单",
        "Lines of the duty lists, by number (责任清单).",
        units.duty_items,
        {"code": "编号", "title": "责任事项", "unit.name": "责任单位", "id": "标识"},
    ),
)

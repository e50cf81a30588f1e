"""The ledgers of who stands by a village, and of its lists."""

from resolvers import list_items, pairings
from resolvers.exportable import Ledger

CO_BUILDING = (
    Ledger(
        "pairings",
        "结对共建台账",
        "Pairings of units with villages, newest first (结对共建台账).",
        pairings.pairings,
        {
            "area.code": "区划代码",
            "area.name": "村(社区)",
            "unit.name": "结对单位",
            "arrangedBy.name": "安排人",
            "since": "结对时间",
            "endedAt": "终止时间",
            "id": "标识",
        },
    ),
    Ledger(
        "listItems",
        "三张清单台账",
        "Needs, resources and services of villages, newest first (需求、资源、服务清单台账).",
        list_items.list_items,
        {
            "kind": "清单种类",
            "area.code": "区划代码",
            "area.name": "村(社区)",
            "title": "事项",
            "text": "说明",
            "category.name": "类别",
            "unit.name": "提供单位",
            "member.name": "提供人",
            "createdAt": "登记时间",
            "closedAt": "关闭时间",
            "id": "标识",
        },
    ),
    Ledger(
        "claims",
        "认领台账",
        "Claims of such items, newest first (认领台账).",
        list_items.claims,
        {
            "item.title": "事项",
            "item.kind": "清单种类",
            "item.area.name": "村(社区)",
            "unit.name": "认领单位",
            "member.name": "认领人",
            "state": "状态",
            "claimedAt": "认领时间",
            "doneAt": "完成时间",
            "result": "完成情况",
            "verifiedBy.name": "验收人",
            "id": "标识",
        },
    ),
)

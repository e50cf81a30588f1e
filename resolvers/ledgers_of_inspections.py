"""The ledgers of visits that come round, and of their plans."""

from resolvers import inspections
from resolvers.exportable import Ledger

VISITS = (
    Ledger(
        "inspections",
        "走访巡查台账",
        "Visits of villages and grids, due first (走访巡查台账).",
        inspections.inspections_of,
        {
            "area.name": "区域",
            "kind": "类型",
            "title": "名称",
            "dueDay": "日期",
            "timeOfDay": "时间",
            "place": "地点",
            "visitor.name": "走访人",
            "state": "状态",
            "late": "补记",
            "households": "入户数",
            "note": "情况",
            "reason": "取消理由",
            "recordedBy.name": "记录人",
            "recordedAt": "记录时间",
            "id": "标识",
        },
    ),
    Ledger(
        "inspectionPlans",
        "走访巡查计划台账",
        "Plans of visits, newest first (走访巡查计划台账).",
        inspections.inspection_plans_of,
        {
            "area.name": "区域",
            "kind": "类型",
            "title": "名称",
            "from": "起始日",
            "until": "截止日",
            "every": "间隔",
            "dayOfMonth": "每月几日",
            "weekday": "每周星期几",
            "onRestDay": "非工作日",
            "timeOfDay": "时间",
            "place": "地点",
            "visitor.name": "走访人",
            "state": "状态",
            "createdBy.name": "制定人",
            "createdAt": "制定时间",
            "id": "标识",
        },
    ),
)

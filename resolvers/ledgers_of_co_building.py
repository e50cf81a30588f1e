"""The ledgers of who stands by a village."""

from resolvers import pairings
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
)

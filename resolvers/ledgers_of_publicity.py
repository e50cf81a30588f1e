"""The ledgers of what is published, of who is told, and of what members promise."""

from resolvers import commitments, notices, publications
from resolvers.exportable import Ledger

PUBLICITY = (
    Ledger(
        "publications",
        "公示台账",
        "What areas published about months, with every edition, drafted last first (公示台账).",
        publications.publications,
        {
            "area.name": "区域",
            "month": "月份",
            "edition": "版次",
            "state": "状态",
            "requests": "诉求数",
            "orders": "验收工单数",
            "flags": "红旗数",
            "commitments": "承诺数",
            "commitmentsKept": "践诺数",
            "createdAt": "编制时间",
            "publishedAt": "公示时间",
            "correctedAt": "更正时间",
            "cause": "更正原因",
            "reason": "更正理由",
            "id": "标识",
        },
    ),
    Ledger(
        "notices",
        "通报台账",
        "Notices, by rankings and by hand, newest first (通报台账).",
        notices.notices,
        {
            "kind": "种类",
            "area.name": "通报区域",
            "unit.name": "单位",
            "subject.name": "网格或区域",
            "publication.month": "月份",
            "occurrence": "连续次数",
            "issuedAt": "通报时间",
            "text": "内容",
            "summons.number": "约请编号",
            "decision": "处理决定",
            "decidedAt": "决定时间",
            "id": "标识",
        },
    ),
    Ledger(
        "commitments",
        "承诺践诺台账",
        "What registered members promised villages, newest first (承诺践诺台账).",
        commitments.commitments,
        {
            "area.name": "村(社区)",
            "member.name": "承诺人",
            "text": "承诺事项",
            "madeAt": "承诺时间",
            "keptAt": "践诺时间",
            "confirmedBy.name": "确认人",
            "id": "标识",
        },
    ),
)

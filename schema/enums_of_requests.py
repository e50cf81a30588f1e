"""Enums of requests and work orders, published like the others (`schema.enums`)."""

import models
from resolvers.requests import RequestOrder
from schema.fields import publish

publish(
    models.Channel,
    "How a request (诉求) came in.",
    VISIT="At a home visit (入户走访).",
    MASS_MEETING="At a mass meeting (群众大会).",
    REP_MEETING="At a meeting of representatives (代表会议).",
    COLLECTION_DAY="On a collection day (征集日).",
    BOX="By a letter box (意见箱).",
    WALK_IN="Somebody came to the office (来访).",
    HOTLINE_12345="By the hotline (12345热线).",
    WECHAT="By WeChat or a similar group (微信).",
    ONLINE="Through this service (网上).",
    MEMBER="Somebody with an ear for people passed it on (民情信息员).",
    INSPECTION="Found at an inspection (巡查).",
)
publish(
    models.MatterClass,
    "Whose matter it is (三事分流), which says by what way it can be settled.",
    PUBLIC="The government's (公家事): by a summons, or by a transfer to a unit.",
    COMMUNITY="The community's (大家事): by work orders.",
    FAMILY="A family's own (自家事): by volunteers, who claim work orders.",
)
publish(
    models.RequestState,
    "Where a request (诉求) stands, from the first word to its end.",
    NEW="Nobody has looked at it, or the way that was chosen led nowhere (待分流).",
    ANSWERED="Answered on the spot, with a promise of when it will be done (已答复待办结).",
    VILLAGE_HANDLING="The village sees to it, or has still to choose the way (村(社区)办理中).",
    ORDERED="Work orders are out for it (已派单).",
    SUMMONED="Units are summoned for it (已转约请).",
    TRANSFERRED="Another unit sees to it (已转办).",
    MERGED="Another request about the same matter goes on for it (已合并).",
    REJECTED="Not taken up; its reporters were told why (不予受理).",
    DONE="Settled; its reporters have time to say what they think of it (已办结待反馈).",
    CLOSED="Settled and not objected to, or taken back (已关闭).",
    REOPENED="A reporter is dissatisfied; the village looks at it anew (重新办理).",
)
publish(
    models.Satisfaction,
    "What a reporter thinks of the outcome (满意度).",
    SATISFIED="Content (满意).",
    PARTLY="Content in part (基本满意).",
    DISSATISFIED="Not content: the request is looked at anew (不满意).",
)
publish(
    models.OrderMode,
    "Whether somebody is named for a work order.",
    DISPATCHED="One member or unit is asked to do it (指派).",
    CLAIMABLE="Whoever fits may claim it (认领).",
)
publish(
    models.OrderState,
    "Where a work order (工单) stands.",
    OPEN="Nobody has taken it on (待接单).",
    ACCEPTED="Somebody does it (办理中).",
    DONE="Done; the village has still to look at it (待验收).",
    VERIFIED="Found well done (已验收).",
    DECLINED="Whoever was named gave it back (已退单).",
    EXPIRED="Nobody took it on in time (已过期).",
    CANCELLED="Taken back (已撤单).",
)
publish(
    models.ListKind,
    "On which list of a village an item stands.",
    NEED="What the village needs (需求清单).",
    RESOURCE="What the village has that others can use (资源清单).",
    SERVICE="What a unit or a member offers to do (服务清单).",
)
publish(
    models.ClaimState,
    "Where a claim (认领) stands.",
    CLAIMED="Somebody has taken it on (已认领).",
    DONE="Done; the village has still to look at it (待验收).",
    VERIFIED="Found well done (已验收).",
    DROPPED="Given back (已退回).",
)
publish(
    RequestOrder,
    "How a list of requests is sorted.",
    CREATED_DESC="Newest first, by the moment it was reported.",
    CREATED_ASC="Oldest first, by the moment it was reported.",
    UPDATED_DESC="Last changed first.",
    DUE_ASC="Due first; those without a running limit come last.",
)

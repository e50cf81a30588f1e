"""The words of every reason code, in English and Chinese. Codes are stable; words may be bettered."""

from models.reasons_of_decisions import DECISIONS
from models.reasons_of_evaluations import EVALUATIONS
from models.reasons_of_exports import EXPORTS
from models.reasons_of_files import FILES
from models.reasons_of_followups import FOLLOWUPS
from models.reasons_of_inspections import INSPECTIONS
from models.reasons_of_policies import POLICIES
from models.reasons_of_publications import PUBLICATIONS
from models.reasons_of_requests import REQUESTS
from models.reasons_of_webhooks import WEBHOOKS

REASONS: dict[str, tuple[str, str]] = {
    **EVALUATIONS,
    **EXPORTS,
    **DECISIONS,
    **FILES,
    **POLICIES,
    **PUBLICATIONS,
    **REQUESTS,
    **FOLLOWUPS,
    **INSPECTIONS,
    **WEBHOOKS,
    # who
    "NOT_FOUND": ("There is no such object, or you may not know of it.", "对象不存在,或您无权知晓。"),
    "NO_RULE": ("None of your roles gives this right.", "您的角色都没有这项权限。"),
    "WRONG_PLACE": (
        "Your role gives this right, but not for this object.",
        "您有这项权限,但不适用于该对象。",
    ),
    "OWN_UNIT": ("Nobody scores or judges their own unit.", "不得评价或裁定自己任职的单位。"),
    "OWN_GRANT": ("Nobody gives a role to themselves.", "不得给自己授予角色。"),
    "OWN_DRAFT": ("Nobody publishes their own draft of the rules.", "不得发布自己起草的权限策略。"),
    "AUDIT_IS_FIXED": ("The audit log is never changed.", "审计日志不可更改。"),
    "DISABLED": ("This member is disabled.", "该人员已停用。"),
    # state
    "WRONG_STATE": ("This step does not start from the present state.", "当前状态不能执行此操作。"),
    "VERSION_CHANGED": ("Somebody changed it first; look again and repeat.", "他人已先行更改,请刷新后重试。"),
    "RIGHTS_CHANGED": (
        "Your rights or the rules changed meanwhile; repeat to see whether you still may.",
        "您的权限或权限规则刚刚变更,请重试。",
    ),
    "POLICY_OUTDATED": (
        "The rules changed since this was written; write it anew on top of those in force.",
        "该草案起草后权限策略已变更,请基于现行策略重新起草。",
    ),
    "KEY_REUSED": ("This idempotency key was used for another request.", "该幂等键已用于另一请求。"),
    # drafting and issuing
    "ISSUER_LEVEL": ("Only a village or a town issues a summons.", "只有村(社区)或镇(街道)可以发起约请。"),
    "AREA_CLOSED": ("This area is no longer in force.", "该区域已撤销。"),
    "TARGETS_MISSING": ("Name at least one unit to summon.", "至少确定一个约请对象。"),
    "UNIT_NOT_SUMMONABLE": ("This unit cannot be summoned.", "该单位不能被约请。"),
    "UNIT_CLOSED": ("This unit is closed.", "该单位已撤销。"),
    "UNIT_TWICE": ("The same unit is named twice.", "同一单位重复填写。"),
    "UNIT_HAS_TASK": ("This unit already has a task here.", "该单位在本约请中已有任务。"),
    "UNIT_HAS_NO_TASK": ("This unit has no live task here.", "该单位在本约请中没有进行中的任务。"),
    "LEAD_NOT_AMONG_UNITS": (
        "The lead unit must be one of the units summoned.",
        "牵头单位必须是约请对象之一。",
    ),
    "CO_ISSUER_LEVEL": ("Only villages join a summons.", "只有村(社区)可以联合约请。"),
    "CO_ISSUER_TWICE": ("The same area is named twice.", "同一村(社区)重复填写。"),
    "CO_ISSUER_IS_ISSUER": ("The issuer is not its own co-issuer.", "发起方不能同时是联签方。"),
    "HAS_CO_ISSUERS": ("Its co-issuers must sign first.", "须先经联合约请的村(社区)联签。"),
    "NO_CO_ISSUER": ("It names no co-issuer.", "没有联合约请的村(社区)。"),
    "OTHERS_MISSING": ("Other signatures are missing too.", "还有其他村(社区)未签。"),
    "LAST_SIGNATURE": ("Yours is the last signature.", "这是最后一个签署。"),
    "ALREADY_SIGNED": ("Your village has signed already.", "本村(社区)已签署。"),
    "GATE_REQUIRED": ("Here the town looks at a summons before it is issued.", "须先经镇(街道)把关。"),
    "GATE_NOT_REQUIRED": ("Here a summons needs no look by the town.", "此处无须镇(街道)把关。"),
    "GATE_RETURNED_BEFORE": ("The town may return a summons only once.", "镇(街道)只能退回一次。"),
    "TIER_NOT_EMERGENCY": ("Only a summons of tier EMERGENCY is issued at once.", "仅紧急级约请可直接发出。"),
    "NOT_EMERGENCY": ("Only an emergency is ratified afterwards.", "仅紧急约请需要补办集体研究。"),
    "ALREADY_RATIFIED": ("It has been ratified already.", "已补办集体研究。"),
    "RESOLUTION_MISSING": ("The record of the collective resolution is missing.", "缺少集体研究记录。"),
    "RESOLUTION_IN_FUTURE": ("The meeting has not taken place yet.", "集体研究时间不能晚于现在。"),
    "RESOLUTION_NOBODY": ("Somebody must have been present.", "到会人数至少为一人。"),
    "ON_NEGATIVE_LIST": ("The matter is on the villages' negative list.", "该事项在村(社区)负面清单内。"),
    "DUPLICATE_OF_ITSELF": ("A summons does not repeat itself.", "不能标记为自身的重复。"),
    "LAST_TASK": (
        "The last unit cannot be released; cancel the summons instead.",
        "最后一个单位不能退出,请撤销约请。",
    ),
    "TASK_ARRIVED": ("A unit has arrived and works on it.", "已有单位报到办理。"),
    "OUTCOME_NOT_UNRESOLVED": (
        "Closing unresolved needs the outcome PARTIAL, UNRESOLVED or TRANSFERRED.",
        "未办结归口只能是部分解决、未解决或转办。",
    ),
    "REOPEN_WINDOW_OVER": ("The time for reopening is over.", "已超过重新办理期限。"),
    "ROUND_LIMIT": ("It has been reopened often enough.", "重新办理次数已达上限。"),
    "NOTHING_TO_REOPEN": ("Choose an evaluated task or name a new unit.", "请选择已评价的任务或新的单位。"),
    "TASK_NOT_EVALUATED": ("Only an evaluated task is reopened.", "只有已评价的任务可以重新办理。"),
    # answering
    "MEMBER_NOT_OF_UNIT": ("This member does not belong to the unit.", "该人员不属于本单位。"),
    "MEMBER_DISABLED": ("This member is disabled.", "该人员已停用。"),
    "MEMBER_LACKS_ROLE": (
        "This member does not hold the role of a responsible member in the unit.",
        "该人员在本单位没有责任人角色。",
    ),
    "RANK_TOO_LOW": ("The tier asks for somebody more senior.", "职级不符合本级约请的到场要求。"),
    "NO_HEAD": ("The unit has no head to fall back on.", "该单位没有负责人可以兜底。"),
    "DECLINE_TOO_LATE": ("The time for declining is over.", "已超过退约期限。"),
    "DECLINED_BEFORE": ("This unit has declined this summons before.", "该单位已对本约请申请过退约。"),
    "DUTY_ITEM_OF_OTHERS": (
        "The duty item must belong to this unit or to the one it suggests.",
        "引用的责任事项须属于本单位或建议单位。",
    ),
    "SUGGESTS_ITSELF": ("Name another unit than yourself.", "建议单位不能是本单位。"),
    "ARBITRATION_ELSEWHERE": ("The ruling lies with another level.", "裁定权在另一层级。"),
    "TOP_LEVEL": ("There is no higher level.", "已是最高裁定层级。"),
    "NOT_TOP_LEVEL": ("A higher level has not ruled yet.", "上级尚未裁定。"),
    "SAME_UNIT": ("Name another unit.", "请确定另一个单位。"),
    "UNIT_DECLINE_UPHELD": (
        "That unit's decline was upheld in this matter.",
        "该单位在本事项中的退约已获支持。",
    ),
    # appointments and arrival
    "APPOINTMENT_IN_PAST": ("The appointment lies in the past.", "约定时间已过。"),
    "APPOINTMENT_UPSIDE_DOWN": ("The appointment ends before it begins.", "约定结束时间早于开始时间。"),
    "APPOINTMENT_MISSING": ("Say the new time.", "请填写新的约定时间。"),
    "PROPOSAL_OPEN": ("An earlier request of this kind waits for an answer.", "同类申请尚待答复。"),
    "NO_OPEN_PROPOSAL": ("The unit has not asked for this.", "单位没有提出此申请。"),
    "RESCHEDULE_LIMIT": ("The appointment was moved twice already.", "改期次数已达上限。"),
    "VILLAGE_CODE_WRONG": ("This is not the code the village shows now.", "村(社区)报到码不正确。"),
    "ARRIVAL_IN_FUTURE": ("The arrival lies in the future.", "到场时间不能晚于现在。"),
    "ARRIVAL_TOO_EARLY": ("The arrival lies before the task began.", "到场时间早于任务开始。"),
    "MARKED_BEFORE": ("The no-show has been noted already.", "已记录未到场。"),
    # handling
    "HOLD_TOO_LONG": ("A hold lasts at most 90 days.", "挂账不得超过九十天。"),
    "RESUME_IN_PAST": ("The day to resume lies in the past.", "恢复时间已过。"),
    "RESUME_MISSING": ("Say when work resumes.", "请填写恢复时间。"),
    "DAYS_OUT_OF_RANGE": ("Ask for 1 to 30 working days.", "可申请延长一至三十个工作日。"),
    "EXTENSION_LIMIT": (
        "The village extends once, the town a second time.",
        "村(社区)可延期一次,第二次由镇(街道)决定。",
    ),
    "CO_UNITS_NOT_DONE": ("The lead unit waits for the units beside it.", "牵头单位须等待协办单位办结。"),
    "OUTCOME_MISSING": ("Say how it ended.", "请填写办理结果。"),
    "REWORK_LIMIT": (
        "The village returns a result twice; a third time only the town.",
        "村(社区)最多退回两次,第三次由镇(街道)决定。",
    ),
    "URGED_TODAY": ("The village urges once a day.", "村(社区)每天只能催办一次。"),
    # evaluation and follow-up
    "ALREADY_EVALUATED": ("Your area has scored this task already.", "本区域已评价该任务。"),
    "OTHER_SCORES_MISSING": ("Other co-issuers have not scored yet.", "其他联合约请方尚未评价。"),
    "LAST_SCORE": ("Yours is the last score that is missing.", "这是最后一份评价。"),
    "SCORE_MISSING": ("A dimension is not scored.", "有维度未评分。"),
    "SCORE_UNKNOWN": ("The template has no such dimension.", "评价模板没有此维度。"),
    "SCORE_TWICE": ("A dimension is scored twice.", "同一维度重复评分。"),
    "SCORE_RANGE": ("A score lies between 0 and 100.", "评分应在0到100之间。"),
    "COMMENT_MISSING": ("A low score needs a comment.", "低分须说明理由。"),
    "OUTCOME_NOT_CONFIRMED": (
        "A confirmed follow-up ends in RESOLVED or PARTIAL.",
        "回访确认的结果只能是已解决或部分解决。",
    ),
    # consequences
    "NOTHING_ACCEPTED": ("No unit has taken it up yet.", "尚无单位应约。"),
    "TASKS_REMAIN": ("There are tasks left.", "仍有任务。"),
    "NOT_ALL_RESOLVED": ("Not every task is resolved.", "尚有任务未办结。"),
    "ALL_RESOLVED": ("Every task is resolved.", "所有任务均已办结。"),
    "NOT_ALL_EVALUATED": ("Not every task is evaluated.", "尚有任务未评价。"),
    # input
    "KEY_MALFORMED": ("An idempotency key has 1 to 128 characters.", "幂等键长度为1至128个字符。"),
    "EMPTY": ("Say something.", "内容不能为空。"),
    "TOO_LONG": ("The text is too long.", "文字过长。"),
    "NUL_CHARACTER": ("Text must not hold NUL characters.", "文字不得包含空字符。"),
    "BROKEN_CHARACTER": ("Text must not hold half a character.", "文字包含不完整的字符。"),
    "WRONG_ID_TYPE": ("This is the id of another type.", "这是其他类型对象的标识。"),
    "MALFORMED_ID": ("This is not an id.", "标识格式不正确。"),
    "FIRST_OUT_OF_RANGE": ("Ask for 1 to 100 at a time.", "每次可取1至100条。"),
    "TOO_MANY": ("Ask for at most 100 at a time.", "每次最多可取100条。"),
    "CURSOR_MALFORMED": ("This is not a cursor.", "游标格式不正确。"),
    "CURSOR_FOREIGN": (
        "This is the cursor of another list, or of another order.",
        "这是其他列表或其他排序的游标。",
    ),
    "CURSOR_EXPIRED": (
        "This cursor is too old, or of a log that is no longer in use; start anew.",
        "游标已过期或已失效,请重新开始。",
    ),
    "STREAM_NEEDED": (
        "Subscribe over WebSocket (graphql-transport-ws), or with Accept: text/event-stream.",
        "订阅须使用WebSocket(graphql-transport-ws)或Accept: text/event-stream。",
    ),
    "ASKED_TWICE": (
        "Without a token each field of the board can be asked for once in a request.",
        "未登录时,公示栏的每个字段每次请求只能查询一次。",
    ),
    "ASKED_TOO_MUCH": (
        "Without a token less can be asked for in a request.",
        "未登录时,一次请求不能查询这么多内容。",
    ),
    "ASKED_ODDLY": (
        "Ask with a query, variables as an object, and no other operation's name.",
        "请求应包含查询语句及对象形式的变量,操作名称须一致。",
    ),
    "POST_NEEDED": ("A mutation is sent by POST.", "变更操作须以POST发送。"),
    "EVENT_TYPE_UNKNOWN": ("No event bears this name.", "没有此类事件。"),
    "PERIOD_UPSIDE_DOWN": ("The period ends before it begins.", "统计期的结束日早于开始日。"),
    "PERIOD_NOT_OVER": (
        "A snapshot is taken of a period that is over, from five minutes after its end.",
        "只能对已结束的统计期建立快照(结束五分钟后)。",
    ),
    "CHART_BY_PERIOD": (
        "A control chart has a month for each point already.",
        "控制图本身按月统计,不能再按月分组。",
    ),
    "TOO_MANY_MONTHS": ("A period is told by month for at most 24 months.", "按月统计最多 24 个月。"),
    "PERIOD_OUT_OF_RANGE": (
        "The period must lie between the years 1900 and 2999.",
        "统计期须在1900年至2999年之间。",
    ),
    "REPLAY_OUT_OF_RANGE": ("Replay 0 to 366 days.", "可回放0至366天的操作。"),
    "ACTION_UNKNOWN": ("There is no such action on this object.", "该对象没有此操作。"),
    "NOT_ADMINISTERED": (
        "You may explain only your own rights and those of members you administer.",
        "只能查询本人或本人管理的人员的权限。",
    ),
    # units, members and grants
    "CONTROL_CHARACTER": ("Names must not hold invisible characters.", "名称不得包含不可见字符。"),
    "LOGIN_MALFORMED": (
        "A login consists of letters, digits and . @ + - _ without blanks.",
        "登录名只能包含文字、数字和 . @ + - _,不得有空格。",
    ),
    "LOGIN_TAKEN": ("Somebody else has this login.", "该登录名已被使用。"),
    "PHONE_MALFORMED": ("This is not a telephone number.", "电话号码格式不正确。"),
    "PARENT_LOOP": ("A unit cannot stand below itself.", "单位不能隶属于自身或其下级。"),
    "LINE_TOO_DEEP": ("A line of command has at most 11 units.", "隶属层级最多十一级。"),
    "UNIT_HAS_LIVE_TASKS": ("The unit still has live tasks.", "该单位仍有进行中的任务。"),
    "UNIT_HAS_UNITS": ("Close or move the units below it first.", "请先撤销或调整其下级单位。"),
    "ROLE_UNKNOWN": ("There is no such role to be given.", "没有可授予的此角色。"),
    "ROLE_NOT_HELD_HERE": ("This role is not held at this level.", "该角色不在此层级任职。"),
    "HOLDER_UNCLEAR": ("Name an area or a unit, not both.", "请指定区域或单位之一。"),
    "UNTIL_BEFORE_SINCE": ("The role ends before it begins.", "任职结束时间早于开始时间。"),
    "UNTIL_IN_PAST": ("The end lies in the past.", "结束时间已过。"),
    "UNTIL_BEYOND_YOURS": (
        "A role cannot outlast the one by which you give it.",
        "授予期限不得超过您自己的任职期限。",
    ),
    "GRANTED_ALREADY": ("The member holds this role here already.", "该人员已在此担任该角色。"),
    "GRANT_ENDED": ("This role has ended already.", "该授权已结束。"),
    "OUTSIDE_YOUR_GRANTS": (
        "Roles are given only inside a place where you hold the right yourself, and not above it.",
        "只能在您本人任职范围之内、且不高于本人层级授予角色。",
    ),
    "GRANT_TO_PRINCIPAL": (
        "A deputy gives no role to the member they stand in for.",
        "代理人不得给委托人授予角色。",
    ),
    "NOT_AS_DEPUTY": (
        "This right cannot be used in somebody else's name.",
        "此项权限不得以代理身份行使。",
    ),
    "ADMINISTRATOR_EXISTS": (
        "Somebody administers this district already; ask them for a role.",
        "该区已有管理员,请向其申请授权。",
    ),
    # delegations
    "NOT_YOUR_GRANT": ("Only your own grant can be lent.", "只能委托本人的授权。"),
    "LENT_GRANT": ("What was lent to you cannot be lent again.", "代理所得的授权不得转委托。"),
    "GRANT_NOT_LIVE": ("This role is not in force at present.", "该授权目前未生效。"),
    "ROLE_NOT_DELEGABLE": ("Nobody lends this role to a deputy.", "该角色不得委托代理。"),
    "DEPUTY_IS_ONESELF": ("Name somebody else as the deputy.", "代理人不能是本人。"),
    "NOT_FOR_SERVICES": ("Client systems neither lend roles nor borrow them.", "服务账号不得委托或代理。"),
    "DEPUTY_OF_OTHER_UNIT": (
        "A role of a unit is lent only inside the unit, or to a unit below it.",
        "单位角色只能委托给本单位或其下级单位的人员。",
    ),
    "DELEGATION_TOO_LONG": ("A delegation lasts at most 90 days.", "代理期限不得超过九十天。"),
    "NOT_A_DELEGATION": ("This grant is nobody's delegation.", "该授权不是代理授权。"),
    # emergency access
    "ACCESS_OPEN": ("You have opened an access to this already.", "您已对该对象开启应急访问。"),
    "ACCESS_REVIEWED": ("This access was reviewed already.", "该应急访问已核查。"),
    "OWN_ACCESS": ("Nobody reviews an access of their own.", "不得核查本人开启的应急访问。"),
    # neither
    "INTERNAL_SERVER_ERROR": (
        "Something went wrong on our side; the operators find it by its id.",
        "系统内部错误,请将错误编号告知运维人员。",
    ),
}

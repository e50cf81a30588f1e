"""Actions and conditions in Chinese and English, for explanations. An action's English is its own name, spelt out."""

import re

ACTIONS_ZH: dict[str, str] = {
    # general
    "read": "查看", "create": "新建", "edit": "修改", "update": "更新", "delete": "删除", "manage": "管理",
    "publish": "公开", "end": "终止", "open": "开启", "close": "关闭", "cancel": "撤销", "run": "运行",
    "merge": "合并", "split": "拆分", "rename": "更名", "lock": "锁定", "review": "复核", "verify": "核验",
    # summons
    "submitForReview": "提交集体研究", "sendBack": "退回补正", "issue": "发出", "issueEmergency": "紧急发出",
    "requestCosign": "请求联签", "cosign": "联签", "refuseCosign": "拒绝联签", "requestGate": "报镇街把关",
    "passGate": "把关通过", "gateReturn": "把关退回", "ratify": "补办集体研究", "addUnit": "增加约请对象",
    "releaseUnit": "退出约请对象", "reopen": "重新办理", "cancelWithConsent": "协商撤销",
    "closeUnresolved": "未办结归口", "followupConfirmed": "回访确认", "followupFailed": "回访不通过",
    # task
    "accept": "应约", "acceptAndAssign": "应约并明确责任人", "decline": "退约", "overrule": "驳回退约",
    "upholdReassign": "支持退约并改派", "upholdReturn": "支持退约并退回", "forceReassign": "强制改派",
    "assign": "明确责任人", "changeMember": "更换责任人", "proposeReschedule": "申请改期",
    "agreeReschedule": "同意改期", "refuseReschedule": "不同意改期", "checkIn": "报到",
    "confirmArrival": "确认到场", "proposeRemote": "提出远程办理", "agreeRemote": "同意远程办理",
    "addProgress": "填写进展", "submitResult": "提交结果", "returnForRework": "退回重办",
    "requestHold": "申请挂账", "approveHold": "同意挂账", "refuseHold": "不同意挂账", "resume": "恢复办理",
    "requestExtension": "申请延期", "extend": "同意延期", "callCoUnit": "请求协办", "comment": "留言",
    "urge": "催办", "instruct": "批示",
    # evaluation
    "submit": "评价", "submitTown": "镇街评价", "submitDistrict": "区级评价", "appeal": "申诉",
    "adjudicate": "复核裁定",
    # control
    "grant": "授予", "revoke": "收回", "draft": "起草", "simulate": "模拟", "diff": "比较", "propose": "提议",
    "rollback": "回退", "rollback_request": "申请回退", "override": "本地调整", "reveal": "显示",
    "backup": "备份", "migrate": "迁移", "configure": "配置",
    # places and units
    "manage_grid": "管理网格", "command": "指挥调度", "recommend_post": "提出任免建议", "arrange": "安排",
    "arrangeException": "特殊安排", "sign": "签署",
    # village life
    "triage": "分流", "answer": "答复", "dispatch": "派单", "transferUp": "上报", "claim": "认领",
    "complete": "完成", "offer": "提供", "record": "记录", "plan": "计划", "confirm": "确认", "apply": "申请",
    "feedback": "反馈", "withdraw": "撤回", "object": "提出异议", "attend": "参会", "convene": "召集",
    "decide": "决定", "minute": "记录纪要", "manage_group": "管理回访组", "honour": "表彰",
    "compute": "计算", "correct": "更正",
}  # fmt: skip

CONDITIONS: dict[str, tuple[str, str]] = {
    "r.obj.author_id != r.sub.id": ("written by somebody else", "非本人起草"),
    "r.obj.author_id == r.sub.id": ("written by oneself", "本人起草"),
    "r.obj.grantee_id != r.sub.id": ("for somebody else", "授予他人"),
    "r.obj.grantee_id == r.sub.id": ("for oneself", "授予本人"),
    "r.obj.reason == True": ("with a stated reason", "已说明理由"),
    "r.obj.town_party != True": ("scored without the town", "本镇(街道)未参与评价"),
}


def action_words(action: str, language: str) -> str:
    """ "zh" for Chinese, else English: ``submitForReview`` is "submit for review"."""
    if language == "zh":
        return ACTIONS_ZH.get(action, action)
    return re.sub(r"(?<=[a-z])([A-Z])", r" \1", action).replace("_", " ").lower()


def condition_words(condition: str, language: str) -> str:
    """The rule's own text when nobody has put it into words yet."""
    en, zh = CONDITIONS.get(condition, (condition, condition))
    return zh if language == "zh" else en

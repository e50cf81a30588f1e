"""The words of the reason codes that follow-ups and their groups have, in English and Chinese."""

FOLLOWUPS: dict[str, tuple[str, str]] = {
    "VISIT_IN_PAST": ("The visit lies in the past.", "回访时间已过。"),
    "VISIT_AFTER_LIMIT": ("The visit lies after the follow-up is due.", "回访时间晚于回访期限。"),
    "NOT_IN_GROUP": (
        "This member sits in no follow-up group of the village.",
        "该人员不在本村(社区)回访小组内。",
    ),
    "VISITOR_MAY_NOT_RECORD": (
        "This member could not record what they find: they lack the role, or belong to a unit that was summoned.",
        "该人员不能记录本次回访:没有回访组成员角色,或属于被约请单位。",
    ),
    "GROUP_OF_VILLAGE": ("Only a village has follow-up groups.", "只有村(社区)可以设回访小组。"),
    "TOO_MANY_GROUPS": ("A village has at most 20 groups.", "每个村(社区)最多二十个回访小组。"),
    "GROUP_TOO_LARGE": ("A group has at most 50 members.", "每个回访小组最多五十人。"),
    "NOT_A_DELEGATE": (
        "This member does not hold the role of a delegate (followup_member) in the village.",
        "该人员在本村(社区)没有回访组成员角色。",
    ),
    "IN_GROUP_ALREADY": ("This member sits in the group already.", "该人员已在回访小组内。"),
    "MEMBER_TWICE": ("The same member is named twice.", "同一人员重复填写。"),
    "NOTHING_GIVEN": ("Say what is to change.", "请填写要更改的内容。"),
    "FOLLOWUP_NEEDED": ("A follow-up comes first.", "须先回访。"),
    "FOLLOWUP_NOT_NEEDED": ("No follow-up is needed.", "无须回访。"),
}

"""Why a change of the rules, or of a service account and its keys, was refused: parts of `models.reasons`."""

POLICIES: dict[str, tuple[str, str]] = {
    # service accounts and their keys
    "NOT_A_SERVICE_ACCOUNT": ("Only a service account has keys, a person never.", "只有服务账号可以有密钥。"),
    "OWN_ACCOUNT": ("Nobody manages keys of their own.", "不得管理自己的密钥。"),
    "TOO_MANY_CREDENTIALS": (
        "An account has at most 5 live keys; revoke one first.",
        "每个账号最多五个有效密钥,请先作废一个。",
    ),
    "CREDENTIAL_TOO_LONG": ("A key lasts at most 400 days.", "密钥有效期最长四百天。"),
    "CREDENTIAL_ENDED": ("This key has ended already.", "该密钥已失效。"),
    "OVERLAP_OUT_OF_RANGE": (
        "The old key may last 0 to 10080 minutes (7 days) longer.",
        "旧密钥可保留0至10080分钟(七天)。",
    ),
    "ROLE_NOT_FOR_SERVICE": (
        "A service account holds only the roles integration_client and observer.",
        "服务账号只能担任对接系统或只读观察员。",
    ),
    "ROLE_FOR_SERVICE_ONLY": ("Only a service account holds this role.", "该角色只能授予服务账号。"),
    "BEYOND_ACCOUNT": (
        "A service account holds roles only inside its own area.",
        "服务账号只能在其所属区域内任职。",
    ),
    "SERVICE_HAS_NO_UNIT": (
        "A service account belongs to an area, to no unit.",
        "服务账号属于区域,不属于单位。",
    ),
    "LOGIN_OF_SERVICE": ("This is the login of a service account.", "这是服务账号的登录名。"),
    "LIST_TOO_LONG": ("Name at most 50.", "最多填写50项。"),
    # the rules themselves
    "RULE_FAULT": ("The rules have a fault.", "权限策略有错误。"),
    "POLICY_UNCHANGED": ("These are the rules in force already.", "与现行权限策略相同。"),
    "NOBODY_COULD_WRITE_RULES": (
        "Under these rules nobody could change the rules any more.",
        "按此策略将无人能再修改权限策略。",
    ),
    "NOBODY_COULD_PUBLISH_RULES": (
        "Under these rules nobody could publish what another has written.",
        "按此策略将无人能发布他人起草的权限策略。",
    ),
    "NOBODY_COULD_APPOINT": (
        "Under these rules nobody could give a role any more.",
        "按此策略将无人能再授予角色。",
    ),
}

"""Rules that are not in force yet, and what the rules give whom, as clients see them."""

from datetime import datetime

import strawberry

from resolvers import policies as resolve
from resolvers.rules import Effect, HeldAt
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.units import Unit

TYPE = "What the action is done to, e.g. `summons`."
ACTION = "What may be done, e.g. `issue`, as in `policyRules`."
ROWS = "null when not counted: such objects have no table here, or too many counts came before."


@strawberry.type(description="Something wrong, or suspicious, in a text of rules, and where (策略错误).")
class PolicyFault:
    line: int = attribute("Line in the text, from 1; 0 for what the text lacks as a whole.")
    column: int = attribute("Column in that line, in characters from 1; 0 with line 0.")
    message: str = attribute("What is wrong, in English.")
    suggestion: str | None = attribute("The known word that was probably meant; null when none comes close.")
    severe: bool = attribute("Whether it keeps the text from being published; false for a warning (警告).")


@strawberry.type(description="What is wrong with a text of rules, all at once (策略检查).")
class PolicyCheck:
    ok: bool = attribute("Whether it could be published: there may be warnings, but no severe fault.")
    hash: str = attribute("SHA-256 of the text in UTF-8, as 64 hexadecimal digits; as of a stored version.")
    faults: list[PolicyFault] = attribute(
        "In order of place, what the text lacks as a whole first; at most 1,000, then severe ones before warnings."
    )


@strawberry.type(
    description="A cell of the matrix (权限矩阵): what a role held at a level may do, inheritance and all."
)
class PolicyCell:
    role: str = attribute("Name of the role; `anyone` and `member` come on top of every other role.")
    held_at: HeldAt = field(resolve.level, "Level at which the role is held; ANY for the roles nobody gives.")
    type: str = attribute(TYPE)
    action: str = attribute(ACTION)
    effect: str = attribute("The rules for it, as in `allow own_area; deny any, if r.obj.reason != True`.")


@strawberry.type(description="A cell of the matrix that differs between two texts of rules (变更单元).")
class PolicyCellChange:
    role: str = attribute("Name of the role whose holders it concerns.")
    held_at: HeldAt = field(resolve.level, "Level at which the role is held; ANY for the roles nobody gives.")
    type: str = attribute(TYPE)
    action: str = attribute(ACTION)
    before: str = attribute("The rules for it in the first text; empty for none.")
    after: str = attribute("The rules for it in the second text; empty for none.")


@strawberry.type(
    description="What differs between two texts of rules; order and comments do not count (策略比较)."
)
class PolicyDiff:
    added: list[str] = field(resolve.rules_added, "Rows that only the second text says; at most 1,000.")
    removed: list[str] = field(resolve.rules_removed, "Rows that only the first text says; at most 1,000.")
    cells: list[PolicyCellChange] = field(
        resolve.changed_cells,
        "Cells of the matrix that differ, by role, level, type and action; at most 1,000.",
    )
    cell_count: int = field(resolve.cell_count, "How many cells differ, also beyond those listed.")


@strawberry.type(
    description="A right that is given or taken (权限增减), and on how many objects, as they are now."
)
class RightChange:
    type: str = attribute(TYPE)
    action: str = attribute(ACTION)
    gains: bool = attribute("Whether the rules give more than before, be it on objects yet to come.")
    loses: bool = attribute("Whether the rules give less than before, be it on objects yet to come.")
    rows_gained: int | None = attribute(f"How many objects the right newly reaches; {ROWS}")
    rows_lost: int | None = attribute(f"How many objects the right no longer reaches; {ROWS}")


@strawberry.type(description="A member whose rights change by the roles they hold now (受影响人员).")
class TouchedMember:
    member: Member | None = field(resolve.member_of, "Who it is.")
    changes: list[RightChange] = field(
        resolve.changes_of_member, "What they gain and lose, by type and action; at most 500."
    )


@strawberry.type(description="A recorded decision that the new rules would have refused (将被拒绝的操作).")
class RefusedDecision:
    seq: int = attribute("Number of its first entry in the audit log.")
    at: datetime = attribute("When the step was taken.")
    member: Member | None = field(resolve.member_of, "Who took it; null when the caller may not know them.")
    type: str = attribute(TYPE)
    action: str = attribute(ACTION)


@strawberry.type(
    description=(
        "What was done in the last days, decided again (决策回放) with the roles of that moment: only steps about "
        "which the rules change."
    )
)
class PolicyReplay:
    decisions: int = attribute("How many were decided again.")
    refused: int = attribute("How many the rules in force allow and the new ones would have refused.")
    examples: list[RefusedDecision] = field(resolve.examples, "The newest of the refused; at most 50.")
    unclear: int = attribute(
        "How many could not be decided again: the member is gone, or the rules in force refuse them by now."
    )
    more: bool = attribute(
        "Whether the period has still older decisions, beyond the 50,000 entries looked at."
    )


@strawberry.type(
    description="What would happen if a text of rules were in force (策略模拟); nothing is stored or changed."
)
class PolicySimulation:
    check: PolicyCheck = attribute("What is wrong with the text; when it is not `ok`, all the rest is empty.")
    cells: list[PolicyCellChange] = field(
        resolve.outcome_cells, "Cells of the matrix that would change; at most 1,000."
    )
    cell_count: int = field(resolve.outcome_cell_count, "How many cells would change in all.")
    everybody: list[RightChange] = field(
        resolve.outcome_everybody,
        "What changes for each signed-in member whose roles do not give it all the same; counted for one without any "
        "role. At most 500.",
    )
    touched: int | None = field(
        resolve.outcome_touched,
        "How many members there are for whom something changes by their roles; null for a broken text.",
    )
    members: list[TouchedMember] = field(
        resolve.outcome_members,
        "The first of these by name, as far as the caller may know of them; at most 100.",
    )
    counts_left_out: bool = field(
        resolve.outcome_counts_left_out,
        "Whether objects were no longer counted for some members, after 400 different counts.",
    )
    locked_out: list[str] = field(
        resolve.outcome_locked_out,
        "What nobody could do any more, in the caller's language: while there is any, it cannot be published.",
    )
    replay: PolicyReplay | None = field(
        resolve.outcome_replay, "What would have become of recent decisions; null for a broken text."
    )


@strawberry.type(description="A rule that counts for a member, and the role it comes from (有效权限).")
class Right:
    role: str = attribute("The role they hold; `member` and `anyone` are everybody's.")
    held_at: HeldAt = field(resolve.held_at, "Level at which they hold it; ANY for everybody's roles.")
    area: Area | None = field(resolve.area_of_right, "Where they hold it; null for a role held in a unit.")
    unit: Unit | None = field(resolve.unit_of_right, "In which unit they hold it; null for one of an area.")
    on_behalf_of: Member | None = field(
        resolve.on_behalf_of, "In whose name they use it (代理); null for their own."
    )
    via: str | None = attribute("The inherited role for which the rule is written; null for the role itself.")
    type: str = field(resolve.type_of_right, TYPE)
    action: str = field(resolve.action_of_right, ACTION)
    relation: str = field(resolve.relation, "How the place of the role relates to the object, e.g. `issuer`.")
    condition: str | None = field(resolve.condition, "A further condition, as written; null for none.")
    effect: Effect = field(resolve.effect, "Whether it gives the action or takes it; taking wins.")
    rule: str = field(resolve.as_written, "The whole rule, as written in the policy.")
    words: str = field(resolve.in_words, "The rule as a sentence in the caller's language.")

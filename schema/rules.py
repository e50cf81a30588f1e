"""The rules, as clients see them: the matrix, and why somebody may or may not."""

import strawberry

from resolvers.rules import Effect, HeldAt
from schema.fields import attribute


@strawberry.type(description="Answer to “may they, and why (not)”: rules and state together.")
class Decision:
    allowed: bool = attribute("Whether they may take the action now.")
    reason_code: str | None = attribute("Why not, as a stable code; null when allowed.")
    reasons: list[str] = attribute("Why, or why not, as sentences in the caller's language.")
    rules: list[str] = attribute(
        "The rules that decide, as written in the policy; those that fall short when refused."
    )


@strawberry.type(description="One cell of the policy: a role, held at a level, and what it may do to what.")
class PolicyRule:
    role: str = attribute("Name of the role, e.g. `village_secretary`; `member` is anybody signed in.")
    held_at: HeldAt = attribute("Where the role must be held for the rule to count.")
    type: str = attribute("What the action is done to, e.g. `summons`.")
    action: str = attribute("What may be done, e.g. `issue`; `explain` and `whoCan` take it too.")
    relation: str = attribute("How the place of the role relates to the object, e.g. `issuer` or `subtree`.")
    condition: str | None = attribute("A further condition on the object, as written; null for none.")
    effect: Effect = attribute("Whether it gives or takes the action.")

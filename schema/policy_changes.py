"""Mutations of the rules."""

import strawberry

from resolvers import policy_changes as resolve
from schema.changes import Guarded, Repeatable, change
from schema.fields import needed
from schema.inputs import ID, REASON

KEPT_REASON = "Why, kept with the version; 1 to 500 characters."


@strawberry.input(description="A text of rules that is to be stored, and why (起草权限策略).")
class DraftPolicyInput(Repeatable):
    text: str = needed("The whole text, at most 400,000 characters; `policyVersions` has the one in force.")
    reason: str = needed(KEPT_REASON)


@strawberry.input(description="A version of the rules that is to take its next step.")
class PolicyInput(Guarded):
    policy: ID = needed("Id of the version.")


@strawberry.input(description="A draft that is to be offered for publication (提请发布).")
class ProposePolicyInput(PolicyInput):
    pass


@strawberry.input(description="A draft or proposal that is given up, and why (撤回).")
class WithdrawPolicyInput(PolicyInput):
    reason: str = needed(REASON)


@strawberry.input(description="A proposal that is to be in force, and why (发布).")
class PublishPolicyInput(PolicyInput):
    reason: str = needed(REASON)


@strawberry.input(description="An earlier version whose text is to be in force again, and why (回退).")
class RollbackPolicyInput(Repeatable):
    number: int = needed("Number of the version to go back to.")
    reason: str = needed(KEPT_REASON)


@strawberry.input(description="An earlier version whose text is proposed again, and why (申请回退).")
class RequestPolicyRollbackInput(Repeatable):
    number: int = needed("Number of the version to go back to.")
    reason: str = needed(KEPT_REASON)


@strawberry.type
class PolicyChanges:
    draft_policy = change(
        "policy",
        DraftPolicyInput,
        resolve.draft_policy,
        "Store a text of rules (起草权限策略). Refused with every fault of the text at once, each with line, column "
        "and suggestion; nothing is stored then. Rows with a place (`town@44.4406.440606106.`) only take rights away, "
        "and are all that the administrator of that place can change.",
    )
    propose_policy = change(
        "policy",
        ProposePolicyInput,
        resolve.propose_policy,
        "Offer a draft for publication by somebody else (提请发布).",
    )
    withdraw_policy = change(
        "policy",
        WithdrawPolicyInput,
        resolve.withdraw_policy,
        "Give up a draft or a proposal (撤回): its author, or whoever could have published it.",
    )
    publish_policy = change(
        "policy",
        PublishPolicyInput,
        resolve.publish_policy,
        "Put a proposal in force at once (发布). Never by its author; never when somebody changed the rules since it "
        "was written, nor when nobody could change the rules or give roles any more.",
    )
    rollback_policy = change(
        "policy",
        RollbackPolicyInput,
        resolve.roll_back_policy,
        "Put the text of an earlier version in force again, as a new version (回退). Not by who wrote that text.",
    )
    request_policy_rollback = change(
        "policy",
        RequestPolicyRollbackInput,
        resolve.request_policy_rollback,
        "Propose the text of an earlier version again, for somebody else to publish (申请回退).",
    )

"""Mutations about webhooks (推送接口)."""

import strawberry

from resolvers import webhooks as resolve
from resolvers.cursors import Cursor
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, REASON

ONCE = (
    "The secret that signs each message, `whsec_…`. It is shown only this once: null when nothing changed, and when an "
    "answer is given again for the same idempotency key."
)
URL = "Where to send events to: https, a public host, no name and password in it; at most 500 characters."
PAUSE = "Why, for those who find it paused; 1 to 500 characters."


@strawberry.input(description="An address that is to get an account's events (登记推送接口).")
class RegisterWebhookInput(Repeatable):
    account: ID = needed("Id of the service account whose events are sent; the caller must manage it.")
    url: str = needed(URL)
    description: str | None = given("What it is for, at most 200 characters.")
    types: list[str] | None = given(
        "Types of events, e.g. `task.accepted`, at most 50; all of them when empty or left out."
    )


@strawberry.input(description="What is to change about a webhook (修改推送接口); what is left out stays.")
class UpdateWebhookInput(Guarded):
    webhook: ID = needed("Id of the webhook that is to change.")
    url: str | None = given(URL)
    description: str | None = given("What it is for, at most 200 characters.")
    types: list[str] | None = given("Types of events, at most 50; an empty list stands for all of them.")


@strawberry.input(description="A webhook that is to get nothing for a while (暂停推送).")
class PauseWebhookInput(Guarded):
    webhook: ID = needed("Id of the webhook; it must be active.")
    reason: str = needed(PAUSE)


@strawberry.input(description="A webhook that is to go on where it stopped (恢复推送).")
class ResumeWebhookInput(Guarded):
    webhook: ID = needed("Id of the webhook; it must be paused.")


@strawberry.input(description="A webhook that is to be taken away (移除推送接口).")
class RemoveWebhookInput(Guarded):
    webhook: ID = needed("Id of the webhook that is no longer wanted.")
    reason: str = needed(REASON)


@strawberry.input(description="A webhook whose secret is to be replaced (轮换签名密钥).")
class RotateWebhookSecretInput(Guarded):
    webhook: ID = needed("Id of the one that is to sign with another secret.")
    overlap: int = given(
        "Minutes for which the present secret signs too; 0 to 10080 (7 days).",
        default=1_440,
    )


@strawberry.input(
    description="What is to be sent again (重新推送): one delivery, everything after a place, or all dead letters."
)
class RedeliverWebhookInput(Guarded):
    webhook: ID = needed("Id of the webhook that is to get them.")
    delivery: ID | None = given("Id of the one delivery that is to be tried again.")
    after: Cursor | None = given(
        "A place in the log: every event after it is sent again. A place the webhook has not reached changes nothing."
    )


@strawberry.type
class WebhookChanges:
    register_webhook = change(
        "webhook",
        RegisterWebhookInput,
        resolve.register_webhook,
        "Have an account's events sent to an address (登记推送接口), from the next one on. Needs `webhook.manage` "
        "where the account belongs, and `member.manage` on the account.",
        secret=ONCE,
    )
    update_webhook = change(
        "webhook",
        UpdateWebhookInput,
        resolve.update_webhook,
        "Change where a webhook leads and what it is for (修改推送接口). Another address needs `member.manage` on the "
        "account too.",
    )
    pause_webhook = change(
        "webhook",
        PauseWebhookInput,
        resolve.pause_webhook,
        "Send nothing for a while (暂停推送); what happens meanwhile is sent later.",
    )
    resume_webhook = change(
        "webhook",
        ResumeWebhookInput,
        resolve.resume_webhook,
        "Go on sending (恢复推送) from the place where it stopped; what waited is tried at once.",
    )
    rotate_webhook_secret = change(
        "webhook",
        RotateWebhookSecretInput,
        resolve.rotate_webhook_secret,
        "Sign with a new secret (轮换签名密钥); until the overlap ends, messages bear a signature by each of the two. "
        "One that was rotated before ends at once.",
        secret=ONCE,
    )
    redeliver_webhook = change(
        "webhook",
        RedeliverWebhookInput,
        resolve.redeliver_webhook,
        "Send again (重新推送) one delivery, or everything after a place in the log; with neither, all dead letters, "
        "and at once whatever waits.",
    )
    remove_webhook = change(
        "webhook",
        RemoveWebhookInput,
        resolve.remove_webhook,
        "Take a webhook away (移除推送接口) with its secrets and whatever it has not got.",
    )

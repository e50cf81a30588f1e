"""Mutations about service accounts (服务账号): accounts of client systems, which sign in with keys."""

from datetime import datetime

import strawberry

from resolvers import service_accounts as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, REASON

UNTIL = "When the key ends; in the future, at most 400 days ahead."
ONCE = (
    "The whole key, to be sent as `Authorization: Bearer …`. It is shown only this once: null when nothing changed, "
    "and when an answer is given again for the same idempotency key."
)


@strawberry.input(description="A client system that is to have an account (新建服务账号).")
class CreateServiceAccountInput(Repeatable):
    login: str = needed("Name of the account, used by nobody else; 1 to 64 characters.")
    name: str = needed("What the system is called; 1 to 64 characters.")
    area: AreaCode = needed("Code of the area it belongs to; it can hold roles inside that area only.")


@strawberry.input(description="A new key for a service account (发放密钥).")
class IssueCredentialInput(Repeatable):
    account: ID = needed("Id of the service account, a member; never the caller.")
    label: str = needed("What tells this key from the account's others; 1 to 80 characters.")
    until: datetime = needed(UNTIL)


@strawberry.input(description="A key that is to be replaced by a new one (轮换密钥).")
class RotateCredentialInput(Guarded):
    credential: ID = needed("Id of the key's credential; the key must be live.")
    until: datetime = needed(UNTIL)
    overlap: int = given(
        "Minutes for which the old key goes on beside the new one, unless it ends sooner; 0 to 10080 (7 days).",
        default=60,
    )


@strawberry.input(description="A key that is to end at once, and why (作废密钥).")
class RevokeCredentialInput(Guarded):
    credential: ID = needed("Id of the key's credential; the key must be live.")
    reason: str = needed(REASON)


@strawberry.type
class ServiceAccounts:
    create_service_account = change(
        "member",
        CreateServiceAccountInput,
        resolve.create_service_account,
        "Enter a client system (新建服务账号); keys are issued and roles are granted apart.",
    )
    issue_credential = change(
        "credential",
        IssueCredentialInput,
        resolve.issue_credential,
        "Make a key for a service account (发放密钥), which has at most 5 live ones. Needs `member.manage` on it.",
        secret=ONCE,
    )
    rotate_credential = change(
        "credential",
        RotateCredentialInput,
        resolve.rotate_credential,
        "Replace a key (轮换密钥): `credential` is the new one, the event tells of the old one, which ends after the "
        "overlap.",
        secret=ONCE,
    )
    revoke_credential = change(
        "credential",
        RevokeCredentialInput,
        resolve.revoke_credential,
        "End a key at once (作废密钥); sockets opened with it are closed within seconds.",
    )

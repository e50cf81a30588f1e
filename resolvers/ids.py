"""Global ids: base64url of "Type:key" without padding, e.g. of "Village:440606106004" or "Task:01JD…"."""

import re
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from typing import NewType

from tortoise.models import Model

from models import (
    Area,
    AreaLevel,
    BreakGlass,
    Claim,
    Commitment,
    Credential,
    DutyItem,
    Evaluation,
    Event,
    Export,
    FlagEntry,
    FollowUp,
    FollowUpGroup,
    Grant,
    Honour,
    Inspection,
    InspectionPlan,
    InvalidInput,
    ListItem,
    Member,
    MetricSnapshot,
    Notice,
    Pairing,
    PolicyVersion,
    Publication,
    Request,
    RequestCategory,
    ScoreLock,
    Summons,
    Task,
    Template,
    Unit,
    Webhook,
    WebhookDelivery,
    WorkOrder,
)
from resolvers.plan import reads

AreaCode = NewType("AreaCode", str)

Shown = (
    Area
    | BreakGlass
    | Commitment
    | Credential
    | DutyItem
    | Evaluation
    | Event
    | FlagEntry
    | Export
    | FollowUp
    | FollowUpGroup
    | Grant
    | Honour
    | Inspection
    | InspectionPlan
    | Member
    | Pairing
    | Claim
    | ListItem
    | MetricSnapshot
    | Notice
    | PolicyVersion
    | Publication
    | Request
    | RequestCategory
    | ScoreLock
    | Summons
    | Task
    | Template
    | Unit
    | Webhook
    | WebhookDelivery
    | WorkOrder
)

RENAMED: dict[type[Model], str] = {BreakGlass: "EmergencyAccess", Template: "EvaluationTemplate"}
"""Types that bear another name towards clients than in the models."""

TYPES: dict[str, type[Model]] = {
    **{level.capitalize(): Area for level in AreaLevel},
    **{
        model.__name__: model
        for model in (
            Commitment,
            Credential,
            DutyItem,
            Evaluation,
            Event,
            FlagEntry,
            Export,
            FollowUp,
            FollowUpGroup,
            Grant,
            Honour,
            Inspection,
            InspectionPlan,
            Member,
            MetricSnapshot,
            Notice,
            Pairing,
            Claim,
            ListItem,
            PolicyVersion,
            Publication,
            Request,
            RequestCategory,
            ScoreLock,
            Summons,
            Task,
            Unit,
            Webhook,
            WebhookDelivery,
            WorkOrder,
        )
    },
    **{name: model for model, name in RENAMED.items()},
}
KEY = re.compile(r"[0-9A-Za-z]+")
LONGEST_KEY, LONGEST_CODE = 26, 30


NAMES: dict[type, str] = {**RENAMED}
LEVELS = {level: level.capitalize() for level in AreaLevel}


def type_name(row: object) -> str:
    """The GraphQL type that shows the row; an area's is its level's."""
    if row.__class__ is Area:
        return LEVELS[row.level]
    return NAMES.get(row.__class__) or row.__class__.__name__


@reads()
def global_id(root: Shown) -> str:
    return encoded(type_name(root), key(root))


def key(row: Shown) -> str:
    return row.code if isinstance(row, Area) else row.id


def key_column(model: type[Model]) -> str:
    return "code" if model is Area else "id"


def encoded(type: str, key: str) -> str:
    return packed(f"{type}:{key}".encode())


def decoded(id: str, *path: str) -> tuple[str, str]:
    """Type and key. InvalidInput MALFORMED_ID at `path` for anything that `encoded` would not make."""
    raw = unpacked(id) or b""
    type, _, key = raw.decode("ascii", "replace").partition(":")
    longest = LONGEST_CODE if TYPES.get(type) is Area else LONGEST_KEY
    if type not in TYPES or not KEY.fullmatch(key) or len(key) > longest:
        raise InvalidInput("MALFORMED_ID", *path)
    return type, key


def key_of(id: str, model: type[Model], *path: str) -> str:
    """The key in an id of that model's type. InvalidInput MALFORMED_ID or WRONG_ID_TYPE at `path`."""
    type, key = decoded(id, *path)
    if TYPES[type] is not model:
        raise InvalidInput("WRONG_ID_TYPE", *path)
    return key


def packed(raw: bytes) -> str:
    """Base64url without padding."""
    return b2a_base64(raw).translate(URL_SAFE, b"=\n").decode()


URL_SAFE = bytes.maketrans(b"+/", b"-_")


def unpacked(text: str) -> bytes | None:
    """What `packed` made the text of; None when it did not make it."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return raw if packed(raw) == text else None

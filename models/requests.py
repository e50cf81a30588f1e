"""What residents ask for (诉求), who asked, and the work orders (派单) by which it is done."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.inspections import Inspection
from models.members import Member, PostKind
from models.menus import RequestCategory
from models.summons import Outcome, Summons
from models.units import Unit


class RequestState(StrEnum):
    """Where a request stands."""

    NEW = "NEW"
    ANSWERED = "ANSWERED"
    VILLAGE_HANDLING = "VILLAGE_HANDLING"
    ORDERED = "ORDERED"
    SUMMONED = "SUMMONED"
    TRANSFERRED = "TRANSFERRED"
    MERGED = "MERGED"
    REJECTED = "REJECTED"
    DONE = "DONE"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


class Channel(StrEnum):
    """How a request came in."""

    VISIT = "VISIT"
    MASS_MEETING = "MASS_MEETING"
    REP_MEETING = "REP_MEETING"
    COLLECTION_DAY = "COLLECTION_DAY"
    BOX = "BOX"
    WALK_IN = "WALK_IN"
    HOTLINE_12345 = "HOTLINE_12345"
    WECHAT = "WECHAT"
    ONLINE = "ONLINE"
    MEMBER = "MEMBER"
    INSPECTION = "INSPECTION"


class MatterClass(StrEnum):
    """Whose matter it is (三事分流), which says by what way it can be settled."""

    PUBLIC = "PUBLIC"
    COMMUNITY = "COMMUNITY"
    FAMILY = "FAMILY"


class Satisfaction(StrEnum):
    """What a reporter thinks of the outcome."""

    SATISFIED = "SATISFIED"
    PARTLY = "PARTLY"
    DISSATISFIED = "DISSATISFIED"


class Request(Model):
    """`version` counts its events; `path` is the area's. Who reported it is told by `Reporter` rows.

    `reporter` is the member who reported it first, if it was a member; `promised_for` by when the answer on the spot
    says that it will be done; `due_at` the limit of the clock that runs now.
    """

    id = id_field()
    number = fields.CharField(max_length=48, unique=True)
    external_id = fields.CharField(
        max_length=120, null=True, unique=True, description="what the system it was imported from calls it"
    )
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="requests", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    channel = fields.CharEnumField(Channel, max_length=16)
    matter_class = fields.CharEnumField(MatterClass, max_length=12, null=True)
    category: fields.ForeignKeyNullableRelation[RequestCategory] = fields.ForeignKeyField(
        "models.RequestCategory", related_name="requests", null=True, on_delete=fields.RESTRICT
    )
    category_id: str | None
    form: dict[str, object] | None = fields.JSONField(null=True, description="as the category's schema says")
    text = fields.TextField()
    place = fields.CharField(max_length=200, null=True)
    reporter: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="reported", null=True
    )
    reporter_id: str | None
    state = fields.CharEnumField(RequestState, max_length=16, default=RequestState.NEW)
    answer: str | None = fields.TextField(null=True)
    promised_for: datetime | None = MomentField(null=True)
    rejection: str | None = fields.TextField(null=True)
    transferred_to: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="transferred", null=True, on_delete=fields.RESTRICT
    )
    transferred_to_id: str | None
    merged_into: fields.ForeignKeyNullableRelation["Request"] = fields.ForeignKeyField(
        "models.Request", related_name="merged", null=True
    )
    merged_into_id: str | None
    summons: fields.ForeignKeyNullableRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="requests", null=True
    )
    summons_id: str | None
    inspection: fields.ForeignKeyNullableRelation[Inspection] = fields.ForeignKeyField(
        "models.Inspection", related_name="requests", null=True, on_delete=fields.RESTRICT
    )
    inspection_id: str | None
    outcome = fields.CharEnumField(Outcome, max_length=12, null=True)
    result: str | None = fields.TextField(null=True)
    withdrawn = fields.BooleanField(default=False)
    escalation_level = fields.SmallIntField(default=0)
    round = fields.SmallIntField(default=1)
    due_at: datetime | None = MomentField(null=True)
    done_at: datetime | None = MomentField(null=True)
    closed_at: datetime | None = MomentField(null=True)
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="entered_requests", null=True
    )
    created_by_id: str | None
    created_at: datetime = MomentField()
    updated_at: datetime = MomentField()
    version = fields.IntField(default=0)

    class Meta:
        table = "request"
        indexes = (
            ("path", "state", "created_at", "id"),
            ("path", "created_at", "id"),
            ("created_at", "id"),
            ("updated_at", "id"),
            ("summons_id",),
            ("inspection_id",),
            ("merged_into_id",),
        )


class Reporter(Model):
    """Somebody who reported a request. `name` and `phone` are protected; `origin`: the request they reported first.

    When a request is merged into another, its reporters become reporters of that one too.
    """

    id = id_field()
    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "models.Request", related_name="reporters"
    )
    request_id: str
    origin: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "models.Request", related_name="first_reporters"
    )
    origin_id: str
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="reports", null=True
    )
    member_id: str | None
    name = fields.CharField(max_length=64, null=True)
    phone = fields.CharField(max_length=32, null=True)
    informed_at: datetime | None = MomentField(null=True)
    feedback = fields.CharEnumField(Satisfaction, max_length=12, null=True)
    comment: str | None = fields.TextField(null=True)
    feedback_round = fields.SmallIntField(null=True, description="of the request, which it is about")
    created_at: datetime = MomentField()

    class Meta:
        table = "reporter"
        indexes = (("request_id", "created_at"), ("member_id",))


class OrderMode(StrEnum):
    """Whether somebody is named for an order, or whoever fits may claim it."""

    DISPATCHED = "DISPATCHED"
    CLAIMABLE = "CLAIMABLE"


class OrderState(StrEnum):
    """Where a work order stands."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DONE = "DONE"
    VERIFIED = "VERIFIED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


class WorkOrder(Model):
    """`version` counts its events; `path` is the request's. `post`: only who holds such a post may claim it.

    It is given to a member (`assignee`) or to a unit; `done_by` is who completed it. `service`: only who offers that in
    the village (its code) may claim it.
    """

    id = id_field()
    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "models.Request", related_name="orders"
    )
    request_id: str
    path = PathField()
    mode = fields.CharEnumField(OrderMode, max_length=12)
    text = fields.TextField()
    post = fields.CharEnumField(PostKind, max_length=20, null=True)
    service: fields.ForeignKeyNullableRelation[RequestCategory] = fields.ForeignKeyField(
        "models.RequestCategory", related_name="orders", null=True, on_delete=fields.RESTRICT
    )
    service_id: str | None
    village = fields.CharField(max_length=12, null=True, description="with `service` alone")
    assignee: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="orders", null=True
    )
    assignee_id: str | None
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="orders", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    state = fields.CharEnumField(OrderState, max_length=12, default=OrderState.OPEN)
    accepted_at: datetime | None = MomentField(null=True)
    round = fields.SmallIntField(description="of the request, in which it was made")
    result: str | None = fields.TextField(null=True)
    evidence: list[str] = fields.JSONField(default=list, description="addresses of what proves the result")
    done_at: datetime | None = MomentField(null=True)
    done_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="done_orders", null=True
    )
    done_by_id: str | None
    escalation_level = fields.SmallIntField(default=0, db_default=0)
    due_at: datetime | None = MomentField(null=True, description="of the clock that runs now")
    created_at: datetime = MomentField()
    updated_at: datetime = MomentField()
    version = fields.IntField(default=0)

    class Meta:
        table = "work_order"
        indexes = (
            ("request_id", "created_at"),
            ("path", "state", "created_at", "id"),
            ("assignee_id", "state"),
            ("unit_id", "state"),
            ("village",),
            ("created_at", "id"),
        )


class FlagEntry(Model):
    """A red flag (红旗) that somebody earned by an order; the database refuses to change or delete any."""

    id = id_field()
    order: fields.OneToOneRelation[WorkOrder] = fields.OneToOneField(
        "models.WorkOrder", related_name="flag", on_delete=fields.RESTRICT
    )
    order_id: str
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="flags", on_delete=fields.RESTRICT
    )
    member_id: str
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="flags", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(description="the order's")
    points = fields.SmallIntField(default=1)
    at: datetime = MomentField()

    class Meta:
        table = "flag_entry"
        indexes = (("path", "at"), ("member_id", "at"))

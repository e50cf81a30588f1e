"""Units: departments, stationed agencies, party organisations, companies, in two trees; and their duties."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field


class UnitKind(StrEnum):
    """What sort of organisation a unit is."""

    PARTY_COMMITTEE = "PARTY_COMMITTEE"
    PARTY_BRANCH = "PARTY_BRANCH"
    PARTY_GROUP = "PARTY_GROUP"
    GOV_DEPARTMENT = "GOV_DEPARTMENT"
    STATIONED_AGENCY = "STATIONED_AGENCY"
    TOWN_OFFICE = "TOWN_OFFICE"
    PUBLIC_INSTITUTION = "PUBLIC_INSTITUTION"
    SOE = "SOE"
    ENTERPRISE = "ENTERPRISE"
    SOCIAL_ORG = "SOCIAL_ORG"
    PROPERTY = "PROPERTY"
    VILLAGE_COMMITTEE = "VILLAGE_COMMITTEE"
    VOLUNTEER_TEAM = "VOLUNTEER_TEAM"
    LEADING_ORG = "LEADING_ORG"


class UnitLevel(StrEnum):
    """Level of government a unit belongs to."""

    CITY = "CITY"
    DISTRICT = "DISTRICT"
    TOWN = "TOWN"
    VILLAGE = "VILLAGE"


class Unit(Model):
    """Two trees meet here: `parent` is the line of command (条), `command_area` the territory (块).

    `territory` is the path of the area that answers for it: a stationed agency's command area, else home.
    """

    id = id_field()
    code = fields.CharField(max_length=40, unique=True, null=True)
    name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(UnitKind, max_length=20)
    level = fields.CharEnumField(UnitLevel, max_length=8)
    parent: fields.ForeignKeyNullableRelation["Unit"] = fields.ForeignKeyField(
        "models.Unit", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: str | None
    line = PathField(max_length=320, unique=True)
    home_area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="home_units", on_delete=fields.RESTRICT
    )
    home_area_id: str
    command_area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="commanded_units", null=True, on_delete=fields.RESTRICT
    )
    command_area_id: str | None
    territory = PathField(db_index=True)
    summonable = fields.BooleanField(default=True)
    created_at: datetime = MomentField()
    closed_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "unit"


class DutyKind(StrEnum):
    """Which list a duty item stands on."""

    UNIT_POWER = "UNIT_POWER"
    TOWN_TERRITORIAL = "TOWN_TERRITORIAL"
    VILLAGE_DUTY = "VILLAGE_DUTY"
    VILLAGE_NEGATIVE = "VILLAGE_NEGATIVE"


class DutyItem(Model):
    """One line of a duty list (责任清单); a decline must cite one. No unit: it holds for every village."""

    id = id_field()
    code = fields.CharField(max_length=40, unique=True)
    title = fields.CharField(max_length=200)
    kind = fields.CharEnumField(DutyKind, max_length=20, default=DutyKind.UNIT_POWER)
    category = fields.CharField(max_length=24, null=True)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="duty_items", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None

    class Meta:
        table = "duty_item"

"""Places: the national tree of areas, province to grid, and what each area decides for itself."""

from enum import StrEnum
from itertools import takewhile

from tortoise import fields
from tortoise.models import Model

from models.fields import PathField


class AreaLevel(StrEnum):
    """The six levels, from the top."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    DISTRICT = "DISTRICT"
    TOWN = "TOWN"
    VILLAGE = "VILLAGE"
    GRID = "GRID"


class Area(Model):
    """One node of the tree. Its national code is its key: 2/4/6/9/12 digits, grids 3 more for each nesting."""

    code = fields.CharField(max_length=30, primary_key=True)
    name = fields.CharField(max_length=80)
    kind = fields.CharField(max_length=16, null=True)
    level = fields.CharEnumField(AreaLevel, max_length=8)
    parent: fields.ForeignKeyNullableRelation["Area"] = fields.ForeignKeyField(
        "models.Area", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: str | None
    path = PathField(unique=True)
    depth = fields.SmallIntField()
    valid_from = fields.DateField(null=True)
    valid_to = fields.DateField(null=True)
    version = fields.IntField(
        default=0, db_default=0, description="counts its events: what it decided for itself"
    )

    @property
    def ancestor_codes(self) -> list[str]:
        """Codes from the root down, without the area's own."""
        codes: list[str] = self.path.split(".")[:-2]
        return codes

    class Meta:
        table = "area"
        indexes = (("level", "path"), ("parent_id", "code"))


class AreaSetting(StrEnum):
    """What an area can decide, by the column that holds it."""

    REQUIRE_TOWN_GATE = "require_town_gate"
    FOLLOW_UP_CATEGORIES = "followup_categories"
    FOLLOW_UP_SHARE = "followup_share"
    FOLLOW_UP_SHARES = "followup_shares"
    PASS_SCORE = "pass_score"


class AreaSettings(Model):
    """What an area decides for itself and everything below it; an empty value is inherited from above."""

    area: fields.OneToOneRelation[Area] = fields.OneToOneField("models.Area", primary_key=True)
    area_id: str
    require_town_gate = fields.BooleanField(null=True)
    followup_categories: list[str] | None = fields.JSONField(null=True)
    followup_share = fields.FloatField(null=True)
    followup_shares: dict[str, float] | None = fields.JSONField(
        null=True, description="by category, in place of `followup_share`"
    )
    pass_score = fields.SmallIntField(null=True)
    arrival_secret = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "area_settings"


def common_area(one: str, other: str) -> str:
    """The path of the smallest area around both; "" when they share nothing, not even the province."""
    shared = takewhile(
        lambda codes: codes[0] == codes[1], zip(one.split(".")[:-1], other.split(".")[:-1], strict=False)
    )
    return "".join(f"{code}." for code, _ in shared)


def subtree(path: str) -> tuple[str, str]:
    """The half-open range of paths at or below `path`."""
    return path, path[:-1] + "/"

"""The menus (诉求菜单) that requests are sorted by: categories of any depth, each perhaps with a form of its own."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field


class RequestCategory(Model):
    """An entry of the menu of `area` and everything below it; `path` is the area's.

    `schema`: the JSON schema of its form, null without one. `needs_evidence`: orders must prove that they were done.
    """

    id = id_field()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="request_categories", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    name = fields.CharField(max_length=80)
    parent: fields.ForeignKeyNullableRelation["RequestCategory"] = fields.ForeignKeyField(
        "models.RequestCategory", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: str | None
    schema: dict[str, object] | None = fields.JSONField(null=True)
    needs_evidence = fields.BooleanField(default=False)
    created_at: datetime = MomentField()
    closed_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "request_category"
        indexes = (("path", "name", "id"), ("parent_id",))

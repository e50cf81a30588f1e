"""Exports: ledgers (台账) that somebody asked for as a file, and what is in the files until they expire."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member


class ExportFormat(StrEnum):
    """What sort of file it is."""

    CSV = "CSV"
    XLSX = "XLSX"
    NDJSON = "NDJSON"


class ExportState(StrEnum):
    """Where an export stands. A DONE one has a file, which is deleted when it expires."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class Export(Model):
    """A ledger of an area, as its member may read it. `asked`: what else narrows it, as variables of the API.

    `attempts` counts how often it was begun; the file is what the last attempt wrote. `rights` marks what its member
    could read of the ledger when that attempt was begun.
    """

    id = id_field()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="exports", on_delete=fields.RESTRICT
    )
    member_id: str
    ledger = fields.CharField(max_length=40)
    format = fields.CharEnumField(ExportFormat, max_length=8)
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="exports", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    asked: dict[str, object] = fields.JSONField(default=dict)
    state = fields.CharEnumField(ExportState, max_length=8, default=ExportState.QUEUED)
    attempts = fields.SmallIntField(default=0)
    rights = fields.CharField(max_length=64, default="", db_default="")
    failure = fields.CharField(max_length=40, null=True, description="the reason code, once it has failed")
    rows_done = fields.IntField(default=0)
    rows_total: int | None = fields.IntField(null=True)
    bytes = fields.BigIntField(default=0)
    created_at: datetime = MomentField()
    done_at: datetime | None = MomentField(null=True)
    expires_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "export"
        indexes = (("member_id", "created_at"), ("state", "created_at"))


class ExportChunk(Model):
    """A piece of a file, as an attempt wrote it; in the database, where every host finds it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    export: fields.ForeignKeyRelation[Export] = fields.ForeignKeyField(
        "models.Export", related_name="chunks", on_delete=fields.CASCADE
    )
    export_id: str
    attempt = fields.SmallIntField()
    number = fields.IntField()
    content: bytes = fields.BinaryField()

    class Meta:
        table = "export_chunk"
        unique_together = (("export_id", "attempt", "number"),)

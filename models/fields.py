"""Field types of our own: paths that compare byte by byte, moments in time, and ids."""

from datetime import UTC, datetime

from tortoise import fields
from tortoise.fields.data import CharField, DatetimeField
from tortoise.models import Model

from models.ids import new_id


class PathField(CharField[str]):
    """A materialised path such as ``44.4406.440606.``: every part ends with a dot.

    A subtree is the range ``path <= x < path[:-1] + "/"``. PostgreSQL must compare bytes for that, hence the
    C collation; SQLite always does. ValueError when a path without its last dot is to be written: as the place of a
    role it would cover its neighbours too.
    """

    def __init__(
        self,
        max_length: int = 160,
        *,
        null: bool = False,
        unique: bool = False,
        db_index: bool = False,
        description: str | None = None,
    ) -> None:
        super().__init__(max_length, null=null, unique=unique, db_index=db_index, description=description)  # type: ignore[arg-type]  # typed by literals

    def to_db_value(self, value: str | None, instance: type[Model] | Model) -> str | None:
        if value and not value.endswith(".") and not _only_compared(instance):
            raise ValueError(f"{self.model_field_name}: {value!r} is no path: a path ends with a dot")
        self.validate(value)
        return value

    class _db_postgres:
        def __init__(self, field: "PathField") -> None:
            self.field = field

        @property
        def SQL_TYPE(self) -> str:
            return f'VARCHAR({self.field.max_length}) COLLATE "C"'


def _only_compared(instance: object) -> bool:
    """Tortoise hands over the model where a filter compares, and the row (or nothing) where something is written."""
    return isinstance(instance, type)


class MomentField(DatetimeField[datetime]):
    """An instant, kept in UTC: SQLite compares moments as text, which is right only in one zone.

    ValueError for a moment that does not say its zone.
    """

    def to_python_value(self, value: datetime | str | None) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def to_db_value(self, value: datetime | None, instance: object) -> datetime | None:  # type: ignore[override]
        self.validate(value)
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{self.model_field_name}: {value} does not say its zone")
        return value.astimezone(UTC)


def id_field() -> CharField[str]:
    """A ULID made here: 26 characters that sort by the time they were made."""
    return fields.CharField(max_length=26, primary_key=True, default=new_id)

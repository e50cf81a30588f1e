"""Field types of our own: paths that compare byte by byte, and ids."""

from tortoise import fields
from tortoise.fields.data import CharField

from models.ids import new_id


class PathField(CharField[str]):
    """A materialised path such as ``44.4406.440606.``: every part ends with a dot.

    A subtree is the range ``path <= x < path[:-1] + "/"``. PostgreSQL must compare bytes for that, hence the
    C collation; SQLite always does.
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

    class _db_postgres:
        def __init__(self, field: "PathField") -> None:
            self.field = field

        @property
        def SQL_TYPE(self) -> str:
            return f'VARCHAR({self.field.max_length}) COLLATE "C"'


def id_field() -> CharField[str]:
    """A ULID made here: 26 characters that sort by the time they were made."""
    return fields.CharField(max_length=26, primary_key=True, default=new_id)

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.publications import CorrectionReason


class Migration(migrations.Migration):
    dependencies = [("models", "0024_scores")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Publication",
            name="cause",
            field=fields.CharEnumField(
                default=CorrectionReason.OTHER,
                db_default="OTHER",
                description="of a correction",
                enum_type=CorrectionReason,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Export",
            name="rights",
            field=fields.CharField(default="", db_default="", max_length=64),
        ),
    ]

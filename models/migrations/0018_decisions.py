from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0017_followups')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Area',
            name='version',
            field=fields.IntField(default=0, description='counts its events: what it decided for itself', db_default=0),
        ),
        ops.AddField(
            model_name='Generation',
            name='area_settings',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Generation',
            name='calendar_day',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Generation',
            name='sla_policy',
            field=fields.BigIntField(default=0, db_default=0),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0023_orders')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Evaluation',
            name='voided_at',
            field=MomentField(null=True, description='its result was returned then, and the area has not scored another since', auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='ResidentLink',
            name='voided_at',
            field=MomentField(null=True, description='the result was returned then', auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Generation',
            name='template',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddIndex(
            model_name='TaskScore',
            index=Index(fields=['lock_id']),
        ),
    ]

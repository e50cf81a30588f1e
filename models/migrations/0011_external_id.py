from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0010_metric_snapshots')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Request',
            name='external_id',
            field=fields.CharField(null=True, description='what the system it was imported from calls it', max_length=120),
        ),
        ops.AddIndex(
            model_name='Request',
            index=Index(fields=['external_id']),
        ),
    ]

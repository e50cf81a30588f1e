from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0025_corrections')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Request',
            index=Index(fields=['merged_into_id']),
        ),
    ]

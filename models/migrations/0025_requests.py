from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0024_scores')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Request',
            index=Index(fields=['merged_into_id']),
        ),
    ]

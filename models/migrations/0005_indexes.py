from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0004_tally')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Evaluation',
            index=Index(fields=['area_id']),
        ),
        ops.AddIndex(
            model_name='Member',
            index=Index(fields=['unit_id']),
        ),
        ops.AddIndex(
            model_name='Post',
            index=Index(fields=['member_id']),
        ),
        ops.RemoveIndex(
            model_name='Task',
            name=None,
            fields=['path', 'state', 'due_at'],
        ),
        ops.AddIndex(
            model_name='Task',
            index=Index(fields=['path', 'state', 'due_at', 'id']),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0009_menus')]

    initial = False

    operations = [
        ops.RemoveIndex(
            model_name='Standing',
            name=None,
            fields=['summons_id', 'since'],
        ),
        ops.AddIndex(
            model_name='Standing',
            index=Index(fields=['summons_id', 'since', 'until', 'resolved', 'limit_at']),
        ),
        ops.RemoveIndex(
            model_name='Summons',
            name=None,
            fields=['path', 'issued_at'],
        ),
        ops.AddIndex(
            model_name='Summons',
            index=Index(fields=['path', 'issued_at', 'id']),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField
from models.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0012_scores')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ResidentLink',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='resident_links', on_delete=OnDelete.CASCADE)),
                ('round', fields.SmallIntField()),
                ('hash', fields.CharField(unique=True, description='SHA-256 of the token, as hex', max_length=64)),
                ('made_by', fields.ForeignKeyField('models.Member', source_field='made_by_id', null=True, db_constraint=True, to_field='id', related_name='resident_links', on_delete=OnDelete.RESTRICT)),
                ('made_at', MomentField(auto_now=False, auto_now_add=False)),
                ('until', MomentField(auto_now=False, auto_now_add=False)),
                ('rated_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('score', fields.SmallIntField(null=True, description='0–100; null until it was used')),
                ('comment', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'resident_link', 'app': 'models', 'indexes': [Index(fields=['task_id', 'round'])], 'pk_attr': 'id', 'table_description': "Lets a resident rate a unit's result once, without an account (群众评价链接). Only a hash of its token is kept."},
            bases=['Model'],
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0011_templates')]

    initial = False

    operations = [
        ops.CreateModel(
            name='TaskScore',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='task_scores', on_delete=OnDelete.CASCADE)),
                ('summons_id', fields.CharField(db_index=True, max_length=26)),
                ('unit_id', fields.CharField(max_length=26)),
                ('path', PathField(description="the issuer's path", max_length=160, null=False, unique=False)),
                ('round', fields.SmallIntField()),
                ('template', fields.ForeignKeyField('models.Template', source_field='template_id', db_constraint=True, to_field='id', related_name='task_scores', on_delete=OnDelete.RESTRICT)),
                ('parts', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('total', fields.IntField(null=True)),
                ('scored_at', MomentField(null=True, description='when the task was evaluated', auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'task_score', 'app': 'models', 'unique_together': (('task_id', 'round'),), 'indexes': [Index(fields=['path', 'scored_at'])], 'pk_attr': 'id', 'table_description': 'What the parts of all parties come to for one round of a task (任务得分).'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Evaluation',
            name='updated_at',
            field=MomentField(null=True, description='last event of its own; null before', auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Evaluation',
            name='version',
            field=fields.IntField(default=0),
        ),
    ]

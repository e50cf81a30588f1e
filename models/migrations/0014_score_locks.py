from tortoise import migrations
from tortoise.migrations import operations as ops
from models.evaluations import EvaluationState
from models.fields import MomentField, PathField
from models.ids import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0013_resident_links')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ScoreLock',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='score_locks', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(db_index=True, description='of the area', max_length=160, null=False, unique=False)),
                ('since', fields.DateField()),
                ('until', fields.DateField()),
                ('locked_by', fields.ForeignKeyField('models.Member', source_field='locked_by_id', null=True, db_constraint=True, to_field='id', related_name='score_locks', on_delete=OnDelete.RESTRICT)),
                ('locked_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'score_lock', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The scores of a period in an area are final (锁定考核期): of tasks evaluated from one day to another.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Evaluation',
            name='state',
            field=fields.CharEnumField(default=EvaluationState.SUBMITTED, description='SUBMITTED: SUBMITTED\nAPPEALED: APPEALED\nUPHELD: UPHELD\nADJUSTED: ADJUSTED\nLOCKED: LOCKED', enum_type=EvaluationState, max_length=12),
        ),
        ops.AddField(
            model_name='TaskScore',
            name='lock',
            field=fields.ForeignKeyField('models.ScoreLock', source_field='lock_id', null=True, db_constraint=True, to_field='id', related_name='task_scores', on_delete=OnDelete.RESTRICT),
        ),
    ]

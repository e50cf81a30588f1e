from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0010_figures_by_indexes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Template',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', null=True, db_constraint=True, to_field='code', related_name='templates', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(description='of the area; empty for the templates that come with the program', max_length=160, null=False, unique=False)),
                ('stationed', fields.BooleanField(description='for stationed agencies; else for all other units')),
                ('number', fields.IntField(description='1, 2, 3 … of the area, for such units')),
                ('valid_from', fields.DateField()),
                ('dimensions', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('parties', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('issuer_weight', fields.SmallIntField(default=1, description='of the issuer, beside 1 for each co-issuer')),
                ('created_by', fields.ForeignKeyField('models.Member', source_field='created_by_id', null=True, db_constraint=True, to_field='id', related_name='templates', on_delete=OnDelete.RESTRICT)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'template', 'app': 'models', 'unique_together': (('path', 'stationed', 'valid_from'), ('path', 'stationed', 'number')), 'pk_attr': 'id', 'table_description': 'What tasks are scored by (评价模板); clients know it as EvaluationTemplate. It is never changed, only superseded.'},
            bases=['Model'],
        ),
    ]

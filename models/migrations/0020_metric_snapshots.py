from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from models.metrics import MetricName
from models.summons import SummonsCategory
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0019_publicity')]

    initial = False

    operations = [
        ops.CreateModel(
            name='MetricSnapshot',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('metric', fields.CharEnumField(description='CLOSING: CLOSING\nACCEPTED_ON_TIME: ACCEPTED_ON_TIME\nARRIVED_ON_TIME: ARRIVED_ON_TIME\nFIRST_FEEDBACK: FIRST_FEEDBACK\nSATISFACTION: SATISFACTION\nREOPENED: REOPENED\nWHISTLE: WHISTLE', enum_type=MetricName, max_length=24)),
                ('definition', fields.JSONField(description='revision and words, as they were then', encoder=JSON_DUMPS, decoder=loads)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='snapshots', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name='snapshots', on_delete=OnDelete.RESTRICT)),
                ('category', fields.CharEnumField(null=True, description='PARTY_BUILDING: PARTY_BUILDING\nLIVING_ENVIRONMENT: LIVING_ENVIRONMENT\nECONOMY: ECONOMY\nLAND_AND_CONSTRUCTION: LAND_AND_CONSTRUCTION\nLIVELIHOOD: LIVELIHOOD', enum_type=SummonsCategory, max_length=24)),
                ('first_day', fields.DateField()),
                ('last_day', fields.DateField()),
                ('as_of', MomentField(auto_now=False, auto_now_add=False)),
                ('numerator', fields.IntField()),
                ('denominator', fields.IntField()),
                ('digest', fields.CharField(max_length=64)),
                ('taken_by', fields.ForeignKeyField('models.Member', source_field='taken_by_id', null=True, db_constraint=True, to_field='id', related_name='snapshots', on_delete=OnDelete.RESTRICT)),
                ('taken_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'metric_snapshot', 'app': 'models', 'indexes': [Index(fields=['path', 'taken_at', 'id']), Index(fields=['taken_at', 'id']), Index(fields=['unit_id'])], 'pk_attr': 'id', 'table_description': 'A metric of an area and a period as it was told once. The database refuses to change or delete it.'},
            bases=['Model'],
        ),
    ]

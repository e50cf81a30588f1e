from tortoise import migrations
from tortoise.migrations import operations as ops
from models.exports import ExportFormat, ExportState
from models.fields import MomentField, PathField
from models.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0015_appeals')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Export',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', db_constraint=True, to_field='id', related_name='exports', on_delete=OnDelete.RESTRICT)),
                ('ledger', fields.CharField(max_length=40)),
                ('format', fields.CharEnumField(description='CSV: CSV\nXLSX: XLSX\nNDJSON: NDJSON', enum_type=ExportFormat, max_length=8)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='exports', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('asked', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharEnumField(default=ExportState.QUEUED, description='QUEUED: QUEUED\nRUNNING: RUNNING\nDONE: DONE\nFAILED: FAILED\nEXPIRED: EXPIRED', enum_type=ExportState, max_length=8)),
                ('attempts', fields.SmallIntField(default=0)),
                ('failure', fields.CharField(null=True, description='the reason code, once it has failed', max_length=40)),
                ('rows_done', fields.IntField(default=0)),
                ('rows_total', fields.IntField(null=True)),
                ('bytes', fields.BigIntField(default=0)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('done_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('expires_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'export', 'app': 'models', 'indexes': [Index(fields=['member_id', 'created_at']), Index(fields=['state', 'created_at'])], 'pk_attr': 'id', 'table_description': 'A ledger of an area, as its member may read it. `asked`: what else narrows it, as variables of the API.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ExportChunk',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('export', fields.ForeignKeyField('models.Export', source_field='export_id', db_constraint=True, to_field='id', related_name='chunks', on_delete=OnDelete.CASCADE)),
                ('attempt', fields.SmallIntField()),
                ('number', fields.IntField()),
                ('content', fields.BinaryField()),
            ],
            options={'table': 'export_chunk', 'app': 'models', 'unique_together': (('export_id', 'attempt', 'number'),), 'pk_attr': 'id', 'table_description': 'A piece of a file, as an attempt wrote it; in the database, where every host finds it.'},
            bases=['Model'],
        ),
    ]

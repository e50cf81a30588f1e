from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0006_webhooks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Unplaced',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('event_id', fields.CharField(max_length=26)),
                ('aggregate_id', fields.CharField(max_length=30)),
                ('version', fields.IntField()),
                ('event', fields.JSONField(description='every column but `pos`', encoder=JSON_DUMPS, decoder=loads)),
                ('entry', fields.JSONField(description='every column but `seq`, `previous` and `hash`', encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'unplaced_event', 'app': 'models', 'unique_together': (('aggregate_id', 'version'),), 'pk_attr': 'id', 'table_description': 'An event that was committed and has no position yet, with its audit entry: the sequencer puts both into place.'},
            bases=['Model'],
        ),
    ]

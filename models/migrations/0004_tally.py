from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import PathField
from models.summons import SummonsState
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0003_generations')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Tally',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('path', PathField(description="the issuer's path", max_length=160, null=False, unique=False)),
                ('state', fields.CharEnumField(description='DRAFT: DRAFT\nPENDING_REVIEW: PENDING_REVIEW\nPENDING_COSIGN: PENDING_COSIGN\nPENDING_GATE: PENDING_GATE\nISSUED: ISSUED\nIN_PROGRESS: IN_PROGRESS\nAWAITING_EVALUATION: AWAITING_EVALUATION\nAWAITING_FOLLOWUP: AWAITING_FOLLOWUP\nCLOSED: CLOSED\nCANCELLED: CANCELLED\nARCHIVED: ARCHIVED', enum_type=SummonsState, max_length=24)),
                ('number', fields.IntField()),
            ],
            options={'table': 'tally', 'app': 'models', 'unique_together': (('path', 'state'),), 'pk_attr': 'id', 'table_description': 'How many summonses an issuer has in a state. The database itself keeps it (`actions/tallies.py`).'},
            bases=['Model'],
        ),
    ]

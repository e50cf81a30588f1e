from tortoise import migrations
from tortoise.migrations import operations as ops
from models.clocks import ClockKind
from models.fields import MomentField
from models.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0014_score_locks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Appeal',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('evaluation', fields.ForeignKeyField('models.Evaluation', source_field='evaluation_id', db_constraint=True, to_field='id', related_name='appeals', on_delete=OnDelete.CASCADE)),
                ('reason', fields.TextField(unique=False)),
                ('appealed_by', fields.ForeignKeyField('models.Member', source_field='appealed_by_id', null=True, db_constraint=True, to_field='id', related_name='appeals', on_delete=OnDelete.RESTRICT)),
                ('appealed_at', MomentField(auto_now=False, auto_now_add=False)),
                ('upheld', fields.BooleanField(null=True, description='whether the scores stayed; null until it is ruled on')),
                ('ground', fields.TextField(null=True, description='null also where nobody ruled in time', unique=False)),
                ('ruled_by', fields.ForeignKeyField('models.Member', source_field='ruled_by_id', null=True, db_constraint=True, to_field='id', related_name='appeals_ruled', on_delete=OnDelete.RESTRICT)),
                ('ruled_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('scores_before', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'appeal', 'app': 'models', 'unique_together': (('evaluation_id',),), 'pk_attr': 'id', 'table_description': "The unit's appeal against one area's scores (申诉), once for each; later the ruling, and what was before it."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Evaluation',
            name='appeal_until',
            field=MomentField(null=True, description='null before the task is evaluated', auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Evaluation',
            name='town_party',
            field=fields.BooleanField(default=False, description='the town scored the task too, or kept silent on the appeal: it does not rule'),
        ),
        ops.AlterField(
            model_name='SlaClock',
            name='kind',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nAPPEAL: APPEAL\nADJUDICATE: ADJUDICATE\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE', enum_type=ClockKind, max_length=20),
        ),
        ops.AlterField(
            model_name='SlaPolicy',
            name='clock',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nAPPEAL: APPEAL\nADJUDICATE: ADJUDICATE\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE', enum_type=ClockKind, max_length=20),
        ),
        ops.AddField(
            model_name='SlaClock',
            name='evaluation',
            field=fields.ForeignKeyField('models.Evaluation', source_field='evaluation_id', null=True, db_constraint=True, to_field='id', related_name='clocks', on_delete=OnDelete.CASCADE),
        ),
        # SQLite makes the table anew to change a column, and forgets these
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_next_at_31c4bc" ON "sla_clock" ("next_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_summons_2bb67d" ON "sla_clock" ("summons_id", "stopped_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_request_75c7e9" ON "sla_clock" ("request_id", "stopped_at")'),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.clocks import ClockKind
from models.fields import MomentField, PathField
from models.ids import new_id
from models.list_items import ClaimState, ListKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

WAITED = """INSERT INTO sla_clock (id, request_id, order_id, kind, unit, started_at, due_at, next_at, stage)
SELECT id, request_id, id, 'ORDER_VERIFY', 'WORKDAY', done_at, done_at, done_at, 0
FROM work_order WHERE state = 'DONE' AND done_at IS NOT NULL"""
SHOWN = "UPDATE work_order SET due_at = done_at WHERE state = 'DONE'"
DONE_BY = "UPDATE work_order SET done_by_id = assignee_id WHERE state IN ('DONE', 'VERIFIED')"
"""Orders that were done before there was such a clock have waited long enough."""


class Migration(migrations.Migration):
    dependencies = [('models', '0022_notices')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ListItem',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('kind', fields.CharEnumField(description='NEED: NEED\nRESOURCE: RESOURCE\nSERVICE: SERVICE', enum_type=ListKind, max_length=8)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='list_items', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('title', fields.CharField(max_length=200)),
                ('text', fields.TextField(null=True, unique=False)),
                ('category', fields.ForeignKeyField('models.RequestCategory', source_field='category_id', null=True, db_constraint=True, to_field='id', related_name='list_items', on_delete=OnDelete.RESTRICT)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name='offers', on_delete=OnDelete.RESTRICT)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', null=True, description='who offers it themself', db_constraint=True, to_field='id', related_name='offers', on_delete=OnDelete.CASCADE)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('closed_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'list_item', 'app': 'models', 'indexes': [Index(fields=['path', 'created_at', 'id']), Index(fields=['created_at', 'id']), Index(fields=['area_id', 'kind', 'category_id']), Index(fields=['unit_id'])], 'pk_attr': 'id', 'table_description': "An item of a village's lists; `path` is the village's. A service is offered by a unit or by a member."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Claim',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('item', fields.ForeignKeyField('models.ListItem', source_field='item_id', db_constraint=True, to_field='id', related_name='claims', on_delete=OnDelete.CASCADE)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name='claims', on_delete=OnDelete.RESTRICT)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', db_constraint=True, to_field='id', related_name='claims', on_delete=OnDelete.CASCADE)),
                ('state', fields.CharEnumField(default=ClaimState.CLAIMED, description='CLAIMED: CLAIMED\nDONE: DONE\nVERIFIED: VERIFIED\nDROPPED: DROPPED', enum_type=ClaimState, max_length=8)),
                ('result', fields.TextField(null=True, unique=False)),
                ('claimed_at', MomentField(auto_now=False, auto_now_add=False)),
                ('done_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('verified_by', fields.ForeignKeyField('models.Member', source_field='verified_by_id', null=True, db_constraint=True, to_field='id', related_name='verified_claims', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'claim', 'app': 'models', 'indexes': [Index(fields=['item_id', 'claimed_at', 'id']), Index(fields=['path', 'claimed_at', 'id'])], 'pk_attr': 'id', 'table_description': "Of an item by a member, perhaps in a unit's name; `path` is the item's."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Pairing',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', db_constraint=True, to_field='id', related_name='pairings', on_delete=OnDelete.RESTRICT)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='pairings', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('arranged_by', fields.ForeignKeyField('models.Member', source_field='arranged_by_id', null=True, db_constraint=True, to_field='id', related_name='arranged_pairings', on_delete=OnDelete.CASCADE)),
                ('since', MomentField(auto_now=False, auto_now_add=False)),
                ('ended_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'pairing', 'app': 'models', 'indexes': [Index(fields=['path', 'since', 'id']), Index(fields=['since', 'id']), Index(fields=['area_id', 'ended_at']), Index(fields=['unit_id', 'ended_at'])], 'pk_attr': 'id', 'table_description': "Between a unit and a village, until `ended_at`; `path` is the village's, `version` counts its events."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RatingTry',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=44)),
                ('tries', fields.IntField()),
                ('ends', fields.BigIntField(db_index=True, description='of the window, in seconds since 1970')),
            ],
            options={'table': 'rating_try', 'app': 'models', 'pk_attr': 'id', 'table_description': 'In one window of time. `id` is a keyed hash of who tried and of the window, so that it tells nobody who.'},
            bases=['Model'],
        ),
        ops.AlterField(
            model_name='SlaClock',
            name='kind',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nAPPEAL: APPEAL\nADJUDICATE: ADJUDICATE\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE\nORDER_VERIFY: ORDER_VERIFY\nOBJECTION: OBJECTION', enum_type=ClockKind, max_length=20),
        ),
        # SQLite makes the table anew to change a column, and forgets these
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_next_at_31c4bc" ON "sla_clock" ("next_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_summons_2bb67d" ON "sla_clock" ("summons_id", "stopped_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_request_75c7e9" ON "sla_clock" ("request_id", "stopped_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_publica_0d4408" ON "sla_clock" ("publication_id")'),
        ops.AlterField(
            model_name='SlaPolicy',
            name='clock',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nAPPEAL: APPEAL\nADJUDICATE: ADJUDICATE\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE\nORDER_VERIFY: ORDER_VERIFY\nOBJECTION: OBJECTION', enum_type=ClockKind, max_length=20),
        ),
        ops.AddField(
            model_name='WorkOrder',
            name='done_by',
            field=fields.ForeignKeyField('models.Member', source_field='done_by_id', null=True, db_constraint=True, to_field='id', related_name='done_orders', on_delete=OnDelete.CASCADE),
        ),
        ops.AddField(
            model_name='WorkOrder',
            name='escalation_level',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='WorkOrder',
            name='service',
            field=fields.ForeignKeyField('models.RequestCategory', source_field='service_id', null=True, db_constraint=True, to_field='id', related_name='orders', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='WorkOrder',
            name='unit',
            field=fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name='orders', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='WorkOrder',
            name='village',
            field=fields.CharField(null=True, description='with `service` alone', max_length=12),
        ),
        ops.AddIndex(
            model_name='WorkOrder',
            index=Index(fields=['unit_id', 'state']),
        ),
        ops.AddIndex(
            model_name='WorkOrder',
            index=Index(fields=['village']),
        ),
        ops.RunSQL(WAITED),
        ops.RunSQL(SHOWN),
        ops.RunSQL(DONE_BY),
    ]

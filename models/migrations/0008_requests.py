from tortoise import migrations
from tortoise.migrations import operations as ops
from models.clocks import ClockKind
from models.fields import MomentField, PathField
from models.ids import new_id
from models.members import PostKind
from models.requests import Channel, MatterClass, OrderMode, OrderState, RequestState, Satisfaction
from models.summons import Outcome
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0007_unplaced')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Request',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('number', fields.CharField(unique=True, max_length=48)),
                ('external_id', fields.CharField(null=True, unique=True, description='what the system it was imported from calls it', max_length=120)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='requests', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('channel', fields.CharEnumField(description='VISIT: VISIT\nMASS_MEETING: MASS_MEETING\nREP_MEETING: REP_MEETING\nCOLLECTION_DAY: COLLECTION_DAY\nBOX: BOX\nWALK_IN: WALK_IN\nHOTLINE_12345: HOTLINE_12345\nWECHAT: WECHAT\nONLINE: ONLINE\nMEMBER: MEMBER\nINSPECTION: INSPECTION', enum_type=Channel, max_length=16)),
                ('matter_class', fields.CharEnumField(null=True, description='PUBLIC: PUBLIC\nCOMMUNITY: COMMUNITY\nFAMILY: FAMILY', enum_type=MatterClass, max_length=12)),
                ('text', fields.TextField(unique=False)),
                ('place', fields.CharField(null=True, max_length=200)),
                ('reporter', fields.ForeignKeyField('models.Member', source_field='reporter_id', null=True, db_constraint=True, to_field='id', related_name='reported', on_delete=OnDelete.CASCADE)),
                ('state', fields.CharEnumField(default=RequestState.NEW, description='NEW: NEW\nANSWERED: ANSWERED\nVILLAGE_HANDLING: VILLAGE_HANDLING\nORDERED: ORDERED\nSUMMONED: SUMMONED\nTRANSFERRED: TRANSFERRED\nMERGED: MERGED\nREJECTED: REJECTED\nDONE: DONE\nCLOSED: CLOSED\nREOPENED: REOPENED', enum_type=RequestState, max_length=16)),
                ('answer', fields.TextField(null=True, unique=False)),
                ('promised_for', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('rejection', fields.TextField(null=True, unique=False)),
                ('transferred_to', fields.ForeignKeyField('models.Unit', source_field='transferred_to_id', null=True, db_constraint=True, to_field='id', related_name='transferred', on_delete=OnDelete.RESTRICT)),
                ('merged_into', fields.ForeignKeyField('models.Request', source_field='merged_into_id', null=True, db_constraint=True, to_field='id', related_name='merged', on_delete=OnDelete.CASCADE)),
                ('summons', fields.ForeignKeyField('models.Summons', source_field='summons_id', null=True, db_constraint=True, to_field='id', related_name='requests', on_delete=OnDelete.CASCADE)),
                ('outcome', fields.CharEnumField(null=True, description='RESOLVED: RESOLVED\nPARTIAL: PARTIAL\nEXPLAINED: EXPLAINED\nUNRESOLVED: UNRESOLVED\nTRANSFERRED: TRANSFERRED', enum_type=Outcome, max_length=12)),
                ('result', fields.TextField(null=True, unique=False)),
                ('withdrawn', fields.BooleanField(default=False)),
                ('escalation_level', fields.SmallIntField(default=0)),
                ('round', fields.SmallIntField(default=1)),
                ('due_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('done_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('closed_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('created_by', fields.ForeignKeyField('models.Member', source_field='created_by_id', null=True, db_constraint=True, to_field='id', related_name='entered_requests', on_delete=OnDelete.CASCADE)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('updated_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'request', 'app': 'models', 'indexes': [Index(fields=['path', 'state', 'created_at', 'id']), Index(fields=['path', 'created_at', 'id']), Index(fields=['created_at', 'id']), Index(fields=['updated_at', 'id']), Index(fields=['summons_id'])], 'pk_attr': 'id', 'table_description': "`version` counts its events; `path` is the area's. Who reported it is told by `Reporter` rows."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Reporter',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('request', fields.ForeignKeyField('models.Request', source_field='request_id', db_constraint=True, to_field='id', related_name='reporters', on_delete=OnDelete.CASCADE)),
                ('origin', fields.ForeignKeyField('models.Request', source_field='origin_id', db_constraint=True, to_field='id', related_name='first_reporters', on_delete=OnDelete.CASCADE)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', null=True, db_constraint=True, to_field='id', related_name='reports', on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(null=True, max_length=64)),
                ('phone', fields.CharField(null=True, max_length=32)),
                ('informed_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('feedback', fields.CharEnumField(null=True, description='SATISFIED: SATISFIED\nPARTLY: PARTLY\nDISSATISFIED: DISSATISFIED', enum_type=Satisfaction, max_length=12)),
                ('comment', fields.TextField(null=True, unique=False)),
                ('feedback_round', fields.SmallIntField(null=True, description='of the request, which it is about')),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'reporter', 'app': 'models', 'indexes': [Index(fields=['request_id', 'created_at']), Index(fields=['member_id'])], 'pk_attr': 'id', 'table_description': 'Somebody who reported a request. `name` and `phone` are protected; `origin`: the request they reported first.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WorkOrder',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('request', fields.ForeignKeyField('models.Request', source_field='request_id', db_constraint=True, to_field='id', related_name='orders', on_delete=OnDelete.CASCADE)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('mode', fields.CharEnumField(description='DISPATCHED: DISPATCHED\nCLAIMABLE: CLAIMABLE', enum_type=OrderMode, max_length=12)),
                ('text', fields.TextField(unique=False)),
                ('post', fields.CharEnumField(null=True, description='REGULAR: REGULAR\nPART_TIME_COMMITTEE: PART_TIME_COMMITTEE\nFIRST_SECRETARY: FIRST_SECRETARY\nGRID_LEADER: GRID_LEADER\nGRID_WORKER: GRID_WORKER\nBUILDING_CHIEF: BUILDING_CHIEF', enum_type=PostKind, max_length=20)),
                ('assignee', fields.ForeignKeyField('models.Member', source_field='assignee_id', null=True, db_constraint=True, to_field='id', related_name='orders', on_delete=OnDelete.CASCADE)),
                ('state', fields.CharEnumField(default=OrderState.OPEN, description='OPEN: OPEN\nACCEPTED: ACCEPTED\nDONE: DONE\nVERIFIED: VERIFIED\nDECLINED: DECLINED\nEXPIRED: EXPIRED\nCANCELLED: CANCELLED', enum_type=OrderState, max_length=12)),
                ('accepted_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('round', fields.SmallIntField(description='of the request, in which it was made')),
                ('result', fields.TextField(null=True, unique=False)),
                ('evidence', fields.JSONField(default=list, description='addresses of what proves the result', encoder=JSON_DUMPS, decoder=loads)),
                ('done_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('due_at', MomentField(null=True, description='of the clock that runs now', auto_now=False, auto_now_add=False)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('updated_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'work_order', 'app': 'models', 'indexes': [Index(fields=['request_id', 'created_at']), Index(fields=['path', 'state', 'created_at', 'id']), Index(fields=['assignee_id', 'state']), Index(fields=['created_at', 'id'])], 'pk_attr': 'id', 'table_description': "`version` counts its events; `path` is the request's. `post`: only who holds such a post may claim it."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FlagEntry',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('order', fields.OneToOneField('models.WorkOrder', source_field='order_id', db_constraint=True, to_field='id', related_name='flag', on_delete=OnDelete.RESTRICT)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', db_constraint=True, to_field='id', related_name='flags', on_delete=OnDelete.RESTRICT)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='flags', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(description="the order's", max_length=160, null=False, unique=False)),
                ('points', fields.SmallIntField(default=1)),
                ('at', MomentField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'flag_entry', 'app': 'models', 'indexes': [Index(fields=['path', 'at']), Index(fields=['member_id', 'at'])], 'pk_attr': 'id', 'table_description': 'A red flag (红旗) that somebody earned by an order; the database refuses to change or delete any.'},
            bases=['Model'],
        ),
        ops.AlterField(
            model_name='SlaClock',
            name='kind',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE', enum_type=ClockKind, max_length=20),
        ),
        ops.AlterField(
            model_name='SlaClock',
            name='summons',
            field=fields.ForeignKeyField('models.Summons', source_field='summons_id', null=True, db_constraint=True, to_field='id', related_name='clocks', on_delete=OnDelete.CASCADE),
        ),
        ops.AddField(
            model_name='SlaClock',
            name='order',
            field=fields.ForeignKeyField('models.WorkOrder', source_field='order_id', null=True, db_constraint=True, to_field='id', related_name='clocks', on_delete=OnDelete.CASCADE),
        ),
        ops.AddField(
            model_name='SlaClock',
            name='request',
            field=fields.ForeignKeyField('models.Request', source_field='request_id', null=True, db_constraint=True, to_field='id', related_name='clocks', on_delete=OnDelete.CASCADE),
        ),
        # SQLite makes the table anew to change a column, and forgets these
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_next_at_31c4bc" ON "sla_clock" ("next_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_summons_2bb67d" ON "sla_clock" ("summons_id", "stopped_at")'),
        ops.AddIndex(
            model_name='SlaClock',
            index=Index(fields=['request_id', 'stopped_at']),
        ),
        ops.AlterField(
            model_name='SlaPolicy',
            name='clock',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE', enum_type=ClockKind, max_length=20),
        ),
        ops.AddField(
            model_name='Summons',
            name='requested',
            field=fields.BooleanField(default=False, db_default=False, description='stems from requests'),
        ),
    ]

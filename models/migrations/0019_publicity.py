from tortoise import migrations
from tortoise.migrations import operations as ops
from models.clocks import ClockKind
from models.fields import MomentField, PathField
from models.ids import new_id
from models.notices import NoticeKind
from models.publications import ObjectionState, PublicationState
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0018_decisions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Commitment',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', db_constraint=True, to_field='id', related_name='commitments', on_delete=OnDelete.CASCADE)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='commitments', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('text', fields.TextField(unique=False)),
                ('made_at', MomentField(auto_now=False, auto_now_add=False)),
                ('kept_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('confirmed_by', fields.ForeignKeyField('models.Member', source_field='confirmed_by_id', null=True, db_constraint=True, to_field='id', related_name='confirmed_commitments', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'commitment', 'app': 'models', 'indexes': [Index(fields=['path', 'made_at', 'id']), Index(fields=['path', 'kept_at']), Index(fields=['made_at', 'id']), Index(fields=['member_id'])], 'pk_attr': 'id', 'table_description': '`kept_at` and `confirmed_by` once the village confirmed it; `version` counts its events.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Publication',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='publications', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('month', fields.DateField()),
                ('edition', fields.SmallIntField(default=1)),
                ('corrects', fields.ForeignKeyField('models.Publication', source_field='corrects_id', null=True, db_constraint=True, to_field='id', related_name='corrections', on_delete=OnDelete.RESTRICT)),
                ('reason', fields.TextField(null=True, unique=False)),
                ('state', fields.CharEnumField(default=PublicationState.DRAFT, description='DRAFT: DRAFT\nOBJECTION: OBJECTION\nPUBLISHED: PUBLISHED\nCORRECTED: CORRECTED', enum_type=PublicationState, max_length=12)),
                ('published', fields.BooleanField(default=False)),
                ('figures', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('requests', fields.IntField(default=0, description='that came in')),
                ('orders', fields.IntField(default=0, description='that were verified')),
                ('flags', fields.IntField(default=0, description='that were earned')),
                ('commitments', fields.IntField(default=0, description='that were made')),
                ('commitments_kept', fields.IntField(default=0, description='that were found kept')),
                ('round', fields.SmallIntField(default=1)),
                ('due_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('published_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('corrected_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('created_by', fields.ForeignKeyField('models.Member', source_field='created_by_id', null=True, db_constraint=True, to_field='id', related_name='publications', on_delete=OnDelete.CASCADE)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('updated_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'publication', 'app': 'models', 'unique_together': (('area_id', 'month', 'edition'),), 'indexes': [Index(fields=['path', 'created_at', 'id']), Index(fields=['created_at', 'id']), Index(fields=['corrects_id'])], 'pk_attr': 'id', 'table_description': 'An edition of what an area publishes about a month; `month` is its first day, `version` counts its events.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Honour',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('publication', fields.ForeignKeyField('models.Publication', source_field='publication_id', db_constraint=True, to_field='id', related_name='honours', on_delete=OnDelete.CASCADE)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', null=True, db_constraint=True, to_field='id', related_name='honours', on_delete=OnDelete.SET_NULL)),
                ('shown_as', fields.CharField(max_length=8)),
                ('month', fields.DateField()),
                ('place', fields.SmallIntField()),
                ('flags', fields.IntField()),
            ],
            options={'table': 'honour', 'app': 'models', 'unique_together': (('publication_id', 'place'),), 'pk_attr': 'id', 'table_description': 'A star of service (服务明星): one of the three with most flags in a month. `shown_as` hides the name.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Notice',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('kind', fields.CharEnumField(description='BOTTOM_TWO: BOTTOM_TWO\nREPORTED: REPORTED', enum_type=NoticeKind, max_length=12)),
                ('publication', fields.ForeignKeyField('models.Publication', source_field='publication_id', db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.CASCADE)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT)),
                ('grid', fields.ForeignKeyField('models.Area', source_field='grid_id', null=True, db_constraint=True, to_field='code', related_name='notices_about', on_delete=OnDelete.RESTRICT)),
                ('occurrence', fields.SmallIntField()),
                ('issued_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'notice', 'app': 'models', 'indexes': [Index(fields=['path', 'issued_at', 'id']), Index(fields=['issued_at', 'id']), Index(fields=['publication_id']), Index(fields=['unit_id'])], 'pk_attr': 'id', 'table_description': 'That a unit or a grid stood last (通报), told in `area`; `occurrence` counts the months in a row.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Objection',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('publication', fields.ForeignKeyField('models.Publication', source_field='publication_id', db_constraint=True, to_field='id', related_name='objections', on_delete=OnDelete.CASCADE)),
                ('path', PathField(description="the publication's", max_length=160, null=False, unique=False)),
                ('number', fields.SmallIntField()),
                ('round', fields.SmallIntField()),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', null=True, db_constraint=True, to_field='id', related_name='objections', on_delete=OnDelete.CASCADE)),
                ('text', fields.TextField(unique=False)),
                ('state', fields.CharEnumField(default=ObjectionState.OPEN, description='OPEN: OPEN\nUPHELD: UPHELD\nREJECTED: REJECTED', enum_type=ObjectionState, max_length=8)),
                ('answer', fields.TextField(null=True, unique=False)),
                ('made_at', MomentField(auto_now=False, auto_now_add=False)),
                ('answered_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'objection', 'app': 'models', 'unique_together': (('publication_id', 'number'),), 'pk_attr': 'id', 'table_description': "What somebody has against a publication, and the answer. `number` counts those to it, `round` is the draft's."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RankingEntry',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('publication', fields.ForeignKeyField('models.Publication', source_field='publication_id', db_constraint=True, to_field='id', related_name='ranking', on_delete=OnDelete.CASCADE)),
                ('unit', fields.ForeignKeyField('models.Unit', source_field='unit_id', null=True, db_constraint=True, to_field='id', related_name='rankings', on_delete=OnDelete.RESTRICT)),
                ('grid', fields.ForeignKeyField('models.Area', source_field='grid_id', null=True, db_constraint=True, to_field='code', related_name='rankings', on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(max_length=120)),
                ('tasks', fields.IntField()),
                ('mean', fields.IntField()),
                ('score', fields.IntField(null=True)),
                ('place', fields.IntField(null=True)),
            ],
            options={'table': 'ranking_entry', 'app': 'models', 'indexes': [Index(fields=['publication_id', 'place', 'id'])], 'pk_attr': 'id', 'table_description': 'How a unit or a grid did in the month of a publication; without a place and a score when it did too little.'},
            bases=['Model'],
        ),
        ops.AlterField(
            model_name='SlaClock',
            name='kind',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nAPPEAL: APPEAL\nADJUDICATE: ADJUDICATE\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE\nOBJECTION: OBJECTION', enum_type=ClockKind, max_length=20),
        ),
        ops.AddField(
            model_name='SlaClock',
            name='publication',
            field=fields.ForeignKeyField('models.Publication', source_field='publication_id', null=True, db_constraint=True, to_field='id', related_name='clocks', on_delete=OnDelete.CASCADE),
        ),
        # SQLite makes the table anew to change a column, and forgets these
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_next_at_31c4bc" ON "sla_clock" ("next_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_summons_2bb67d" ON "sla_clock" ("summons_id", "stopped_at")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_sla_clock_request_75c7e9" ON "sla_clock" ("request_id", "stopped_at")'),
        ops.AddIndex(
            model_name='SlaClock',
            index=Index(fields=['publication_id']),
        ),
        ops.AlterField(
            model_name='SlaPolicy',
            name='clock',
            field=fields.CharEnumField(description='DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER\nAPPEAL: APPEAL\nADJUDICATE: ADJUDICATE\nTRIAGE: TRIAGE\nANSWER: ANSWER\nFEEDBACK: FEEDBACK\nREQUEST_WINDOW: REQUEST_WINDOW\nORDER_ACCEPT: ORDER_ACCEPT\nORDER_OFFER: ORDER_OFFER\nORDER_COMPLETE: ORDER_COMPLETE\nOBJECTION: OBJECTION', enum_type=ClockKind, max_length=20),
        ),
    ]

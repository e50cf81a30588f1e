from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.followups import FollowUpOutcome, FollowUpState
from models.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

# What is to be followed up already has a clock; its id serves again, as the rows are in different tables.
PLANNED = """INSERT INTO followup (id, summons_id, path, round, reasons, state, due_at, created_at, version)
SELECT sla_clock.id, summons.id, summons.path, summons.round, '[]', 'PLANNED', sla_clock.due_at, sla_clock.started_at, 1
FROM sla_clock JOIN summons ON summons.id = sla_clock.summons_id
WHERE sla_clock.kind = 'FOLLOWUP' AND sla_clock.stopped_at IS NULL AND summons.state = 'AWAITING_FOLLOWUP'"""

class Migration(migrations.Migration):
    dependencies = [('models', '0016_exports')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FollowUp',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('summons', fields.ForeignKeyField('models.Summons', source_field='summons_id', db_constraint=True, to_field='id', related_name='followups', on_delete=OnDelete.CASCADE)),
                ('path', PathField(description="the issuer's path", max_length=160, null=False, unique=False)),
                ('round', fields.SmallIntField()),
                ('reasons', fields.JSONField(default=list, description='values of FollowUpReason, at least one', encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharEnumField(default=FollowUpState.PLANNED, description='PLANNED: PLANNED\nDONE: DONE\nMISSED: MISSED', enum_type=FollowUpState, max_length=8)),
                ('due_at', MomentField(auto_now=False, auto_now_add=False)),
                ('visit_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('visitor', fields.ForeignKeyField('models.Member', source_field='visitor_id', null=True, db_constraint=True, to_field='id', related_name='followup_visits', on_delete=OnDelete.RESTRICT)),
                ('outcome', fields.CharEnumField(null=True, description='CONFIRMED: CONFIRMED\nPARTIAL: PARTIAL\nNOT_RESOLVED: NOT_RESOLVED', enum_type=FollowUpOutcome, max_length=12)),
                ('note', fields.TextField(null=True, unique=False)),
                ('recorded_by', fields.ForeignKeyField('models.Member', source_field='recorded_by_id', null=True, db_constraint=True, to_field='id', related_name='followups_recorded', on_delete=OnDelete.RESTRICT)),
                ('ended_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'followup', 'app': 'models', 'unique_together': (('summons_id', 'round'),), 'indexes': [Index(fields=['path', 'state', 'due_at', 'id'])], 'pk_attr': 'id', 'table_description': 'That of a summons in one of its rounds. `ended_at`: when it was recorded, or its limit passed without.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='AreaSettings',
            name='followup_shares',
            field=fields.JSONField(null=True, description='by category, in place of `followup_share`', encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='FollowUpGroup',
            name='path',
            field=PathField(description="the area's path", max_length=160, null=True, unique=False),
        ),
        ops.AddField(
            model_name='FollowUpGroup',
            name='version',
            field=fields.IntField(default=1, null=True),
        ),
        ops.RunSQL("UPDATE followup_group SET version = 1, path = (SELECT path FROM area WHERE code = area_id)"),
        ops.AlterField(
            model_name='FollowUpGroup',
            name='path',
            field=PathField(description="the area's path", max_length=160, null=False, unique=False),
        ),
        ops.AlterField(
            model_name='FollowUpGroup',
            name='version',
            field=fields.IntField(default=1),
        ),
        ops.RunSQL(PLANNED),
    ]

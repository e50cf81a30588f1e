from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from models.policies import PolicyState
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AuditEntry',
            fields=[
                ('seq', fields.BigIntField(primary_key=True, unique=True, db_index=True, generated=False)),
                ('at', MomentField(auto_now=False, auto_now_add=False)),
                ('event_id', fields.CharField(unique=True, max_length=26)),
                ('actor_id', fields.CharField(null=True, description='null for the timers and the command line', max_length=26)),
                ('on_behalf_of_id', fields.CharField(null=True, max_length=26)),
                ('role', fields.CharField(null=True, description='the role that gave the right', max_length=40)),
                ('rule', fields.TextField(null=True, description='the rule that allowed it, as written', unique=False)),
                ('policy', fields.CharField(null=True, description='hash of the rules it was decided by', max_length=64)),
                ('type', fields.CharField(null=True, description='what the rules call the object …', max_length=24)),
                ('action', fields.CharField(null=True, description='… and what was done to it', max_length=40)),
                ('event', fields.CharField(max_length=40)),
                ('kind', fields.CharField(description='Summons, Task, Grant, Unit, Member …', max_length=16)),
                ('object_id', fields.CharField(max_length=30)),
                ('path', PathField(description='the area in which it happened', max_length=160, null=False, unique=False)),
                ('before', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('after', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('facts', fields.JSONField(null=True, description='what the decision looked at', encoder=JSON_DUMPS, decoder=loads)),
                ('reason', fields.TextField(null=True, unique=False)),
                ('request_id', fields.CharField(null=True, max_length=64)),
                ('previous', fields.CharField(max_length=64)),
                ('hash', fields.CharField(max_length=64)),
            ],
            options={'table': 'audit_entry', 'app': 'models', 'indexes': [Index(fields=['path', 'seq']), Index(fields=['object_id', 'seq']), Index(fields=['actor_id', 'seq'])], 'pk_attr': 'seq', 'table_description': 'Who did what to which object, by which right. No foreign keys: an entry outlives what it tells of.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='BreakGlass',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', db_constraint=True, to_field='id', related_name='emergencies', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(description='type of the object: Member, Summons …', max_length=16)),
                ('object_id', fields.CharField(max_length=30)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='emergencies', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(db_index=True, max_length=160, null=False, unique=False)),
                ('reason', fields.CharField(max_length=500)),
                ('opened_at', MomentField(auto_now=False, auto_now_add=False)),
                ('until', MomentField(auto_now=False, auto_now_add=False)),
                ('reviewer', fields.ForeignKeyField('models.Member', source_field='reviewer_id', null=True, db_constraint=True, to_field='id', related_name='emergencies_reviewed', on_delete=OnDelete.RESTRICT)),
                ('reviewed_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('justified', fields.BooleanField(null=True)),
                ('finding', fields.CharField(null=True, max_length=500)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'break_glass', 'app': 'models', 'indexes': [Index(fields=['member_id', 'until'])], 'pk_attr': 'id', 'table_description': "Emergency access (应急访问): one member may see one object's protected fields for a while, and is reviewed."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Credential',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', db_constraint=True, to_field='id', related_name='credentials', on_delete=OnDelete.RESTRICT)),
                ('label', fields.CharField(default='', max_length=80)),
                ('hash', fields.CharField(description='SHA-256 of the 256-bit random secret, as hex', max_length=64)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('created_by', fields.ForeignKeyField('models.Member', source_field='created_by_id', null=True, db_constraint=True, to_field='id', related_name='credentials_made', on_delete=OnDelete.RESTRICT)),
                ('until', MomentField(auto_now=False, auto_now_add=False)),
                ('revoked_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'credential', 'app': 'models', 'indexes': [Index(fields=['member_id', 'until'])], 'pk_attr': 'id', 'table_description': 'One key of a service account. Only a hash of the secret is kept; the secret is shown once, when it is made.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('number', fields.IntField(null=True, unique=True)),
                ('state', fields.CharEnumField(default=PolicyState.DRAFT, description='DRAFT: DRAFT\nPROPOSED: PROPOSED\nPUBLISHED: PUBLISHED\nRETIRED: RETIRED', enum_type=PolicyState, max_length=12)),
                ('published', fields.BooleanField(default=False, description='whether it is or was in force')),
                ('text', fields.TextField(unique=False)),
                ('hash', fields.CharField(description='SHA-256 of the text in UTF-8, as hex', max_length=64)),
                ('base', fields.IntField(null=True, description='the version in force when it was written')),
                ('restores', fields.IntField(null=True, description='the version whose text it brings back')),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', null=True, db_constraint=True, to_field='code', related_name='policy_versions', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(description='of the area; empty for the version that comes with the program', max_length=160, null=False, unique=False)),
                ('author', fields.ForeignKeyField('models.Member', source_field='author_id', null=True, db_constraint=True, to_field='id', related_name='policies_written', on_delete=OnDelete.RESTRICT)),
                ('reason', fields.CharField(default='', max_length=500)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('proposed_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('publisher', fields.ForeignKeyField('models.Member', source_field='publisher_id', null=True, db_constraint=True, to_field='id', related_name='policies_published', on_delete=OnDelete.RESTRICT)),
                ('published_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('retired_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'policy_version', 'app': 'models', 'indexes': [Index(fields=['state']), Index(fields=['path'])], 'pk_attr': 'id', 'table_description': 'A whole text of rules. `number` is given when it is first published: 1, 2, 3 …'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Grant',
            name='principal',
            field=fields.ForeignKeyField('models.Member', source_field='principal_id', null=True, db_constraint=True, to_field='id', related_name='represented_by', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Grant',
            name='revoked_at',
            field=MomentField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Grant',
            name='source',
            field=fields.ForeignKeyField('models.Grant', source_field='source_id', null=True, db_constraint=True, to_field='id', related_name='delegations', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Member',
            name='service_since',
            field=MomentField(null=True, description='for a client system, which signs in with keys; null for people', auto_now=False, auto_now_add=False),
        ),
    ]

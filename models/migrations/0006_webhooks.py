from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from models.webhooks import DeliveryState, WebhookState
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0005_indexes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Webhook',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('account', fields.ForeignKeyField('models.Member', source_field='account_id', db_constraint=True, to_field='id', related_name='webhooks', on_delete=OnDelete.RESTRICT)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='webhooks', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(db_index=True, max_length=160, null=False, unique=False)),
                ('url', fields.CharField(max_length=500)),
                ('description', fields.CharField(default='', max_length=200)),
                ('types', fields.JSONField(default=list, description='types of events; none: all of them', encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharEnumField(default=WebhookState.ACTIVE, description='ACTIVE: ACTIVE\nPAUSED: PAUSED\nREMOVED: REMOVED', enum_type=WebhookState, max_length=12)),
                ('pause_reason', fields.CharField(null=True, max_length=500)),
                ('position', fields.BigIntField(default=0)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('created_by', fields.ForeignKeyField('models.Member', source_field='created_by_id', null=True, db_constraint=True, to_field='id', related_name='webhooks_made', on_delete=OnDelete.RESTRICT)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'webhook', 'app': 'models', 'indexes': [Index(fields=['state'])], 'pk_attr': 'id', 'table_description': "An address to which a service account's events are sent, as far as the account may read them."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('webhook', fields.ForeignKeyField('models.Webhook', source_field='webhook_id', db_constraint=True, to_field='id', related_name='deliveries', on_delete=OnDelete.CASCADE)),
                ('path', PathField(description="the webhook's, whose place never changes", max_length=160, null=False, unique=False)),
                ('event_id', fields.CharField(max_length=26)),
                ('pos', fields.BigIntField(description="the event's place in the log")),
                ('subject', fields.CharField(description="the event's summons, else its aggregate", max_length=30)),
                ('state', fields.CharEnumField(default=DeliveryState.WAITING, description='WAITING: WAITING\nDEAD: DEAD', enum_type=DeliveryState, max_length=12)),
                ('attempts', fields.IntField(default=0)),
                ('next_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('failed_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('status', fields.IntField(null=True, description='of the last answer; null when there was none')),
                ('error', fields.CharField(null=True, max_length=200)),
            ],
            options={'table': 'webhook_delivery', 'app': 'models', 'unique_together': (('webhook_id', 'pos'),), 'indexes': [Index(fields=['webhook_id', 'state', 'pos']), Index(fields=['state', 'next_at'])], 'pk_attr': 'id', 'table_description': 'An event that a webhook has not taken yet. Events of one `subject` are sent one after the other.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WebhookSecret',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('webhook', fields.ForeignKeyField('models.Webhook', source_field='webhook_id', db_constraint=True, to_field='id', related_name='secrets', on_delete=OnDelete.CASCADE)),
                ('text', fields.CharField(description='whsec_ and 256 random bits, as base64', max_length=64)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('until', MomentField(null=True, description="of one that was rotated: the overlap's end", auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'webhook_secret', 'app': 'models', 'indexes': [Index(fields=['webhook_id'])], 'pk_attr': 'id', 'table_description': "What a webhook's messages are signed with; kept as it is, because signing needs it. At most two are valid."},
            bases=['Model'],
        ),
    ]

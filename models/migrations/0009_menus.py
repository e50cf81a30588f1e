from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0008_requests')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RequestCategory',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='request_categories', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('name', fields.CharField(max_length=80)),
                ('parent', fields.ForeignKeyField('models.RequestCategory', source_field='parent_id', null=True, db_constraint=True, to_field='id', related_name='children', on_delete=OnDelete.RESTRICT)),
                ('schema', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('needs_evidence', fields.BooleanField(default=False)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('closed_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'request_category', 'app': 'models', 'indexes': [Index(fields=['path', 'name', 'id']), Index(fields=['parent_id'])], 'pk_attr': 'id', 'table_description': "An entry of the menu of `area` and everything below it; `path` is the area's."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Request',
            name='category',
            field=fields.ForeignKeyField('models.RequestCategory', source_field='category_id', null=True, db_constraint=True, to_field='id', related_name='requests', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Request',
            name='form',
            field=fields.JSONField(null=True, description="as the category's schema says", encoder=JSON_DUMPS, decoder=loads),
        ),
    ]

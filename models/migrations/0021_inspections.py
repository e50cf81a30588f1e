from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from models.inspections import InspectionKind, InspectionState, OnRestDay, PlanState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0020_metric_snapshots')]

    initial = False

    operations = [
        ops.CreateModel(
            name='InspectionPlan',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='inspection_plans', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(description="the area's path", max_length=160, null=False, unique=False)),
                ('kind', fields.CharEnumField(description='COLLECTION_DAY: COLLECTION_DAY\nHOME_VISIT: HOME_VISIT\nPATROL: PATROL', enum_type=InspectionKind, max_length=16)),
                ('title', fields.CharField(max_length=200)),
                ('first_day', fields.DateField()),
                ('last_day', fields.DateField(null=True)),
                ('every', fields.SmallIntField(default=1, description='so many months or weeks')),
                ('day_of_month', fields.SmallIntField(null=True)),
                ('weekday', fields.SmallIntField(null=True, description='1 is Monday, 7 Sunday')),
                ('on_rest_day', fields.CharEnumField(default=OnRestDay.KEEP, description='KEEP: KEEP\nNEXT_WORKDAY: NEXT_WORKDAY', enum_type=OnRestDay, max_length=12)),
                ('time_of_day', fields.CharField(null=True, description='such as 09:30, in Shanghai', max_length=5)),
                ('place', fields.CharField(null=True, max_length=200)),
                ('visitor', fields.ForeignKeyField('models.Member', source_field='visitor_id', null=True, db_constraint=True, to_field='id', related_name='inspection_plans', on_delete=OnDelete.RESTRICT)),
                ('state', fields.CharEnumField(default=PlanState.ACTIVE, description='ACTIVE: ACTIVE\nENDED: ENDED', enum_type=PlanState, max_length=8)),
                ('planned_to', fields.DateField(null=True)),
                ('next_at', MomentField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
                ('created_by', fields.ForeignKeyField('models.Member', source_field='created_by_id', null=True, db_constraint=True, to_field='id', related_name='inspection_plans_made', on_delete=OnDelete.RESTRICT)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'inspection_plan', 'app': 'models', 'indexes': [Index(fields=['path', 'created_at', 'id']), Index(fields=['created_at', 'id'])], 'pk_attr': 'id', 'table_description': '`planned_to`: the last day up to which its days were looked at; `next_at`: when a timer must look again.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Inspection',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('plan', fields.ForeignKeyField('models.InspectionPlan', source_field='plan_id', null=True, db_constraint=True, to_field='id', related_name='inspections', on_delete=OnDelete.RESTRICT)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='inspections', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(description="the area's path", max_length=160, null=False, unique=False)),
                ('kind', fields.CharEnumField(description='COLLECTION_DAY: COLLECTION_DAY\nHOME_VISIT: HOME_VISIT\nPATROL: PATROL', enum_type=InspectionKind, max_length=16)),
                ('title', fields.CharField(max_length=200)),
                ('due_day', fields.DateField()),
                ('due_at', MomentField(auto_now=False, auto_now_add=False)),
                ('time_of_day', fields.CharField(null=True, description='such as 09:30, in Shanghai', max_length=5)),
                ('place', fields.CharField(null=True, max_length=200)),
                ('visitor', fields.ForeignKeyField('models.Member', source_field='visitor_id', null=True, db_constraint=True, to_field='id', related_name='inspections', on_delete=OnDelete.RESTRICT)),
                ('state', fields.CharEnumField(default=InspectionState.PLANNED, description='PLANNED: PLANNED\nDONE: DONE\nMISSED: MISSED\nCANCELLED: CANCELLED', enum_type=InspectionState, max_length=12)),
                ('note', fields.TextField(null=True, unique=False)),
                ('households', fields.IntField(null=True)),
                ('late', fields.BooleanField(default=False)),
                ('reason', fields.TextField(null=True, description='why it was cancelled', unique=False)),
                ('recorded_by', fields.ForeignKeyField('models.Member', source_field='recorded_by_id', null=True, db_constraint=True, to_field='id', related_name='inspections_recorded', on_delete=OnDelete.RESTRICT)),
                ('recorded_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', MomentField(auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'inspection', 'app': 'models', 'unique_together': (('plan_id', 'due_day'),), 'indexes': [Index(fields=['path', 'due_at', 'id']), Index(fields=['path', 'state', 'due_at', 'id']), Index(fields=['state', 'due_at', 'id']), Index(fields=['due_at', 'id'])], 'pk_attr': 'id', 'table_description': 'One visit, of a plan or (without) a single one. What its plan said then is its own: it may say otherwise now.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Request',
            name='inspection',
            field=fields.ForeignKeyField('models.Inspection', source_field='inspection_id', null=True, db_constraint=True, to_field='id', related_name='requests', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddIndex(
            model_name='Request',
            index=Index(fields=['inspection_id']),
        ),
    ]

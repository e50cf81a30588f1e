from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import MomentField, PathField
from models.ids import new_id
from models.metrics import MetricName
from models.notices import NoticeKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

# SQLite cannot change the columns of a table that has a key over several: it is made anew, with what was in it.
KEPT = "CREATE TABLE former_honour AS SELECT * FROM honour"
# Those that there are are of a publication, and lie where it does.
PUT_BACK = """INSERT INTO honour (id, publication_id, area_id, path, member_id, shown_as, month, place, flags, version)
SELECT former_honour.id, publication.id, publication.area_id, publication.path, former_honour.member_id,
former_honour.shown_as, former_honour.month, former_honour.place, former_honour.flags, 0
FROM former_honour JOIN publication ON publication.id = former_honour.publication_id"""

class Migration(migrations.Migration):
    dependencies = [('models', '0021_inspections')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Evaluation',
            index=Index(fields=['state', 'path']),
        ),
        ops.AlterField(
            model_name='MetricSnapshot',
            name='metric',
            field=fields.CharEnumField(description='CLOSING: CLOSING\nACCEPTED_ON_TIME: ACCEPTED_ON_TIME\nARRIVED_ON_TIME: ARRIVED_ON_TIME\nFIRST_FEEDBACK: FIRST_FEEDBACK\nSATISFACTION: SATISFACTION\nREOPENED: REOPENED\nWHISTLE: WHISTLE\nFOLLOWED_UP: FOLLOWED_UP\nFOLLOWUP_CONFIRMED: FOLLOWUP_CONFIRMED\nFOLLOWUP_SKIPPED: FOLLOWUP_SKIPPED', enum_type=MetricName, max_length=24),
        ),
        # SQLite makes the table anew to change a column, and forgets these
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_metric_snap_path_4f3d4f" ON "metric_snapshot" ("path", "taken_at", "id")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_metric_snap_taken_a_71abca" ON "metric_snapshot" ("taken_at", "id")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_metric_snap_unit_id_4286de" ON "metric_snapshot" ("unit_id")'),
        ops.RunSQL(KEPT),
        ops.DeleteModel(name='Honour'),
        ops.CreateModel(
            name='Honour',
            fields=[
                ('id', fields.CharField(primary_key=True, default=new_id, unique=True, db_index=True, max_length=26)),
                ('publication', fields.ForeignKeyField('models.Publication', source_field='publication_id', null=True, db_constraint=True, to_field='id', related_name='honours', on_delete=OnDelete.CASCADE)),
                ('area', fields.ForeignKeyField('models.Area', source_field='area_id', db_constraint=True, to_field='code', related_name='honours', on_delete=OnDelete.RESTRICT)),
                ('path', PathField(max_length=160, null=False, unique=False)),
                ('member', fields.ForeignKeyField('models.Member', source_field='member_id', null=True, db_constraint=True, to_field='id', related_name='honours', on_delete=OnDelete.SET_NULL)),
                ('shown_as', fields.CharField(max_length=8)),
                ('month', fields.DateField()),
                ('place', fields.SmallIntField(null=True)),
                ('flags', fields.IntField()),
                ('ground', fields.TextField(null=True, unique=False)),
                ('honoured_by', fields.ForeignKeyField('models.Member', source_field='honoured_by_id', null=True, db_constraint=True, to_field='id', related_name='honours_given', on_delete=OnDelete.RESTRICT)),
                ('honoured_at', MomentField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'honour', 'app': 'models', 'unique_together': (('publication_id', 'place'),), 'indexes': [Index(fields=['path', 'month']), Index(fields=['member_id', 'month'])], 'pk_attr': 'id', 'table_description': 'A star of service (服务明星), whose name `shown_as` hides.'},
            bases=['Model'],
        ),
        ops.RunSQL(PUT_BACK),
        ops.RunSQL("DROP TABLE former_honour"),
        ops.AddField(
            model_name='Notice',
            name='decided_at',
            field=MomentField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Notice',
            name='decided_by',
            field=fields.ForeignKeyField('models.Member', source_field='decided_by_id', null=True, db_constraint=True, to_field='id', related_name='notices_decided', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Notice',
            name='decision',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Notice',
            name='issued_by',
            field=fields.ForeignKeyField('models.Member', source_field='issued_by_id', null=True, db_constraint=True, to_field='id', related_name='notices_issued', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Notice',
            name='summons',
            field=fields.ForeignKeyField('models.Summons', source_field='summons_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Notice',
            name='task',
            field=fields.ForeignKeyField('models.Task', source_field='task_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Notice',
            name='text',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AlterField(
            model_name='Notice',
            name='kind',
            field=fields.CharEnumField(description='BOTTOM_TWO: BOTTOM_TWO\nREPORTED: REPORTED\nPRAISE: PRAISE\nOVERDUE: OVERDUE\nCRITICISM: CRITICISM', enum_type=NoticeKind, max_length=12),
        ),
        ops.AlterField(
            model_name='Notice',
            name='publication',
            field=fields.ForeignKeyField('models.Publication', source_field='publication_id', null=True, db_constraint=True, to_field='id', related_name='notices', on_delete=OnDelete.CASCADE),
        ),
        # SQLite makes the table anew to change a column, and forgets these
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_notice_path_765ceb" ON "notice" ("path", "issued_at", "id")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_notice_issued__24917f" ON "notice" ("issued_at", "id")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_notice_publica_fc9025" ON "notice" ("publication_id")'),
        ops.RunSQL('CREATE INDEX IF NOT EXISTS "idx_notice_unit_id_11330e" ON "notice" ("unit_id")'),
    ]

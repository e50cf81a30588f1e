from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_policies_and_audit')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Generation',
            fields=[
                ('id', fields.SmallIntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ('area', fields.BigIntField(default=0)),
                ('unit', fields.BigIntField(default=0)),
                ('member', fields.BigIntField(default=0)),
                ('role_grant', fields.BigIntField(default=0)),
                ('policy_version', fields.BigIntField(default=0)),
            ],
            options={'table': 'generation', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One row; each column grows with every transaction that changed the table of its name.'},
            bases=['Model'],
        ),
    ]

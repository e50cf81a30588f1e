from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.areas import AreaLevel
from models.clocks import ClockKind, DayKind
from models.fields import PathField
from models.ids import new_id
from models.members import PostKind, Rank
from models.summons import CoIssuerState, Outcome, SummonsCategory, SummonsState, Tier
from models.tasks import (
    ArbitrationLevel,
    ArrivalMethod,
    DeclineReason,
    ProposalKind,
    ProposalState,
    Ruling,
    TaskState,
)
from models.units import DutyKind, UnitKind, UnitLevel
from models.working_time import TimeUnit


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Area",
            fields=[
                ("code", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ("name", fields.CharField(max_length=80)),
                ("kind", fields.CharField(null=True, max_length=16)),
                (
                    "level",
                    fields.CharEnumField(
                        description="PROVINCE: PROVINCE\nCITY: CITY\nDISTRICT: DISTRICT\nTOWN: TOWN\nVILLAGE: VILLAGE\nGRID: GRID",
                        enum_type=AreaLevel,
                        max_length=8,
                    ),
                ),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="code",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", PathField(unique=True, max_length=160)),
                ("depth", fields.SmallIntField()),
                ("valid_from", fields.DateField(null=True)),
                ("valid_to", fields.DateField(null=True)),
            ],
            options={
                "table": "area",
                "app": "models",
                "indexes": [Index(fields=["level", "path"]), Index(fields=["parent_id", "code"])],
                "pk_attr": "code",
                "table_description": "One node of the tree. Its national code is its key: 2/4/6/9/12 digits, a grid 3 more for each nesting.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AreaSettings",
            fields=[
                (
                    "area",
                    fields.OneToOneField(
                        "models.Area",
                        source_field="area_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="code",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("require_town_gate", fields.BooleanField(null=True)),
                ("followup_categories", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("followup_share", fields.FloatField(null=True)),
                ("evidence_categories", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("pass_score", fields.SmallIntField(null=True)),
                ("arrival_secret", fields.CharField(null=True, max_length=64)),
            ],
            options={
                "table": "area_settings",
                "app": "models",
                "pk_attr": "area_id",
                "table_description": "What an area decides for itself and everything below it; an empty value is inherited from above.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True,
                        unique=True,
                        db_index=True,
                        description="area code (or CN) and day",
                        max_length=42,
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        null=True,
                        db_constraint=True,
                        to_field="code",
                        related_name="calendar_days",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="WORK: WORK\nREST: REST", enum_type=DayKind, max_length=4
                    ),
                ),
                ("name", fields.CharField(default="", max_length=40)),
            ],
            options={
                "table": "calendar_day",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A day that differs from Monday–Friday: a public holiday or a make-up workday (调休). No area: the whole country.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FollowUpGroup",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="followup_groups",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=80)),
            ],
            options={
                "table": "followup_group",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A village's follow-up group (回访小组): delegates who check whether a matter was really settled.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LogEpoch",
            fields=[
                ("id", fields.SmallIntField(primary_key=True, unique=True, db_index=True)),
                ("epoch", fields.CharField(default=new_id, max_length=26)),
            ],
            options={
                "table": "log_epoch",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Which log the cursors belong to; a restored database gets a new one, so that old cursors are refused.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NumberSeries",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True,
                        unique=True,
                        db_index=True,
                        description="area code and year, e.g. 440606106004-2022",
                        max_length=40,
                    ),
                ),
                ("last_number", fields.IntField(default=0)),
            ],
            options={
                "table": "number_series",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The last number given to a summons of an area in a year.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SlaPolicy",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        null=True,
                        db_constraint=True,
                        to_field="code",
                        related_name="sla_policies",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        null=True,
                        description="PARTY_BUILDING: PARTY_BUILDING\nLIVING_ENVIRONMENT: LIVING_ENVIRONMENT\nECONOMY: ECONOMY\nLAND_AND_CONSTRUCTION: LAND_AND_CONSTRUCTION\nLIVELIHOOD: LIVELIHOOD",
                        enum_type=SummonsCategory,
                        max_length=24,
                    ),
                ),
                (
                    "tier",
                    fields.CharEnumField(
                        null=True,
                        description="NORMAL: NORMAL\nKEY: KEY\nDIFFICULT: DIFFICULT\nEMERGENCY: EMERGENCY",
                        enum_type=Tier,
                        max_length=12,
                    ),
                ),
                (
                    "clock",
                    fields.CharEnumField(
                        description="DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER",
                        enum_type=ClockKind,
                        max_length=20,
                    ),
                ),
                ("amount", fields.FloatField()),
                (
                    "unit",
                    fields.CharEnumField(
                        description="MINUTE: MINUTE\nHOUR: HOUR\nWORKDAY: WORKDAY\nDAY: DAY\nWALL_HOUR: WALL_HOUR",
                        enum_type=TimeUnit,
                        max_length=12,
                    ),
                ),
                ("source", fields.CharField(default="", max_length=80)),
            ],
            options={
                "table": "sla_policy",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How long a clock runs. Empty area, category or tier: all of them; the most special row wins.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                ("code", fields.CharField(null=True, unique=True, max_length=40)),
                ("name", fields.CharField(max_length=120)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="PARTY_COMMITTEE: PARTY_COMMITTEE\nPARTY_BRANCH: PARTY_BRANCH\nPARTY_GROUP: PARTY_GROUP\nGOV_DEPARTMENT: GOV_DEPARTMENT\nSTATIONED_AGENCY: STATIONED_AGENCY\nTOWN_OFFICE: TOWN_OFFICE\nPUBLIC_INSTITUTION: PUBLIC_INSTITUTION\nSOE: SOE\nENTERPRISE: ENTERPRISE\nSOCIAL_ORG: SOCIAL_ORG\nPROPERTY: PROPERTY\nVILLAGE_COMMITTEE: VILLAGE_COMMITTEE\nVOLUNTEER_TEAM: VOLUNTEER_TEAM\nLEADING_ORG: LEADING_ORG",
                        enum_type=UnitKind,
                        max_length=20,
                    ),
                ),
                (
                    "level",
                    fields.CharEnumField(
                        description="CITY: CITY\nDISTRICT: DISTRICT\nTOWN: TOWN\nVILLAGE: VILLAGE",
                        enum_type=UnitLevel,
                        max_length=8,
                    ),
                ),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("line", PathField(unique=True, max_length=320)),
                (
                    "home_area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="home_area_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="home_units",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "command_area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="command_area_id",
                        null=True,
                        db_constraint=True,
                        to_field="code",
                        related_name="commanded_units",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("territory", PathField(db_index=True, max_length=160)),
                ("summonable", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "unit",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Two trees meet here: `parent` is the line of command (条), `command_area` the territory (块).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DutyItem",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                ("code", fields.CharField(unique=True, max_length=40)),
                ("title", fields.CharField(max_length=200)),
                (
                    "kind",
                    fields.CharEnumField(
                        default=DutyKind.UNIT_POWER,
                        description="UNIT_POWER: UNIT_POWER\nTOWN_TERRITORIAL: TOWN_TERRITORIAL\nVILLAGE_DUTY: VILLAGE_DUTY\nVILLAGE_NEGATIVE: VILLAGE_NEGATIVE",
                        enum_type=DutyKind,
                        max_length=20,
                    ),
                ),
                ("category", fields.CharField(null=True, max_length=24)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="unit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="duty_items",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "duty_item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One line of a duty list (责任清单); a decline must cite one. Without a unit it holds for every village.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                ("login", fields.CharField(null=True, unique=True, max_length=64)),
                ("name", fields.CharField(max_length=64)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="unit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="members",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="members",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("area_path", PathField(db_index=True, max_length=160)),
                ("phone", fields.CharField(null=True, max_length=32)),
                (
                    "official",
                    fields.BooleanField(
                        default=False, description="holds a post, so the directory lists them"
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("disabled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "member",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody who can sign in. `area` is where they belong: their unit's home area, or the area that entered them.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FollowUpGroupMember",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "group",
                    fields.ForeignKeyField(
                        "models.FollowUpGroup",
                        source_field="group_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="seats",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "area_id",
                    fields.CharField(
                        db_index=True, description="the group's village, for one-step checks", max_length=30
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="followup_seats",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "followup_group_member",
                "app": "models",
                "unique_together": (("group_id", "member_id"),),
                "pk_attr": "id",
                "table_description": "One seat in a follow-up group.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="grants",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("role", fields.CharField(max_length=40)),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        null=True,
                        db_constraint=True,
                        to_field="code",
                        related_name="grants",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="unit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="grants",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "level",
                    fields.CharField(
                        description="level of the area, or UNIT, or SYSTEM for the whole tree", max_length=8
                    ),
                ),
                ("path", PathField(db_index=True, max_length=320)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(default="", max_length=500)),
                (
                    "granted_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="granted_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="granted",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "role_grant",
                "app": "models",
                "indexes": [Index(fields=["member_id", "until"]), Index(fields=["role", "path"])],
                "pk_attr": "id",
                "table_description": "A role held at an area or in a unit, from `since` until before `until`. `path` is the holder's path or line.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=128)),
                (
                    "body",
                    fields.CharField(description="hash of the mutation's name and arguments", max_length=64),
                ),
                (
                    "kind",
                    fields.CharField(
                        null=True, description="what was changed: Summons, Task …", max_length=16
                    ),
                ),
                ("object_id", fields.CharField(null=True, max_length=30)),
                ("event_id", fields.CharField(null=True, max_length=26)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "idempotency_key",
                "app": "models",
                "unique_together": (("member_id", "key"),),
                "pk_attr": "id",
                "table_description": "A mutation that was already done: the same key and body gets the same answer again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="unit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        null=True,
                        db_constraint=True,
                        to_field="code",
                        related_name="posts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("title", fields.CharField(max_length=80)),
                (
                    "kind",
                    fields.CharEnumField(
                        default=PostKind.REGULAR,
                        description="REGULAR: REGULAR\nPART_TIME_COMMITTEE: PART_TIME_COMMITTEE\nFIRST_SECRETARY: FIRST_SECRETARY\nGRID_LEADER: GRID_LEADER\nGRID_WORKER: GRID_WORKER\nBUILDING_CHIEF: BUILDING_CHIEF",
                        enum_type=PostKind,
                        max_length=20,
                    ),
                ),
                (
                    "rank",
                    fields.IntEnumField(
                        description="SECTION: 1\nDEPUTY_HEAD: 2\nHEAD: 3", enum_type=Rank, generated=False
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "post",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A title somebody holds in a unit or an area, from a day to a day.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Summons",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                ("number", fields.CharField(unique=True, max_length=48)),
                (
                    "issuer",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="issuer_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="summonses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", PathField(description="the issuer's path", max_length=160)),
                ("title", fields.CharField(max_length=200)),
                ("text", fields.TextField(unique=False)),
                (
                    "category",
                    fields.CharEnumField(
                        description="PARTY_BUILDING: PARTY_BUILDING\nLIVING_ENVIRONMENT: LIVING_ENVIRONMENT\nECONOMY: ECONOMY\nLAND_AND_CONSTRUCTION: LAND_AND_CONSTRUCTION\nLIVELIHOOD: LIVELIHOOD",
                        enum_type=SummonsCategory,
                        max_length=24,
                    ),
                ),
                (
                    "tier",
                    fields.CharEnumField(
                        default=Tier.NORMAL,
                        description="NORMAL: NORMAL\nKEY: KEY\nDIFFICULT: DIFFICULT\nEMERGENCY: EMERGENCY",
                        enum_type=Tier,
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=SummonsState.DRAFT,
                        description="DRAFT: DRAFT\nPENDING_REVIEW: PENDING_REVIEW\nPENDING_COSIGN: PENDING_COSIGN\nPENDING_GATE: PENDING_GATE\nISSUED: ISSUED\nIN_PROGRESS: IN_PROGRESS\nAWAITING_EVALUATION: AWAITING_EVALUATION\nAWAITING_FOLLOWUP: AWAITING_FOLLOWUP\nCLOSED: CLOSED\nCANCELLED: CANCELLED\nARCHIVED: ARCHIVED",
                        enum_type=SummonsState,
                        max_length=24,
                    ),
                ),
                ("target_ids", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("joint", fields.BooleanField(default=False, description="has co-issuers")),
                (
                    "lead_unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="lead_unit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="led_summonses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("appointment_from", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("appointment_to", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("appointment_place", fields.CharField(null=True, max_length=200)),
                ("resolution_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("resolution_present", fields.IntField(null=True)),
                ("resolution_minutes", fields.TextField(null=True, unique=False)),
                ("ratified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "duplicate_of",
                    fields.ForeignKeyField(
                        "models.Summons",
                        source_field="duplicate_of_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="duplicates",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("gate_returned", fields.BooleanField(default=False)),
                ("followup_skipped", fields.BooleanField(default=False)),
                (
                    "outcome",
                    fields.CharEnumField(
                        null=True,
                        description="RESOLVED: RESOLVED\nPARTIAL: PARTIAL\nEXPLAINED: EXPLAINED\nUNRESOLVED: UNRESOLVED\nTRANSFERRED: TRANSFERRED",
                        enum_type=Outcome,
                        max_length=12,
                    ),
                ),
                ("round", fields.SmallIntField(default=1)),
                (
                    "created_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="created_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafted",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("issued_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "due_at",
                    fields.DatetimeField(
                        null=True,
                        description="the latest resolve limit of its tasks",
                        auto_now=False,
                        auto_now_add=False,
                    ),
                ),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=0)),
            ],
            options={
                "table": "summons",
                "app": "models",
                "indexes": [
                    Index(fields=["path", "state", "issued_at"]),
                    Index(fields=["path", "issued_at", "id"]),
                    Index(fields=["issued_at", "id"]),
                    Index(fields=["updated_at", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "`version` counts its events. `target_ids` are the units named in the draft; issuing turns them into tasks.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CoIssuer",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "summons",
                    fields.ForeignKeyField(
                        "models.Summons",
                        source_field="summons_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="co_issuers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="co_issued",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", PathField(db_index=True, description="the area's path", max_length=160)),
                (
                    "state",
                    fields.CharEnumField(
                        default=CoIssuerState.ASKED,
                        description="ASKED: ASKED\nSIGNED: SIGNED",
                        enum_type=CoIssuerState,
                        max_length=8,
                    ),
                ),
                (
                    "signed_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="signed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="cosigned",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "co_issuer",
                "app": "models",
                "unique_together": (("summons_id", "area_id"),),
                "pk_attr": "id",
                "table_description": "A village that issues the summons together with its issuer (联合约请).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Standing",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "summons",
                    fields.ForeignKeyField(
                        "models.Summons",
                        source_field="summons_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="standings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("resolved", fields.BooleanField()),
                ("limit_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "standing",
                "app": "models",
                "indexes": [Index(fields=["summons_id", "since"])],
                "pk_attr": "id",
                "table_description": "What the figures say of a summons from `since` until before `until` (null: still).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "summons",
                    fields.ForeignKeyField(
                        "models.Summons",
                        source_field="summons_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("path", PathField(max_length=160)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("territory", PathField(max_length=160)),
                ("lead", fields.BooleanField(default=False)),
                (
                    "state",
                    fields.CharEnumField(
                        default=TaskState.PENDING,
                        description="PENDING: PENDING\nDECLINED: DECLINED\nACCEPTED: ACCEPTED\nASSIGNED: ASSIGNED\nARRIVED: ARRIVED\nON_HOLD: ON_HOLD\nRESOLVED: RESOLVED\nEVALUATED: EVALUATED\nREASSIGNED: REASSIGNED\nWITHDRAWN: WITHDRAWN",
                        enum_type=TaskState,
                        max_length=12,
                    ),
                ),
                (
                    "responsible",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="responsible_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="responsible_for",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("appointment_from", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("appointment_to", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("appointment_place", fields.CharField(null=True, max_length=200)),
                ("accepted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("accepted_late", fields.BooleanField(default=False)),
                (
                    "arbitration_level",
                    fields.CharEnumField(
                        null=True,
                        description="TOWN: TOWN\nDISTRICT_ORG: DISTRICT_ORG\nDISTRICT_LEADER: DISTRICT_LEADER",
                        enum_type=ArbitrationLevel,
                        max_length=16,
                    ),
                ),
                (
                    "disputed_path",
                    PathField(
                        null=True, description="smallest area around every unit in dispute", max_length=160
                    ),
                ),
                ("escalation_level", fields.SmallIntField(default=0)),
                ("round", fields.SmallIntField(default=1)),
                ("reschedules", fields.SmallIntField(default=0)),
                ("extensions", fields.SmallIntField(default=0)),
                ("reworks", fields.SmallIntField(default=0)),
                ("no_shows", fields.SmallIntField(default=0)),
                ("failed_to_arrive", fields.BooleanField(default=False)),
                ("evaluation_defaulted", fields.BooleanField(default=False)),
                (
                    "reassigned_from",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="reassigned_from_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reassigned_to",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "result_outcome",
                    fields.CharEnumField(
                        null=True,
                        description="RESOLVED: RESOLVED\nPARTIAL: PARTIAL\nEXPLAINED: EXPLAINED\nUNRESOLVED: UNRESOLVED\nTRANSFERRED: TRANSFERRED",
                        enum_type=Outcome,
                        max_length=12,
                    ),
                ),
                ("result_text", fields.TextField(null=True, unique=False)),
                ("result_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "due_at",
                    fields.DatetimeField(
                        null=True,
                        description="of the clock that runs now",
                        auto_now=False,
                        auto_now_add=False,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=0)),
            ],
            options={
                "table": "task",
                "app": "models",
                "indexes": [
                    Index(fields=["summons_id"]),
                    Index(fields=["unit_id", "state", "due_at"]),
                    Index(fields=["responsible_id", "state"]),
                    Index(fields=["path", "state", "due_at"]),
                    Index(fields=["updated_at", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "`version` counts its events; `path` is the issuer's path; `territory` is the unit's (see Unit).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="attendances",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("round", fields.SmallIntField()),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attendances",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "rank",
                    fields.IntEnumField(
                        null=True,
                        description="SECTION: 1\nDEPUTY_HEAD: 2\nHEAD: 3",
                        enum_type=Rank,
                        generated=False,
                    ),
                ),
                ("planned_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("arrived_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "method",
                    fields.CharEnumField(
                        description="VILLAGE_CODE: VILLAGE_CODE\nVILLAGE_CONFIRM: VILLAGE_CONFIRM\nONE_SIDED: ONE_SIDED\nREMOTE: REMOTE",
                        enum_type=ArrivalMethod,
                        max_length=16,
                    ),
                ),
                ("late", fields.BooleanField(default=False)),
            ],
            options={
                "table": "attendance",
                "app": "models",
                "indexes": [Index(fields=["task_id", "arrived_at"])],
                "pk_attr": "id",
                "table_description": "Somebody of the unit came (报到), or settled the matter remotely with the village's consent.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Decline",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="declines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("summons_id", fields.CharField(db_index=True, max_length=26)),
                ("unit_id", fields.CharField(max_length=26)),
                (
                    "reason",
                    fields.CharEnumField(
                        description="NOT_OUR_DUTY: NOT_OUR_DUTY\nNO_AUTHORITY: NO_AUTHORITY\nDUPLICATE: DUPLICATE\nOTHER_LEVEL: OTHER_LEVEL\nOTHER: OTHER",
                        enum_type=DeclineReason,
                        max_length=16,
                    ),
                ),
                ("note", fields.TextField(unique=False)),
                (
                    "duty_item",
                    fields.ForeignKeyField(
                        "models.DutyItem",
                        source_field="duty_item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="declines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "suggested_unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="suggested_unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="suggested_in",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "declined_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="declined_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="declines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("declined_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "ruling",
                    fields.CharEnumField(
                        null=True,
                        description="OVERRULED: OVERRULED\nREASSIGNED: REASSIGNED\nRETURNED: RETURNED",
                        enum_type=Ruling,
                        max_length=12,
                    ),
                ),
                ("ground", fields.TextField(null=True, unique=False)),
                (
                    "ruled_level",
                    fields.CharEnumField(
                        null=True,
                        description="TOWN: TOWN\nDISTRICT_ORG: DISTRICT_ORG\nDISTRICT_LEADER: DISTRICT_LEADER",
                        enum_type=ArbitrationLevel,
                        max_length=16,
                    ),
                ),
                (
                    "ruled_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="ruled_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="rulings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("ruled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "decline",
                "app": "models",
                "indexes": [Index(fields=["task_id", "declined_at"])],
                "pk_attr": "id",
                "table_description": "A unit's objection (退约) with the duty item it cites and the unit it thinks is right; later, the ruling.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="evaluations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("summons_id", fields.CharField(db_index=True, max_length=26)),
                ("unit_id", fields.CharField(max_length=26)),
                ("path", PathField(description="the issuer's path", max_length=160)),
                ("round", fields.SmallIntField()),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="evaluations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("scores", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("total", fields.FloatField()),
                ("comment", fields.TextField(null=True, unique=False)),
                (
                    "submitted_by",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="submitted_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="evaluations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("submitted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "evaluation",
                "app": "models",
                "unique_together": (("task_id", "round", "area_id"),),
                "pk_attr": "id",
                "table_description": "One party's scores of a resolved task, 0–100 for each dimension of the template; `total` is weighted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Event",
            fields=[
                ("pos", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("id", fields.CharField(default=new_id, unique=True, max_length=26)),
                ("type", fields.CharField(max_length=40)),
                (
                    "aggregate",
                    fields.CharField(description="Summons, Task, Grant, Unit, Member …", max_length=16),
                ),
                ("aggregate_id", fields.CharField(max_length=30)),
                ("version", fields.IntField()),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="events",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("path", PathField(description="the area's path", max_length=160)),
                (
                    "summons",
                    fields.ForeignKeyField(
                        "models.Summons",
                        source_field="summons_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("unit_id", fields.CharField(null=True, max_length=26)),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="actor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="acts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("from_state", fields.CharField(null=True, max_length=24)),
                ("to_state", fields.CharField(null=True, max_length=24)),
                ("note", fields.TextField(null=True, unique=False)),
                ("payload", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "event",
                "app": "models",
                "unique_together": (("aggregate_id", "version"),),
                "indexes": [Index(fields=["path", "pos"]), Index(fields=["summons_id", "pos"])],
                "pk_attr": "pos",
                "table_description": "One thing that happened, written in the transaction that did it. `pos` grows in commit order.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Precedent",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        description="PARTY_BUILDING: PARTY_BUILDING\nLIVING_ENVIRONMENT: LIVING_ENVIRONMENT\nECONOMY: ECONOMY\nLAND_AND_CONSTRUCTION: LAND_AND_CONSTRUCTION\nLIVELIHOOD: LIVELIHOOD",
                        enum_type=SummonsCategory,
                        max_length=24,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="precedents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("responsible", fields.BooleanField(description="the ruling left the matter with the unit")),
                ("ground", fields.TextField(unique=False)),
                (
                    "decline",
                    fields.ForeignKeyField(
                        "models.Decline",
                        source_field="decline_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="precedents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "area",
                    fields.ForeignKeyField(
                        "models.Area",
                        source_field="area_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="precedents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("ruled_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "precedent",
                "app": "models",
                "indexes": [Index(fields=["category", "unit_id"])],
                "pk_attr": "id",
                "table_description": "What a ruling teaches: for this category, this unit is (or is not) the right one, and why.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="proposals",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="RESCHEDULE: RESCHEDULE\nREMOTE: REMOTE\nHOLD: HOLD\nEXTENSION: EXTENSION\nCO_UNIT: CO_UNIT",
                        enum_type=ProposalKind,
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=ProposalState.OPEN,
                        description="OPEN: OPEN\nAGREED: AGREED\nREFUSED: REFUSED\nLAPSED: LAPSED",
                        enum_type=ProposalState,
                        max_length=8,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("appointment_from", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("appointment_to", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("appointment_place", fields.CharField(null=True, max_length=200)),
                ("days", fields.SmallIntField(null=True)),
                ("resume_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Unit",
                        source_field="unit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="proposed_in",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "with_town",
                    fields.BooleanField(
                        default=False, description="the village kept silent, the town is asked now"
                    ),
                ),
                ("proposed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "proposal",
                "app": "models",
                "indexes": [Index(fields=["task_id", "kind", "state"])],
                "pk_attr": "id",
                "table_description": "Something a unit asks for. Which fields are set depends on the kind: a new time, days, a resume date, a unit.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SlaClock",
            fields=[
                (
                    "id",
                    fields.CharField(
                        primary_key=True, default=new_id, unique=True, db_index=True, max_length=26
                    ),
                ),
                (
                    "summons",
                    fields.ForeignKeyField(
                        "models.Summons",
                        source_field="summons_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="clocks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="clocks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="DRAFT_IDLE: DRAFT_IDLE\nREVIEW: REVIEW\nCOSIGN: COSIGN\nGATE: GATE\nRATIFY: RATIFY\nRETARGET: RETARGET\nFOLLOWUP: FOLLOWUP\nREOPEN_WINDOW: REOPEN_WINDOW\nACCEPT: ACCEPT\nASSIGN: ASSIGN\nARRIVE: ARRIVE\nRESOLVE: RESOLVE\nREWORK: REWORK\nEVALUATE: EVALUATE\nARBITRATE: ARBITRATE\nHOLD: HOLD\nRESCHEDULE_ANSWER: RESCHEDULE_ANSWER\nREMOTE_ANSWER: REMOTE_ANSWER\nHOLD_ANSWER: HOLD_ANSWER\nEXTENSION_ANSWER: EXTENSION_ANSWER\nCO_UNIT_ANSWER: CO_UNIT_ANSWER",
                        enum_type=ClockKind,
                        max_length=20,
                    ),
                ),
                (
                    "unit",
                    fields.CharEnumField(
                        description="working or wall time; says how a pause is made up",
                        enum_type=TimeUnit,
                        max_length=12,
                    ),
                ),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "next_at",
                    fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False),
                ),
                ("stage", fields.SmallIntField(default=0)),
                (
                    "remaining_s",
                    fields.FloatField(
                        null=True, description="seconds left when it was paused; null while it runs"
                    ),
                ),
                ("breached_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("stopped_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sla_clock",
                "app": "models",
                "indexes": [Index(fields=["summons_id", "stopped_at"])],
                "pk_attr": "id",
                "table_description": "A limit that runs, waits or has ended. `stage` counts what the timers did since it was due.",
            },
            bases=["Model"],
        ),
    ]

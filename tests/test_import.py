"""Importing areas, units and members from CSV: everything or nothing, and every fault named at once."""

import io
from datetime import date, timedelta

import pytest

from actions.areas import check_areas, import_areas
from actions.calendar_sheets import check_calendar, import_calendar
from actions.calendars import calendar_for
from actions.member_sheets import check_members, import_members
from actions.unit_sheets import check_units, import_units
from models import Area, CalendarDay, Event, Grant, Member, Post, Rank, Refusal, Task, Unit, clock

AREAS = """\
code,name,level,parent_code,kind
440606106004,天湖社区居委会,VILLAGE,440606106,
440606106004001,第一网格,GRID,440606106004,小网格
440606106004001002,第一网格二组,GRID,440606106004001,
440606106201,沙浦村委会,VILLAGE,440606106,
440606106203,天连,VILLAGE,440606106,
440606106002,均安,VILLAGE,440606106,
440606106500,均安农场,VILLAGE,440606106,
44,广东省,PROVINCE,,
4406,佛山市,CITY,44,
440606,顺德区,DISTRICT,4406,
440606106,均安镇,TOWN,440606,
440606001,大良街道办事处,TOWN,440606,
4419,东莞市,CITY,44,
441900003,东城街道,TOWN,4419,
"""
KINDS = {
    "440606106": "镇",
    "440606001": "街道",
    "440606106004": "社区",
    "440606106201": "村",
    "440606106203": "村",
    "440606106002": "社区",
    "440606106500": None,
    "440606106004001": "小网格",
    "440606": None,
}
MANY = 33_000
"""More than either database takes values in a statement."""
UNITS = """\
code,name,kind,level,parent_code,home_area,command_area,summonable
U-ZR-JA,均安管理所,STATIONED_AGENCY,TOWN,U-ZR,440606,440606106,是
U-ZR,区自然资源局,GOV_DEPARTMENT,DISTRICT,,440606,,
U-DW,天湖社区党委,VILLAGE_COMMITTEE,VILLAGE,,440606106004,,no
"""
MEMBERS = """\
login,name,unit_code,area,title,rank,roles
zr.head,陈一,U-ZR-JA,,所长,HEAD,unit_head@unit:U-ZR-JA
tianhu,梁二,,440606106004,书记,,village_secretary@area:440606106004| observer@area:440606
resident,何三,,440606106004,,,
"""

CALENDAR = """\
area,day,kind,name
440606106,2027-03-18,REST,龙舟赛
440606106,2027-03-20,WORK,
440606,2027-03-18,WORK,不放假
440606106004,2027-03-19,REST,北帝诞
"""


def table(text: str) -> io.StringIO:
    return io.StringIO(text)


@pytest.fixture
async def areas(db):
    await import_areas(table(AREAS))


@pytest.fixture
async def units(areas):
    await import_units(table(UNITS))


async def faults_of(importing) -> list[str]:
    """`line column REASON` of every fault, in the order told."""
    with pytest.raises(Refusal) as refused:
        await importing
    return [" ".join((*fault.path, fault.reason_code)) for fault in refused.value.parts]


async def test_areas_come_in_whatever_their_order(db):
    told = []
    imported = await import_areas(table(AREAS), lambda done, total: told.append((done, total)))
    assert (imported.rows, imported.new) == (14, 14)
    grid = await Area.get(code="440606106004001002")
    assert grid.path == "44.4406.440606.440606106.440606106004.440606106004001.440606106004001002."
    assert (grid.depth, grid.parent_id, grid.ancestor_codes[0]) == (7, "440606106004001", "44")
    assert (await Area.get(code="441900003")).path == "44.4419.441900003."
    assert told[-1] == (14, 14)


async def test_kinds_follow_from_names_and_codes_unless_the_file_says_them(areas):
    found = dict(await Area.filter(code__in=list(KINDS)).values_list("code", "kind"))
    assert found == KINDS


async def test_the_same_file_again_changes_nothing(areas):
    before = await Area.all().order_by("code").values()
    imported = await import_areas(table(AREAS))
    assert (imported.rows, imported.new) == (14, 0)
    assert await Area.all().order_by("code").values() == before


async def test_a_second_file_renames_and_adds(areas):
    more = "code,name,level,parent_code\n440606106,均安街道,TOWN,440606\n440606106205,鹤峰村委会,VILLAGE,440606106\n"
    imported = await import_areas(table(more))
    assert (imported.rows, imported.new) == (2, 1)
    town = await Area.get(code="440606106")
    assert (town.name, town.kind) == ("均安街道", "街道")
    assert (await Area.get(code="440606106205")).path.startswith(town.path)


BAD_AREAS = """\
code,name,level,parent_code
44,广东省,PROVINCE,
4406,,CITY,44
440606,顺德区,COUNTY,4406
4406061,均安镇,TOWN,44
44060610600400,第一网格,GRID,44
44000000000A,天湖,VILLAGE,44
440106,天河区,DISTRICT,
440107,荔湾区,DISTRICT,4401
510104,锦江区,DISTRICT,44
440108,海珠区,DISTRICT,44
440108,海珠区,DISTRICT,44
440109,{long},DISTRICT,44
440110,白\x00云区,DISTRICT,44
440111,番\u202e禺区,DISTRICT,44
440000000001001,网格,GRID,44
1,2
"""


async def test_every_fault_of_an_area_file_is_named_with_its_line(db):
    file = table(BAD_AREAS.format(long="长" * 81))
    assert await faults_of(import_areas(file)) == [
        "3 name EMPTY",
        "4 level LEVEL_UNKNOWN",
        "5 code CODE_MALFORMED",
        "6 code CODE_MALFORMED",
        "7 code CODE_MALFORMED",
        "8 parent_code PARENT_MISSING",
        "9 parent_code PARENT_UNKNOWN",
        "10 parent_code PARENT_WRONG",
        "12 code CODE_TWICE",
        "13 name TOO_LONG",
        "14 name NUL_CHARACTER",
        "15 name CONTROL_CHARACTER",
        "16 parent_code PARENT_WRONG",
        "17 CELL_COUNT",
    ]
    assert await Area.all().count() == 0


async def test_an_import_does_not_move_an_area(areas):
    moved = "code,name,level,parent_code\n440606106004,天湖,VILLAGE,440606\n"
    assert await faults_of(import_areas(table(moved))) == ["2 parent_code AREA_MOVED"]


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("", ["1 code COLUMN_MISSING", "1 name COLUMN_MISSING"]),
        ("code,name,level", ["1 parent_code COLUMN_MISSING"]),
        ("code,name,level,parent_code,size", ["1 size COLUMN_UNKNOWN"]),
        ("code,name,level,parent_code,name", ["1 name COLUMN_TWICE"]),
    ],
)
async def test_a_wrong_header_ends_the_reading(db, header, faults):
    found = await faults_of(import_areas(table(f"{header}\n44,广东省,PROVINCE,\n")))
    assert found[: len(faults)] == faults


async def test_what_is_not_text_is_a_fault(db, tmp_path):
    file = tmp_path / "areas.csv"
    file.write_bytes("code,name,level,parent_code\n44,广东省,PROVINCE,\n".encode("gb18030"))
    with file.open(encoding="utf-8") as opened:
        assert [fault.split()[-1] for fault in await faults_of(import_areas(opened))] == ["NOT_UTF8"]


@pytest.mark.parametrize(
    ("check", "text", "rows"),
    [
        (check_areas, AREAS, 14),
        (check_units, UNITS, 3),
        (check_members, MEMBERS, 3),
        (check_calendar, CALENDAR, 4),
    ],
)
async def test_a_dry_run_counts_and_writes_nothing(units, check, text, rows):
    before = await Event.all().count(), await Member.all().count()
    assert (await check(table(text))).rows == rows
    assert (await Event.all().count(), await Member.all().count()) == before


async def test_units_come_in_with_line_territory_and_event(units):
    bureau, agency = await Unit.get(code="U-ZR"), await Unit.get(code="U-ZR-JA")
    assert agency.line == f"{bureau.id}.{agency.id}."
    assert agency.territory == "44.4406.440606.440606106."
    assert bureau.territory == "44.4406.440606."
    assert not (await Unit.get(code="U-DW")).summonable
    told = await Event.filter(aggregate_id=agency.id)
    assert [(event.type, event.version, event.path) for event in told] == [
        ("unit.created", 1, agency.territory)
    ]


async def test_units_again_change_only_what_differs(units):
    assert (await import_units(table(UNITS))).new == 0
    await import_units(table(UNITS.replace("均安管理所", "均安所")))
    versions = dict(await Unit.all().values_list("code", "version"))
    assert versions == {"U-ZR-JA": 2, "U-ZR": 1, "U-DW": 1}


async def test_a_unit_that_moves_takes_the_roles_held_in_it_along(units):
    await import_members(table(MEMBERS))
    await import_units(table(UNITS.replace(",U-ZR,440606,440606106", ",U-DW,440606,")))
    agency = await Unit.get(code="U-ZR-JA")
    assert agency.line.startswith((await Unit.get(code="U-DW")).line)
    assert agency.territory == "44.4406.440606."
    assert (await Grant.get(unit_id=agency.id)).path == agency.line
    assert await Task.filter(unit_id=agency.id).count() == 0


async def test_every_fault_of_a_unit_file_is_named_with_its_line(areas):
    file = """\
code,name,kind,level,parent_code,home_area,command_area,summonable
A,甲,BUREAU,DISTRICT,,440606,,
B,乙,GOV_DEPARTMENT,COUNTY,,440606,,
C,,GOV_DEPARTMENT,DISTRICT,,449999,440000,perhaps
D,丁,GOV_DEPARTMENT,DISTRICT,X,440606,,
E,戊,GOV_DEPARTMENT,DISTRICT,F,440606,,
F,己,GOV_DEPARTMENT,DISTRICT,E,440606,,
A,甲,GOV_DEPARTMENT,DISTRICT,,440606,,
G,辛,GOV_DEPARTMENT,DISTRICT,D,440606,,
H,壬,GOV_DEPARTMENT,DISTRICT,E,440606,,
"""
    deep = "".join(f"D{n},丁,SOE,DISTRICT,{f'D{n - 1}' if n else ''},440606,,\n" for n in range(12))
    assert await faults_of(import_units(table(file + deep))) == [
        "2 kind KIND_UNKNOWN",
        "3 level LEVEL_UNKNOWN",
        "4 name EMPTY",
        "4 summonable YES_OR_NO",
        "4 home_area AREA_UNKNOWN",
        "4 command_area AREA_UNKNOWN",
        "5 parent_code PARENT_UNKNOWN",
        "6 parent_code PARENT_LOOP",
        "7 parent_code PARENT_LOOP",
        "8 code CODE_TWICE",
        "22 parent_code LINE_TOO_DEEP",
    ]
    assert await Unit.all().count() == 0


async def test_a_unit_does_not_come_to_stand_below_its_own_units(units):
    loop = UNITS.splitlines()[0] + "\nU-ZR,区自然资源局,GOV_DEPARTMENT,DISTRICT,U-ZR-JA,440606,,\n"
    assert await faults_of(import_units(table(loop))) == ["2 parent_code PARENT_LOOP"]


async def test_members_come_in_with_post_roles_and_events(units):
    assert (await import_members(table(MEMBERS))).new == 3
    head, secretary = await Member.get(login="zr.head"), await Member.get(login="tianhu")
    assert (head.area_id, head.official) == ("440606", True)
    assert (await Post.get(member_id=head.id)).rank == Rank.HEAD
    assert (await Post.get(member_id=secretary.id)).rank == Rank.SECTION
    roles = await Grant.filter(member_id=secretary.id).order_by("role").values_list("role", "level", "path")
    village = "44.4406.440606.440606106.440606106004."
    assert roles == [("observer", "DISTRICT", "44.4406.440606."), ("village_secretary", "VILLAGE", village)]
    assert not (await Member.get(login="resident")).official
    assert await Event.filter(type="member.created").count() == 3
    assert await Event.filter(type="grant.granted").count() == 3


async def test_members_again_change_only_what_differs_and_lose_no_role(units):
    await import_members(table(MEMBERS))
    events = await Event.all().count()
    assert (await import_members(table(MEMBERS))).new == 0
    assert await Event.all().count() == events
    await import_members(table(MEMBERS.replace("所长,HEAD,unit_head@unit:U-ZR-JA", "副所长,DEPUTY_HEAD,")))
    head = await Member.get(login="zr.head")
    posts = await Post.filter(member_id=head.id).order_by("id").values_list("title", "until")
    assert [(title, until is None) for title, until in posts] == [("所长", False), ("副所长", True)]
    assert await Grant.filter(member_id=head.id, until__isnull=True).count() == 1


async def test_every_fault_of_a_member_file_is_named_with_its_line(units):
    file = """\
login,name,unit_code,area,title,rank,roles
a b,甲,U-ZR,,,,
c,,U-ZR,,,BOSS,
d,丁,U-9,,,,
e,戊,,449999,,,
f,己,,,,,
g,庚,U-ZR,,,,unit_head
h,辛,U-ZR,,,,emperor@unit:U-ZR|unit_head@unit:U-9|unit_head@area:440606|member@area:440606
c,壬,U-ZR,,,,
"""
    assert await faults_of(import_members(table(file))) == [
        "2 login LOGIN_MALFORMED",
        "3 name EMPTY",
        "3 rank RANK_UNKNOWN",
        "4 unit_code UNIT_UNKNOWN",
        "5 area AREA_UNKNOWN",
        "6 unit_code UNIT_OR_AREA",
        "7 roles ROLE_MALFORMED",
        "8 roles ROLE_UNKNOWN",
        "8 roles UNIT_UNKNOWN",
        "8 roles ROLE_NOT_HELD_HERE",
        "8 roles ROLE_UNKNOWN",
        "9 login LOGIN_TWICE",
    ]
    assert await Member.all().count() == 0


async def test_client_systems_are_not_imported_as_people(units):
    await import_members(table(MEMBERS))
    await Member.filter(login="resident").update(service_since=clock.now())
    file = """\
login,name,unit_code,area,title,rank,roles
resident,何三,U-ZR,,科员,,
platform,平台,,440606,,,integration_client@area:440606
"""
    assert await faults_of(import_members(table(file))) == [
        "2 login LOGIN_OF_SERVICE",
        "3 roles ROLE_FOR_SERVICE_ONLY",
    ]
    assert (await Member.get(login="resident")).unit_id is None


async def test_a_failure_half_way_leaves_nothing_behind(units):
    def fail_at_the_end(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    for importing, text in [(import_areas, AREAS.replace("省", "")), (import_members, MEMBERS)]:
        with pytest.raises(KeyboardInterrupt):
            await importing(table(text), fail_at_the_end)
    assert (await Area.get(code="44")).name == "广东省"
    assert await Member.all().count() == 0


TOWN_PATH = "44.4406.440606.440606106."
VILLAGE_PATH = f"{TOWN_PATH}440606106004."


async def worked(path: str, *days: int) -> list[bool]:
    """On these days of March 2027, of which the 18th is a Thursday."""
    calendar = await calendar_for(path)
    return [calendar.is_workday(date(2027, 3, day)) for day in days]


async def test_days_come_in_and_each_area_tells_of_its_own(areas):
    assert await worked(VILLAGE_PATH, 18, 19, 20) == [True, True, False]
    imported = await import_calendar(table(CALENDAR))
    assert (imported.rows, imported.new) == (4, 4)
    assert await worked(VILLAGE_PATH, 18, 19, 20) == [False, False, True]
    assert await worked(TOWN_PATH, 18, 19, 20) == [False, True, True]
    told = await Event.filter(type="area.calendarSet").order_by("aggregate_id")
    assert [(one.aggregate_id, one.version, one.path) for one in told] == [
        ("440606", 1, "44.4406.440606."),
        ("440606106", 1, TOWN_PATH),
        ("440606106004", 1, VILLAGE_PATH),
    ]
    again = await import_calendar(
        table(CALENDAR.replace("440606106,2027-03-18,REST", "440606106,2027-03-18,WORK"))
    )
    assert (again.rows, again.new) == (4, 0)
    assert await worked(VILLAGE_PATH, 18, 19, 20) == [True, False, True]


async def test_days_of_the_whole_country_come_in(sqlite_db):
    """As the State Council announces them for a year that the program does not know yet."""
    year = "area,day,kind,name\n,2031-10-01,REST,国庆节\n,2031-10-11,WORK,调休\n"
    assert (await import_calendar(table(year))).new == 2
    calendar = await calendar_for("44.")
    assert not calendar.is_workday(date(2031, 10, 1)) and calendar.is_workday(date(2031, 10, 11))
    assert await Event.all().count() == 0


BAD_DAYS = """\
area,day,kind,name
999999,2027-03-18,REST,
440606,2027-02-30,REST,
440606,20270318,REST,
440606,1999-12-31,REST,
440606,2027-03-18,HALF,
440606,2027-03-19,REST,{long}
440606,2027-03-19,WORK,
440606,2027-03-19
"""


async def test_every_fault_of_a_calendar_file_is_named_with_its_line(areas):
    before = await CalendarDay.all().count()
    assert await faults_of(import_calendar(table(BAD_DAYS.format(long="长" * 41)))) == [
        "2 area AREA_UNKNOWN",
        "3 day DAY_MALFORMED",
        "4 day DAY_MALFORMED",
        "5 day DAY_OUT_OF_RANGE",
        "6 kind KIND_UNKNOWN",
        "7 name TOO_LONG",
        "8 day DAY_TWICE",
        "9 CELL_COUNT",
    ]
    assert await CalendarDay.all().count() == before


async def test_a_long_file_is_looked_up_in_parts(db: str) -> None:
    lines = [f"U{n},单位{n},GOV_DEPARTMENT,TOWN,,440606,,yes" for n in range(MANY)]
    with pytest.raises(Refusal) as refused:
        await check_units([UNITS.splitlines()[0], *lines])
    assert len(refused.value.parts) == MANY and refused.value.parts[0].reason_code == "AREA_UNKNOWN"
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(1_000)]
    country = [f",{day},REST," for day in days]
    many = [f"{n},{day},REST," for n in range(MANY // 1_000) for day in days]
    with pytest.raises(Refusal) as refused:
        await check_calendar([CALENDAR.splitlines()[0], *country, *many])
    assert len(refused.value.parts) == MANY

"""Exports by the API: what is in the files, for whom, how far they are, and how long their links are good."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from api import ask, do, why_not
from exporting import asked_for, book, cells, content, exported, fetching, objects, seen, worked_off
from matter import Matter
from plea import NEW
from world import Time, World, everything

from actions.export_links import LINKS
from actions.exporting import begin
from baodao.exports import Exporter
from baodao.sheets import Xlsx
from models import AuditEntry, Event, Export, ExportChunk, Grant, Member, clock

pytest_plugins = ["monday"]

DISTRICT, TOWN, TIANHU, WANAN = "440606", "440606106", "440606106004", "440606104219"
SUPERVISION, CADRE, COORDINATOR = "shunde.supervision", "tianhu.cadre", "junan.coordinator"
EMPTY = {"webhooks", "emergencyAccesses", "policyVersions", "orders", "flags", "scoreLocks", "followUps"}
EMPTY |= {"publications", "notices", "commitments", "inspections", "inspectionPlans"}
EMPTY |= {"pairings", "listItems", "claims"}
"""Ledgers without a row in the test of them all."""
FORMULA = '=HYPERLINK("http://evil.example","点此")'


@pytest.fixture
def exporter(tmp_path: Path) -> Exporter:
    folder = tmp_path / "exports"
    folder.mkdir()
    return Exporter(folder)


async def test_a_ledger_is_asked_for_written_and_fetched(world: World, exporter: Exporter) -> None:
    await Matter.issued(world, "zr", "zf")
    id = await asked_for(CADRE, "TASKS", TIANHU)
    waiting = await seen(CADRE, id)
    assert (waiting["ledger"], waiting["format"], waiting["state"]) == ("TASKS", "NDJSON", "QUEUED")
    assert (waiting["url"], waiting["rowsTotal"], waiting["expiresAt"]) == (None, None, None)
    await worked_off(exporter)
    done = await seen(CADRE, id)
    assert (done["state"], done["rowsDone"], done["failure"]) == ("DONE", 2, None)
    assert datetime.fromisoformat(done["expiresAt"]) == clock.now() + timedelta(days=1)
    rows = objects(await content(CADRE, id))
    assert {row["unit.name"] for row in rows} == {world.units[unit].name for unit in ("zr", "zf")}
    assert [row["state"] for row in rows] == ["PENDING", "PENDING"]
    assert rows[0]["lead"] is False and rows[0]["round"] == 1 and rows[0]["responsible.name"] is None
    told = await Event.filter(aggregate="Export").order_by("pos").values_list("type", "version", "actor_id")
    cadre = world.members[CADRE].id
    assert [tuple(one) for one in told] == [
        ("export.requested", 1, cadre),
        ("export.done", 2, None),
        ("export.downloaded", 3, None),
    ]
    assert list(exporter.folder.iterdir()) == []


async def test_the_file_holds_what_the_list_shows_its_reader(world: World, exporter: Exporter) -> None:
    """Two callers get different files of the same area where their lists differ."""
    await Matter.issued(world, "zr")
    await (await Matter.issued(world, "jt", by="wanan")).bring("ACCEPTED", "jt")
    await world.hold("zr.head", "district_supervision", area="440606104")
    for login, area in (
        (SUPERVISION, DISTRICT),
        (COORDINATOR, TOWN),
        (CADRE, TIANHU),
        ("longjiang.coordinator", "440606104"),
    ):
        rows = objects(await exported(login, exporter.folder, "SUMMONSES", area))
        listed = await ask(login, f'{{ summonses(area: "{area}") {{ edges {{ node {{ id number }} }} }} }}')
        expected = {edge["node"]["id"] for edge in listed["summonses"]["edges"]}
        assert {row["id"] for row in rows} == expected and len(rows) == len(expected)
        assert len(rows) == (2 if login == SUPERVISION else 1)


async def test_every_ledger_in_every_format(world: World, exporter: Exporter) -> None:
    """As many rows each, whatever the format, and as many as the list counts."""
    await (await Matter.issued(world, "zr", "zf")).bring("EVALUATED", "zr")
    reporter = {"name": "陈阿姨", "phone": "0757-22998877"}
    await do(CADRE, "createRequest", NEW | {"reporter": reporter})
    february = {"from": "2026-02-01", "to": "2026-02-28", "area": TIANHU, "metric": "CLOSING"}
    await do("shunde.org", "takeMetricSnapshot", february)
    await world.hold(SUPERVISION, "policy_admin", area=DISTRICT)
    await world.hold(SUPERVISION, "discipline_auditor", area=DISTRICT)
    from baodao.ledgers import table_of
    from schema.exports import NAMES

    for written, name in NAMES.items():
        rows = objects(await exported(SUPERVISION, exporter.folder, written, DISTRICT))
        table = table_of(name)
        headings = [column.heading for column in table.columns]
        listed = cells(await exported(SUPERVISION, exporter.folder, written, DISTRICT, "CSV"))
        sheet, about = book(
            await exported(SUPERVISION, exporter.folder, written, DISTRICT, "XLSX")
        ).worksheets
        assert listed[0] == headings == [cell.value for cell in sheet[1]]
        assert all(list(row) == [column.key for column in table.columns] for row in rows)
        grown = name in ("events", "auditEntries")  # exporting is told in the log
        assert (
            (len(listed) - 1 >= len(rows)) if grown else (len(listed) - 1 == len(rows) == sheet.max_row - 1)
        )
        assert (sheet.title, about.title, sheet.freeze_panes) == (table.ledger.title, "说明", "A2")
        assert (rows != []) == (name not in EMPTY), name
        assert not any(word in str((rows, listed)) for word in reporter.values()), name


async def test_texts_stay_texts_and_moments_are_moments(world: World, exporter: Exporter) -> None:
    await Matter.drafted(world, "zr", title=FORMULA, text="  +86 请回电")
    given = ("SUMMONSES", TIANHU)
    [row] = objects(await exported(CADRE, exporter.folder, *given))
    assert (row["title"], row["text"]) == (FORMULA, "  +86 请回电")
    assert row["updatedAt"] == "2026-03-02T01:00:00Z" and row["category"] == "LIVING_ENVIRONMENT"
    heading, line = cells(await exported(CADRE, exporter.folder, *given, "CSV"))
    told = dict(zip(heading, line, strict=True))
    assert (told["约请事项"], told["事项内容"]) == (f"'{FORMULA}", "'  +86 请回电")
    assert (told["最后更新"], told["类别"], told["状态"], told["轮次"]) == (
        "2026-03-02 09:00:00",
        "人居环境",
        "起草、退回补正",
        "1",
    )
    file = await exported(CADRE, exporter.folder, *given, "XLSX")
    sheet, about = book(file).worksheets
    cell = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (cell["约请事项"].value, cell["约请事项"].data_type) == (FORMULA, "s")
    assert (cell["最后更新"].value, cell["最后更新"].is_date) == (datetime(2026, 3, 2, 9), True)
    assert cell["最后更新"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert (cell["轮次"].value, cell["轮次"].data_type) == (1, "n")
    notes = {label.value: value.value for label, value in about.iter_rows()}
    assert notes["台账"] == "约请台账" and notes["区域"] == f"天湖社区({TIANHU})" and notes["行数"] == "1"
    assert notes["导出人"] == world.members[CADRE].name and notes["数据时间"] == "2026-03-02 09:00:00"


async def test_what_does_not_fit_on_a_sheet_goes_on_on_the_next(tmp_path: Path) -> None:
    from baodao.ledgers import table_of

    with (tmp_path / "book").open("w+b") as file:
        sheet = Xlsx(file, table_of("dutyItems"), tmp_path, most_rows=2)
        sheet.add([[f"{number}", "责任", None, "x" * 40_000] for number in range(5)])
        sheet.close({"台账": "责任清单"})
        file.seek(0)
        sheets = book(file.read()).worksheets
    assert [one.title for one in sheets] == ["责任清单", "责任清单 2", "责任清单 3", "说明"]
    assert [[row[0].value for row in one.iter_rows(min_row=2)] for one in sheets[:3]] == [
        ["0", "1"],
        ["2", "3"],
        ["4"],
    ]
    assert len(sheets[0]["D2"].value) == 32_767


async def test_conditions_narrow_as_they_do_the_list(world: World, exporter: Exporter) -> None:
    await Matter.drafted(world, "zr")
    await Matter.issued(world, "zr", "zf")
    narrowed = {"summonses": {"state": ["ISSUED"], "updatedSince": "2026-03-01T00:00:00Z"}}
    [row] = objects(await exported(CADRE, exporter.folder, "SUMMONSES", TIANHU, filter=narrowed))
    assert row["state"] == "ISSUED" and sorted(row["tasks.unit.name"]) == sorted(row["targets.name"])
    [task] = objects(
        await exported(CADRE, exporter.folder, "TASKS", TIANHU, filter={"tasks": world.ids({"unit": "zf"})})
    )
    assert task["unit.name"] == world.units["zf"].name
    towns = {"areas": {"level": "TOWN"}}
    rows = objects(await exported(SUPERVISION, exporter.folder, "AREAS", DISTRICT, filter=towns))
    assert [row["code"] for row in rows] == ["440606104", "440606106"]


REFUSED = [
    ("tianhu.secretary", {}, []),  # the secretary includes the cadre
    (CADRE, {"area": TOWN}, ["NotAllowed WRONG_PLACE"]),
    (CADRE, {"area": WANAN}, ["NotAllowed WRONG_PLACE"]),
    (CADRE, {"area": "99"}, ["NotFound NOT_FOUND area"]),
    (COORDINATOR, {"area": DISTRICT}, ["NotAllowed WRONG_PLACE"]),
    ("zr.head", {}, ["NotAllowed NO_RULE"]),
    ("shunde.auditor", {"area": DISTRICT}, ["NotAllowed NO_RULE"]),
    (CADRE, {"filter": {"tasks": {}}}, ["InvalidInput FILTER_OF_ANOTHER_LEDGER filter/tasks"]),
    (CADRE, {"filter": {"summonses": {"unit": "x"}}}, ["InvalidInput MALFORMED_ID filter/summonses/unit"]),
    (CADRE, {"filter": {"summonses": {"text": "长" * 201}}}, ["InvalidInput TOO_LONG filter/summonses/text"]),
    (
        CADRE,
        {"ledger": "EVENTS", "filter": {"events": {"types": ["x"]}}},
        ["InvalidInput EVENT_TYPE_UNKNOWN filter/events/types/0"],
    ),
    (CADRE, {"ledger": "NOTHING"}, ["GRAPHQL_VALIDATION_FAILED"]),
    (CADRE, {"format": "PDF"}, ["GRAPHQL_VALIDATION_FAILED"]),
    (CADRE, {"filter": {"summonses": {}, "tasks": {}}}, ["GRAPHQL_VALIDATION_FAILED"]),
]


@pytest.mark.parametrize(("login", "given", "problems"), REFUSED)
async def test_what_cannot_be_exported_is_refused_and_leaves_nothing(
    sqlite_world: World, login: str, given: dict[str, object], problems: list[str]
) -> None:
    before = await everything()
    asked = {"ledger": "SUMMONSES", "format": "CSV", "area": TIANHU} | given
    assert await why_not(login, "exportLedger", asked) == problems
    assert (await everything() == before) is bool(problems)


async def test_at_most_five_wait_at_a_time(sqlite_world: World, exporter: Exporter) -> None:
    given = {"ledger": "AREAS", "format": "CSV", "area": TIANHU}
    for _ in range(5):
        await do(CADRE, "exportLedger", given)
    assert await why_not(CADRE, "exportLedger", given) == ["InvalidInput TOO_MANY_EXPORTS"]
    await worked_off(exporter)
    assert await why_not(CADRE, "exportLedger", given) == []


async def test_only_who_asked_sees_an_export_and_its_link(world: World, exporter: Exporter) -> None:
    id = await asked_for(CADRE, "AREAS", TIANHU)
    await worked_off(exporter)
    for login in (SUPERVISION, "tianhu.secretary", "shunde.auditor"):
        assert await seen(login, id) is None
        assert (await ask(login, "{ exports { totalCount } }"))["exports"] == {"totalCount": 0}
        told = await ask(login, '{ events(types: ["export.done"]) { edges { node { type } } } }')
        assert told["events"]["edges"] == []
    mine = (await ask(CADRE, "{ exports { edges { node { id url } } } }"))["exports"]["edges"]
    assert [one["node"]["id"] for one in mine] == [id] and mine[0]["node"]["url"].startswith("/exports/")
    audited = await ask("shunde.auditor", "{ auditEntries { edges { node { event } } } }")
    assert {"export.requested", "export.done"} <= {
        one["node"]["event"] for one in audited["auditEntries"]["edges"]
    }


async def test_the_same_key_asks_once(sqlite_world: World) -> None:
    ids = {await asked_for(CADRE, "AREAS", TIANHU, idempotencyKey="one") for _ in range(2)}
    assert len(ids) == 1 == await Export.all().count()
    other = {"ledger": "UNITS", "format": "NDJSON", "area": TIANHU, "idempotencyKey": "one"}
    assert await why_not(CADRE, "exportLedger", other) == ["Conflict KEY_REUSED"]


async def test_the_link_tells_a_chinese_name_and_is_kept_by_nobody(
    sqlite_world: World, exporter: Exporter
) -> None:
    id = await asked_for(CADRE, "AREAS", TIANHU, "CSV")
    await worked_off(exporter)
    url = (await seen(CADRE, id))["url"]
    async with fetching() as client:
        answer = await client.get(url)
    told = answer.headers
    assert told["content-type"] == "text/csv; charset=utf-8"
    assert told["content-disposition"].startswith(
        f'attachment; filename="areas-{TIANHU}-2026-03-02.csv"; filename*=UTF-8'
    )
    assert "%E5%8C%BA%E5%9F%9F%E5%8F%B0%E8%B4%A6" in told["content-disposition"]
    assert (told["cache-control"], told["x-content-type-options"]) == ("no-store", "nosniff")
    token = url.rpartition("/")[2]
    assert len(token.partition("_")[2]) == 43 and token not in str(await everything())
    entries = await AuditEntry.filter(event="export.downloaded").values(
        "actor_id", "before", "after", "reason"
    )
    assert entries == [{"actor_id": None, "before": {}, "after": {}, "reason": None}]


async def test_a_link_that_never_was_leads_nowhere(sqlite_world: World, exporter: Exporter) -> None:
    id = await asked_for(CADRE, "AREAS", TIANHU)
    row = await Export.get()
    async with fetching() as client:
        assert (await client.get(f"/exports/{LINKS.token(row.id)}")).status_code == 404  # not yet
        await worked_off(exporter)
        url = (await seen(CADRE, id))["url"]
        end = "A" if url[-2] != "A" else "B"
        for bad in (
            f"{url[:-2]}{end}{url[-1]}",
            f"{url}A",
            url[:-1],
            "/exports/x",
            "/exports/é",
            f"/exports/{row.id}",
        ):
            assert (await client.get(bad)).status_code == 404
        assert (await client.head(url)).status_code == 405
        assert (await client.get(url)).status_code == 200


async def test_a_file_expires_with_its_link_and_leaves_no_orphan(
    world: World, time: Time, exporter: Exporter
) -> None:
    id = await asked_for(CADRE, "AREAS", TIANHU)
    await worked_off(exporter)
    url = (await seen(CADRE, id))["url"]
    async with fetching() as client:
        time.wait(timedelta(days=1, seconds=-1))
        assert (await client.get(url)).status_code == 200
        time.wait(timedelta(seconds=1))
        assert (await client.get(url)).status_code == 410  # before anybody cleans up
        assert (await seen(CADRE, id))["url"] is None
        assert await ExportChunk.all().count() == 1
        await exporter.look()
        assert (await client.get(url)).status_code == 410
    assert (await seen(CADRE, id))["state"] == "EXPIRED"
    assert await ExportChunk.all().count() == 0


async def test_a_right_that_ends_ends_the_export_and_its_link(world: World, exporter: Exporter) -> None:
    done, waiting = await asked_for(CADRE, "AREAS", TIANHU), ""
    await worked_off(exporter)
    url = (await seen(CADRE, done))["url"]
    waiting = await asked_for(CADRE, "AREAS", TIANHU)
    await Grant.filter(id=world.grants[CADRE].id).update(revoked_at=clock.now())
    await worked_off(exporter)
    failed = await seen(CADRE, waiting)
    assert (failed["state"], failed["failure"], failed["url"]) == ("FAILED", "NO_RULE", None)
    assert failed["reason"]
    async with fetching() as client:
        assert (await client.get(url)).status_code == 403
    await Member.filter(id=world.members[CADRE].id).update(disabled_at=clock.now())
    async with fetching() as client:
        assert (await client.get(url)).status_code == 403


async def test_a_link_ends_with_the_right_to_the_ledger(world: World, exporter: Exporter) -> None:
    """Though exporting is still allowed, and other ledgers can still be fetched."""
    lent = await world.hold(SUPERVISION, "policy_admin", area=DISTRICT)
    policies, areas = [
        await asked_for(SUPERVISION, ledger, DISTRICT) for ledger in ("POLICY_VERSIONS", "AREAS")
    ]
    await worked_off(exporter)
    urls = [(await seen(SUPERVISION, id))["url"] for id in (policies, areas)]
    async with fetching() as client:
        assert [(await client.get(url)).status_code for url in urls] == [200, 200]
        await Grant.filter(id=lent.id).update(revoked_at=clock.now())
        assert [(await client.get(url)).status_code for url in urls] == [403, 200]


async def test_a_file_is_withdrawn_by_its_owner_alone(world: World, exporter: Exporter) -> None:
    id = await asked_for(CADRE, "AREAS", TIANHU)
    assert await why_not(CADRE, "withdrawExport", {"export": id}) == ["WrongState WRONG_STATE"]
    await worked_off(exporter)
    url = (await seen(CADRE, id))["url"]
    assert await why_not(SUPERVISION, "withdrawExport", {"export": id}) == ["NotFound NOT_FOUND export"]
    given = {"export": id, "idempotencyKey": "away"}
    for _ in range(2):
        payload = await do(CADRE, "withdrawExport", given)
        assert (payload["problems"], payload["event"]["type"]) == ([], "export.withdrawn")
    async with fetching() as client:
        assert (await client.get(url)).status_code == 410
    told = await seen(CADRE, id)
    assert (told["state"], told["url"]) == ("EXPIRED", None)
    assert await ExportChunk.all().count() == 0
    assert await why_not(CADRE, "withdrawExport", {"export": id}) == ["WrongState WRONG_STATE"]


async def test_what_a_killed_process_left_is_begun_anew(world: World, exporter: Exporter) -> None:
    """Also while a piece of its file is stored already."""
    await Matter.issued(world, "zr")
    id = await asked_for(SUPERVISION, "SUMMONSES", DISTRICT)
    begun = await begin(await Export.get())
    assert begun is not None
    await ExportChunk.create(export_id=begun.id, attempt=begun.attempts, number=0, content=b"half of")
    assert (await seen(SUPERVISION, id))["state"] == "RUNNING"
    await worked_off(exporter)
    assert len(objects(await content(SUPERVISION, id))) == 1
    assert (await Export.get()).attempts == 2 and await ExportChunk.all().count() == 1


async def test_what_fails_three_times_is_given_up(
    world: World, exporter: Exporter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("baodao.exports.TRY_AGAIN_AFTER", 0)
    id = await asked_for(CADRE, "AREAS", TIANHU)
    await Export.all().update(asked={"level": "NOWHERE"})
    await worked_off(exporter)
    given_up = await seen(CADRE, id)
    assert (given_up["state"], given_up["failure"]) == ("FAILED", "EXPORT_GIVEN_UP")
    assert (await Export.get()).attempts == 3 and await ExportChunk.all().count() == 0
    assert sum("failed" in record.message for record in caplog.records) == 3


async def test_an_export_tells_how_far_it_is(
    world: World, exporter: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baodao.exports.NOTE_EVERY", -1)
    monkeypatch.setattr("baodao.ledgers.MOST_FIRST", 4)
    id = await asked_for(SUPERVISION, "AREAS", DISTRICT)
    noted: list[tuple[int, int | None]] = []

    async def look() -> None:
        row = await Export.get()
        noted.append((row.rows_done, row.rows_total))

    import baodao.exports

    breathing = baodao.exports._breathing
    monkeypatch.setattr(baodao.exports, "_breathing", lambda note: watched(breathing(note), look))
    await worked_off(exporter)
    assert noted == [(4, 8), (8, 8)]
    assert (await seen(SUPERVISION, id))["rowsDone"] == 8


def watched(tell, look):  # type: ignore[no-untyped-def]
    async def both(done: int, total: int | None) -> None:
        await tell(done, total)
        await look()

    return both

"""Requests that come from another system, in the shape of Open311 GeoReport v2."""

import io
from datetime import date
from functools import reduce
from typing import Any

import orjson
import pytest
from api import ask
from matter import EYE
from plea import CADRE, GRID, TIANHU
from world import World, everything

from actions.open311 import check_requests, import_requests
from models import Area, AuditEntry, Event, Refusal, Reporter

pytest_plugins = ["monday"]

OPEN = {
    "service_request_id": "638344",
    "status": "open",
    "status_notes": None,
    "service_name": "路灯",
    "service_code": "006",
    "description": "门口路灯不亮。",
    "jurisdiction_id": TIANHU,
    "requested_datetime": "2026-02-27T06:37:38-08:00",
    "updated_datetime": "2026-02-27T08:00:00-08:00",
    "address": "天湖街3号",
    "first_name": "阿姨",
    "last_name": "陈",
    "phone": "0757-22998877",
    "lat": 22.7,
    "media_url": "http://photos.example/1.jpg",
}
CLOSED = OPEN | {
    "service_request_id": "638349",
    "status": "closed",
    "status_notes": "已修好。",
    "first_name": "",
}
ANONYMOUS = {name: OPEN[name] for name in ("description", "requested_datetime", "status")}
ANONYMOUS |= {"service_request_id": "7", "jurisdiction_id": GRID}
LISTED = """{ requests(orderBy: CREATED_ASC) { edges { node {
    state channel text place createdAt result area { code } } } } }"""


def file(*rows: Any) -> io.StringIO:
    return io.StringIO(orjson.dumps(rows).decode())


async def faults_of(text: io.StringIO) -> list[str]:
    """`row field REASON` of every fault, in the order told."""
    with pytest.raises(Refusal) as refused:
        await import_requests(text)
    return [" ".join((*fault.path, fault.reason_code)) for fault in refused.value.parts]


async def test_service_requests_come_in_once(world: World) -> None:
    rows = OPEN, CLOSED, ANONYMOUS
    assert await check_requests(file(*rows)) == await check_requests(file(*rows))
    told: list[tuple[int, int]] = []
    imported = await import_requests(file(*rows), lambda done, total: told.append((done, total)))
    assert (imported.rows, imported.new, told) == (3, 3, [(1, 3), (2, 3), (3, 3)])
    seen = [edge["node"] for edge in (await ask(EYE, LISTED))["requests"]["edges"]]
    common = {"channel": "HOTLINE_12345", "text": "门口路灯不亮。", "createdAt": "2026-02-27T14:37:38Z"}
    assert sorted(seen, key=lambda one: str(one["state"]) + one["area"]["code"]) == [
        common | {"state": "DONE", "place": "天湖街3号", "result": "已修好。", "area": {"code": TIANHU}},
        common | {"state": "NEW", "place": "天湖街3号", "result": None, "area": {"code": TIANHU}},
        common | {"state": "NEW", "place": None, "result": None, "area": {"code": GRID}},
    ]
    assert await Reporter.all().order_by("name").values_list("name", flat=True) == ["陈", "陈 阿姨"]
    for row in [*await Event.all().values(), *await AuditEntry.all().values()]:
        assert "22998877" not in str(row)
    before = await everything()
    again = await import_requests(file(*rows))
    assert (again.rows, again.new) == (3, 0)
    assert await everything() == before


async def test_those_who_see_to_it_go_on_with_what_came_in(world: World) -> None:
    await import_requests(file(OPEN))
    (found,) = (
        await ask(CADRE, "{ requests { edges { node { id availableActions { action allowed } } } } }")
    )["requests"]["edges"]
    allowed = {one["action"] for one in found["node"]["availableActions"] if one["allowed"]}
    assert {"triage", "answer", "reject"} <= allowed


DEEP: Any = reduce(lambda inner, _: [inner], range(250), [])
FAULTY: list[tuple[Any, list[str]]] = [
    ("not a list", ["1 NOT_A_LIST"]),
    ([7], ["1 FORM_VALUE"]),
    ([{}], [f"1 {name} FORM_FIELD_MISSING" for name in ("description", "jurisdiction_id", "requested_datetime",
     "service_request_id", "status")]),
    ([OPEN | {"status": "lost"}], ["1 status FORM_VALUE"]),
    ([OPEN | {"requested_datetime": "yesterday"}], ["1 requested_datetime FORM_VALUE"]),
    ([OPEN | {"requested_datetime": "2026-13-40T00:00:00Z"}], ["1 requested_datetime FORM_VALUE"]),
    ([OPEN | {"phone": "call me"}], ["1 phone PHONE_MALFORMED"]),
    ([OPEN | {"description": "天\x00湖"}], ["1 description NUL_CHARACTER"]),
    ([OPEN, OPEN], ["2 service_request_id CODE_TWICE"]),
    ([OPEN | {"requested_datetime": "0001-01-01T00:00:00+14:00"}], ["1 requested_datetime FORM_VALUE"]),
    ([OPEN | {"requested_datetime": "9999-12-31T23:59:59-14:00"}], ["1 requested_datetime FORM_VALUE"]),
    ([OPEN | {"description": " \n", "service_request_id": " "}], ["1 description EMPTY", "1 service_request_id EMPTY"]),
    ([ANONYMOUS | {"description": DEEP}], ["1 description FORM_VALUE"]),
    ([DEEP], ["1 FORM_VALUE"]),
    ([OPEN | {"status": "lost"}, OPEN, OPEN, ANONYMOUS | {"jurisdiction_id": "999999999999"}],
     ["1 status FORM_VALUE", "3 service_request_id CODE_TWICE", "4 jurisdiction_id AREA_UNKNOWN"]),
    ([ANONYMOUS, OPEN | {"jurisdiction_id": "999999999999"}], ["2 jurisdiction_id AREA_UNKNOWN"]),
]  # fmt: skip


async def test_a_faulty_file_is_told_by_row_and_field_and_changes_nothing(sqlite_world: World) -> None:
    before = await everything()
    for rows, wanted in FAULTY:
        text = file(*rows) if isinstance(rows, list) else io.StringIO(rows)
        assert sorted(await faults_of(text)) == sorted(wanted)
    assert await everything() == before


async def test_nothing_comes_in_for_a_place_that_is_closed_but_what_came_in_before(world: World) -> None:
    await import_requests(file(OPEN))
    await Area.filter(code=TIANHU).update(valid_to=date(2026, 3, 1))
    assert await faults_of(file(OPEN, CLOSED)) == ["2 jurisdiction_id AREA_CLOSED"]
    assert (await import_requests(file(OPEN))).new == 0


async def test_a_file_of_any_length_is_looked_up(world: World) -> None:
    rows = [ANONYMOUS | {"service_request_id": str(number)} for number in range(33_000)]
    checked = await check_requests(file(*rows))
    assert (checked.rows, checked.new) == (33_000, 33_000)

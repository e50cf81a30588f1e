"""Requests from a file of another system, in the shape of Open311 GeoReport v2 (service requests as JSON)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from actions.characters import character_fault
from actions.consequences import settle
from actions.forms import Json, tell_errors
from actions.given import Given
from actions.record import Record, recording
from actions.request_case import RequestCase
from actions.requests import is_closed, next_request_number
from actions.sheets import Imported, Progress, batches, no_progress, refuse_in_line_order
from actions.texts import phone_fault
from actions.turn import Faults, Turn, take
from models import Area, AreaLevel, Channel, Reporter, Request
from models.workflow import MACHINES
from policies.actor import SYSTEM
from policies.scopes import whole

TEXT: Json = {"type": "string", "minLength": 1, "maxLength": 20_000}
SHORT: Json = {"type": "string", "maxLength": 200}
NAME: Json = {"type": ["string", "null"], "maxLength": 30}
MOMENT: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$"}
PROPERTIES: Json = {
    "service_request_id": {"type": "string", "minLength": 1, "maxLength": 80},
    "status": {"enum": ["open", "closed"]},
    "status_notes": {"type": ["string", "null"], "maxLength": 20_000},
    "description": TEXT,
    "jurisdiction_id": {"type": "string", "pattern": r"^[0-9]{12,30}$"},
    "requested_datetime": MOMENT,
    "address": {"type": ["string", "null"], "maxLength": 200},
    "first_name": NAME,
    "last_name": NAME,
    "phone": {"type": ["string", "null"], "maxLength": 32},
}
SERVICE_REQUEST: Json = {
    "type": "object",
    "properties": PROPERTIES,
    "required": ["service_request_id", "status", "description", "jurisdiction_id", "requested_datetime"],
}
"""Of a service request, what is taken over; `jurisdiction_id` is the code of a village or grid. More may be there."""
TOGETHER = 500
"""Ids that are looked up by one statement."""


@dataclass(slots=True)
class Plan:
    """The service requests by their ids here, with the number of the row of each, and what the database has of them."""

    rows: dict[str, Json] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    @property
    def new(self) -> dict[str, Json]:
        return {id: row for id, row in self.rows.items() if id not in self.known}

    @property
    def imported(self) -> Imported:
        return Imported(len(self.rows), len(self.new))


async def check_requests(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """What `import_requests` would do. Raises all faults of the file at once, by the number of the row, from 1."""
    return (await _checked(file)).imported


async def import_requests(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """Enter those that were not imported before; all of them or none. What is closed already is settled here too."""
    async with recording() as record:
        plan = await _checked(file)
        new = plan.new
        for done, (id, row) in enumerate(new.items(), start=1):
            await _enter(record, id, row, plan.areas[str(row["jurisdiction_id"])])
            progress(done, len(new))
    return plan.imported


async def _checked(file: Iterable[str]) -> Plan:
    faults, plan = Faults(), Plan()
    for number, row in enumerate(map(_taken_over, _read(faults, file)), start=1):
        before = len(faults)
        tell_errors(faults, SERVICE_REQUEST, row, str(number))
        if len(faults) > before or not isinstance(row, dict):
            continue
        _check_words(faults, row, str(number))
        id = f"{row['jurisdiction_id']}:{row['service_request_id']}"
        if id in plan.rows:
            faults.add("CODE_TWICE", str(number), "service_request_id")
            continue
        plan.rows[id], plan.numbers[id] = row, str(number)
    await _look_up(plan)
    _check_areas(faults, plan)
    refuse_in_line_order(faults)
    return plan


def _read(faults: Faults, file: Iterable[str]) -> list[object]:
    try:
        rows = orjson.loads("".join(file))
    except (orjson.JSONDecodeError, UnicodeError):
        rows = None
    if isinstance(rows, list):
        return rows
    faults.add("NOT_A_LIST", "1")
    return []


def _taken_over(row: object) -> object:
    """What is looked at; whatever is nested, to whatever depth, is nothing that could be taken over."""
    if not isinstance(row, dict):
        return [] if isinstance(row, list) else row
    found = {name: row[name] for name in PROPERTIES if name in row}
    return {name: [] if isinstance(value, dict | list) else value for name, value in found.items()}


def _check_words(faults: Faults, row: Json, number: str) -> None:
    """What a schema cannot tell."""
    for name in ("service_request_id", "description"):
        if not str(row[name]).strip():
            faults.add("EMPTY", number, name)
    for name, value in row.items():
        if isinstance(value, str) and (fault := character_fault(value)):
            faults.add(fault, number, name)
    if (phone := row.get("phone")) and (fault := phone_fault(str(phone))):
        faults.add(fault, number, "phone")
    try:
        _moment(row)
    except (ValueError, OverflowError):
        faults.add("FORM_VALUE", number, "requested_datetime")


async def _look_up(plan: Plan) -> None:
    for codes in batches({str(row["jurisdiction_id"]) for row in plan.rows.values()}, TOGETHER):
        places = whole(Area).filter(code__in=codes, level__in=[AreaLevel.VILLAGE, AreaLevel.GRID])
        plan.areas |= {area.code: area for area in await places}
    for ids in batches(plan.rows, TOGETHER):
        known = whole(Request).filter(external_id__in=ids)
        plan.known |= {str(id) for id in await known.values_list("external_id", flat=True)}


def _check_areas(faults: Faults, plan: Plan) -> None:
    """What came in while its place was there stays; nothing more comes in for a place that is closed."""
    for id, row in plan.rows.items():
        area = plan.areas.get(str(row["jurisdiction_id"]))
        if area is None:
            faults.add("AREA_UNKNOWN", plan.numbers[id], "jurisdiction_id")
        elif id not in plan.known and is_closed(area):
            faults.add("AREA_CLOSED", plan.numbers[id], "jurisdiction_id")


async def _enter(record: Record, id: str, row: Json, area: Area) -> None:
    request = Request(
        number=await next_request_number(area, record),
        external_id=id,
        area_id=area.code,
        path=area.path,
        channel=Channel.HOTLINE_12345,
        text=row["description"],
        place=row.get("address"),
        created_at=min(_moment(row), record.now),
        updated_at=record.now,
    )
    await request.save(force_create=True)
    case = RequestCase(request, await _reporters(record, request, row), [], [])
    await _step(record, case, "create")
    if row["status"] == "closed":
        await _step(record, case, "answer", str(row.get("status_notes") or row["description"]))
    await case.save(record)


async def _step(record: Record, case: RequestCase, action: str, text: str | None = None) -> None:
    step = MACHINES["request"][action]
    turn = Turn(case, SYSTEM, record.now, step, None, Given(text=text), record)
    await take(turn)
    await settle(turn)


def _moment(row: Json) -> datetime:
    return datetime.fromisoformat(str(row["requested_datetime"])).astimezone(UTC)


async def _reporters(record: Record, request: Request, row: Json) -> list[Reporter]:
    name = " ".join(str(row[part]) for part in ("last_name", "first_name") if row.get(part))
    if not name and not row.get("phone"):
        return []
    reporter = Reporter(request_id=request.id, origin_id=request.id, created_at=record.now)
    reporter.name, reporter.phone = name or None, str(row["phone"]) if row.get("phone") else None
    await reporter.save(force_create=True)
    return [reporter]

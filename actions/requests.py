"""A request from its first word to its end: created, triaged, answered, transferred, rejected, withdrawn, reopened."""

from datetime import timedelta

from actions import limits
from actions.checks import NOTE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, check_text, check_words, find_unit
from actions.collected import check_visit
from actions.given import Given, Person
from actions.numbers import next_number
from actions.once import Done, once
from actions.record import Record
from actions.request_case import BY_REPORTER, VILLAGE_DIGITS, RequestCase
from actions.sorting import Sorting, check_sorting, read_sorting
from actions.summons import may_have_note, needs_reason
from actions.texts import name_fault, phone_fault
from actions.turn import Faults, Need, Registers, Turn, View, take
from models import Area, AreaLevel, MatterClass, Outcome, Reporter, Request, clock
from models import ClockKind as C
from models.workflow import MACHINES
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import readable

RequestTurn = Turn[RequestCase]
RequestView = View[RequestCase]
RequestNeed = Need[RequestCase]

LONGEST_PROMISE = timedelta(days=90)
LONGEST_NAME = 64
TOP = 2
"""How far it is told when a request is left lying: the village's secretary, the town."""

request_step = Registers[RequestCase]("request")

CLASS_KNOWN = RequestNeed("CLASS_MISSING", lambda view: view.case.request.matter_class is not None)
IS_PUBLIC = RequestNeed("NOT_PUBLIC", lambda view: view.case.request.matter_class == MatterClass.PUBLIC)
WINDOW_OPEN = RequestNeed("REOPEN_WINDOW_OVER", lambda view: view.case.runs(C.REQUEST_WINDOW, view.now))
ONLY_REPORTER = RequestNeed("OTHERS_REPORTED_TOO", lambda view: len(view.case.reporters) == 1)
NOTHING_PROMISED = RequestNeed("PROMISED", lambda view: view.case.request.promised_for is None)


async def create_request(actor: Actor, given: Given) -> Done:
    """A new request from `given.area`, a village or a grid. Raises NotAllowed, or every fault of the input at once.

    Who reports it is the caller, unless somebody else is told or nobody (`anonymous`).
    """

    async def work(record: Record) -> Done:
        area, sorting = await _area(record, actor, given)
        turn = await _turn(record, actor, given, area)
        sorting.apply(turn.case.request)
        event = await take(turn)
        await turn.case.save(record)
        return Done("Request", turn.case.request.id, event.id)

    return await once(actor, given.key, ("createRequest", given), work)


async def _area(record: Record, actor: Actor, given: Given) -> tuple[Area, Sorting]:
    """The area, with everything else in the input checked too."""
    faults = Faults()
    area = await readable(Area, actor).get_or_none(code=given.area)
    if area is None:
        faults.missing("Area", "area")
    elif _takes_requests(faults, area):
        record.require(actor, "request", "create", Facts(area_path=area.path))
    check_text(faults, given.text, "text", TEXT_LENGTH)
    check_words(faults, given.place, "place", TITLE_LENGTH)
    _check_reporter(faults, given)
    sorting = await check_sorting(actor, faults, given, area.path if area else "")
    await check_visit(actor, faults, given, area.path if area else "")
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    return area, sorting


def _takes_requests(faults: Faults, area: Area) -> bool:
    if area.level not in (AreaLevel.VILLAGE, AreaLevel.GRID):
        faults.add("REQUEST_LEVEL", "area")
    elif is_closed(area):
        faults.add("AREA_CLOSED", "area")
    return not faults


def is_closed(area: Area) -> bool:
    return area.valid_to is not None and area.valid_to < clock.local_date(clock.now())


def _check_reporter(faults: Faults, given: Given) -> None:
    person = given.reporter
    if person is None:
        return
    if given.anonymous or not (person.name or person.phone):
        faults.add("REPORTER_UNCLEAR", "reporter")
    if person.name is not None and (fault := name_fault(person.name, LONGEST_NAME)):
        faults.add(fault, "reporter", "name")
    if person.phone is not None and (fault := phone_fault(person.phone)):
        faults.add(fault, "reporter", "phone")


async def _turn(record: Record, actor: Actor, given: Given, area: Area) -> RequestTurn:
    person = given.reporter or Person()
    member_id = None if given.anonymous or given.reporter else actor.id
    request = Request(
        number=await next_request_number(area, record),
        area_id=area.code,
        path=area.path,
        channel=given.channel,
        matter_class=given.matter_class,
        text=given.text,
        place=given.place,
        reporter_id=member_id,
        inspection_id=given.inspection,
        created_by_id=actor.id,
        created_at=record.now,
        updated_at=record.now,
    )
    await request.save(force_create=True)
    case = RequestCase(request, [], [], [])
    if not given.anonymous:
        case.reporters.append(
            await Reporter.create(
                request_id=request.id,
                origin_id=request.id,
                member_id=member_id,
                name=person.name,
                phone=person.phone,
                created_at=record.now,
            )
        )
    return Turn(case, actor, record.now, MACHINES["request"]["create"], None, given, record)


async def next_request_number(area: Area, record: Record) -> str:
    """R, the village's code, the year, and a running number, e.g. R440606106004-2022-0013."""
    village = next(code for code in (*area.ancestor_codes, area.code) if len(code) == VILLAGE_DIGITS)
    id = f"R{village}-{clock.local_date(record.now).year}"
    return await next_number(id)


@request_step("create")
async def create(turn: RequestTurn) -> None:
    """Who wants to be nobody is no more told than one of its reporters."""
    if turn.given.anonymous:
        turn.event.payload[BY_REPORTER] = True
    await limits.start(turn, C.TRIAGE)
    if turn.given.inspection is not None:
        turn.event.payload["inspection"] = turn.given.inspection


async def _check_edit(turn: RequestTurn, faults: Faults) -> None:
    if turn.given.text is not None:
        check_text(faults, turn.given.text, "text", TEXT_LENGTH)
    check_words(faults, turn.given.place, "place", TITLE_LENGTH)
    await check_sorting(turn.actor, faults, turn.given, turn.case.request.path)


@request_step("edit", check=_check_edit)
async def edit(turn: RequestTurn) -> None:
    """Only what is given changes; another category takes its own form with it."""
    (await read_sorting(turn)).apply(turn.case.request)
    given, request = turn.given, turn.case.request
    request.text = given.text or request.text
    request.place = given.place or request.place
    request.matter_class = given.matter_class or request.matter_class


async def _check_triage(turn: RequestTurn, faults: Faults) -> None:
    await may_have_note(turn, faults)
    await check_sorting(turn.actor, faults, turn.given, turn.case.request.path)


@request_step("triage", check=_check_triage)
async def triage(turn: RequestTurn) -> None:
    (await read_sorting(turn)).apply(turn.case.request)
    assert turn.given.matter_class is not None, "the schema demands it"
    turn.case.request.matter_class = turn.given.matter_class
    await let_run(turn, C.ANSWER)


async def let_run(turn: RequestTurn, kind: C, limit: limits.At | None = None) -> None:
    """The only clock that runs on the request from now on; nobody has heard of a delay yet."""
    turn.case.request.escalation_level = 0
    await limits.stop(turn)
    await limits.start(turn, kind, limit=limit)


async def _check_answer(turn: RequestTurn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "text", TEXT_LENGTH)
    done_by = turn.given.done_by
    if done_by is not None and done_by <= turn.now:
        faults.add("PROMISE_IN_PAST", "doneBy")
    elif done_by is not None and done_by > turn.now + LONGEST_PROMISE:
        faults.add("PROMISE_TOO_LONG", "doneBy")


@request_step("answer", check=_check_answer)
async def answer(turn: RequestTurn) -> None:
    """On the spot (现场答复): with a limit by which it will be done, or it is done with the answer."""
    request = turn.case.request
    request.answer, request.promised_for = turn.given.text, turn.given.done_by
    if request.promised_for is not None:
        await let_run(turn, C.ANSWER, limits.At(request.promised_for))


@request_step("answeredForGood", needs=[NOTHING_PROMISED])
async def answered_for_good(turn: RequestTurn) -> None:
    await settle_request(turn, Outcome.RESOLVED, turn.case.request.answer or "")


async def _check_result(turn: RequestTurn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "text", TEXT_LENGTH)


@request_step("complete", check=_check_result)
async def complete(turn: RequestTurn) -> None:
    assert turn.given.outcome is not None, "the schema demands it"
    await settle_request(turn, turn.given.outcome, turn.given.text or "")


async def settle_request(turn: RequestTurn, outcome: Outcome, result: str) -> None:
    """Say what came of it. Reporters who can sign in are told by that; the village informs the others (回音)."""
    request = turn.case.request
    request.outcome, request.result, request.done_at = outcome, result, turn.now
    await let_run(turn, C.FEEDBACK)
    await _tell_members(turn)


async def _tell_members(turn: RequestTurn) -> None:
    for reporter in turn.case.reporters:
        if reporter.member_id is not None:
            reporter.informed_at = turn.now
            await reporter.save(update_fields=["informed_at"])


async def _check_transfer(turn: RequestTurn, faults: Faults) -> None:
    check_text(faults, turn.given.reason, "reason", NOTE_LENGTH)
    await find_unit(turn.actor, faults, turn.given.unit)


@request_step("transfer", needs=[CLASS_KNOWN, IS_PUBLIC], check=_check_transfer)
async def transfer(turn: RequestTurn) -> None:
    """Another unit sees to it; the village still owes its reporters an answer."""
    turn.case.request.transferred_to_id = turn.event.payload["unit"] = turn.given.unit
    await let_run(turn, C.ANSWER)


@request_step("reject", check=needs_reason)
async def reject(turn: RequestTurn) -> None:
    turn.case.request.rejection = turn.given.reason
    turn.case.request.closed_at = turn.now
    await let_run(turn, C.REQUEST_WINDOW)
    await _tell_members(turn)


@request_step("withdraw", needs=[ONLY_REPORTER], check=may_have_note)
async def withdraw(turn: RequestTurn) -> None:
    turn.case.request.withdrawn = True
    await close_request(turn)


async def close_request(turn: RequestTurn) -> None:
    turn.case.request.closed_at = turn.now
    await let_run(turn, C.REQUEST_WINDOW)


@request_step("reopen", needs=[WINDOW_OPEN], check=needs_reason)
async def reopen(turn: RequestTurn) -> None:
    await begin_round(turn)


async def begin_round(turn: RequestTurn) -> None:
    """The village looks at it anew."""
    request = turn.case.request
    request.round += 1
    request.closed_at, request.withdrawn = None, False
    request.promised_for = request.rejection = request.transferred_to_id = None
    await let_run(turn, C.TRIAGE)


async def to_triage(turn: RequestTurn) -> None:
    """The way that was chosen led nowhere."""
    await let_run(turn, C.TRIAGE)


@request_step("escalate")
async def escalate(turn: RequestTurn) -> None:
    """One level higher hears of it. Whose request it is does not change."""
    request = turn.case.request
    request.escalation_level = min(request.escalation_level + 1, TOP)
    turn.event.payload["level"] = request.escalation_level

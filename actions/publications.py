"""Publications (晒单): drafted of a month that is over, shown for objections, published, and corrected openly."""

from datetime import date

from actions import limits
from actions.checks import TEXT_LENGTH, check_text
from actions.given import Given
from actions.notices import tell_of_the_last
from actions.once import Done, once
from actions.publication_case import PublicationCase
from actions.published_content import Content, content_of, month_published, published_content
from actions.record import Record
from actions.snapshots import check_over
from actions.standings import honour_stars
from actions.summons import may_have_note, needs_reason
from actions.turn import Faults, Need, Registers, Turn, also, take
from models import Area, Objection, ObjectionState, Publication
from models import ClockKind as C
from models.periods import Period, month_of
from models.workflow import MACHINES
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import readable, whole

PublicationTurn = Turn[PublicationCase]
PublicationNeed = Need[PublicationCase]

publication_step = Registers[PublicationCase]("publication")

WINDOW_OPEN = PublicationNeed("OBJECTION_WINDOW_OVER", lambda view: view.case.runs(C.OBJECTION, view.now))
WINDOW_OVER = PublicationNeed("OBJECTION_WINDOW_OPEN", lambda view: not view.case.runs(C.OBJECTION, view.now))
ALL_ANSWERED = PublicationNeed("OBJECTIONS_UNANSWERED", lambda view: not view.case.open_objections)
NONE_UPHELD = PublicationNeed("OBJECTION_UPHELD", lambda view: not view.case.upheld_objections)
MINE_ANSWERED = PublicationNeed(
    "ALREADY_OBJECTED",
    lambda view: not any(view.actor.is_(one.member_id) for one in view.case.open_objections),
)


async def draft_publication(actor: Actor, given: Given) -> Done:
    """Of `given.month` (any day of it) of `given.area`. Raises NotAllowed, or what is wrong with the month.

    A month has one publication; what is wrong with it once it is published is corrected in another edition.
    """

    async def work(record: Record) -> Done:
        area, month = await _checked(record, actor, given)
        content = await content_of(record, actor, area, month)
        turn = _turn(record, actor, given, await _new(record, actor, area, month.first, content))
        event = await take(turn)
        await turn.case.save(record)
        return Done("Publication", turn.case.publication.id, event.id)

    return await once(actor, given.key, ("draftPublication", given), work)


async def _checked(record: Record, actor: Actor, given: Given) -> tuple[Area, Period]:
    """The area under a lock, so that of two who draft its month one sees the other's."""
    faults = Faults()
    assert given.month is not None, "the schema demands it"
    month = month_of(given.month)
    area = await readable(Area, actor).get_or_none(code=given.area)
    if area is None:
        faults.missing("Area", "area")
    else:
        record.require(actor, "publication", "publish", Facts(area_path=area.path))
        await whole(Area).filter(code=area.code).select_for_update(no_key=True)
        if await whole(Publication).filter(area_id=area.code, month=month.first).exists():
            faults.add("MONTH_TAKEN", "month")
    check_over(faults, month, record.now, "month")
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    return area, month


async def _new(record: Record, actor: Actor, area: Area, month: date, content: Content) -> Publication:
    publication = Publication(
        area_id=area.code,
        path=area.path,
        month=month,
        created_by_id=actor.id,
        created_at=record.now,
        updated_at=record.now,
    )
    _fill(publication, content)
    await publication.save(force_create=True)
    await content.write_ranking(publication)
    return publication


def _fill(publication: Publication, content: Content) -> None:
    """InvalidInput EMPTY_MONTH when there is nothing to show."""
    faults = Faults()
    if content.is_empty:
        faults.add("EMPTY_MONTH", "month")
    faults.refuse()
    content.put_into(publication)


def _turn(record: Record, actor: Actor, given: Given, publication: Publication) -> PublicationTurn:
    case = PublicationCase(publication, [], [])
    return Turn(case, actor, record.now, MACHINES["publication"]["create"], None, given, record)


@publication_step("create")
async def create(turn: PublicationTurn) -> None:
    """What it shows was put into it before."""


@publication_step("redraft", check=needs_reason)
async def redraft(turn: PublicationTurn) -> None:
    """Counted again: what was mended since shows, and objections that were upheld are dealt with."""
    publication = turn.case.publication
    content = await _recounted(turn)
    _fill(publication, content)
    await content.write_ranking(publication)
    publication.round += 1
    await limits.stop(turn)


async def _recounted(turn: PublicationTurn) -> Content:
    publication = turn.case.publication
    area = await whole(Area).get(code=publication.area_id)
    return await content_of(turn.record, turn.actor, area, month_published(publication))


@publication_step("invite", check=may_have_note)
async def invite(turn: PublicationTurn) -> None:
    await limits.start(turn, C.OBJECTION)


async def _check_objection(turn: PublicationTurn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "text", TEXT_LENGTH)


@publication_step("object", needs=[WINDOW_OPEN, MINE_ANSWERED], check=_check_objection)
async def object_to(turn: PublicationTurn) -> None:
    publication = turn.case.publication
    objection = await Objection.create(
        publication_id=publication.id,
        path=publication.path,
        number=len(turn.case.objections) + 1,
        round=publication.round,
        member_id=turn.actor.id,
        text=turn.given.text,
        made_at=turn.now,
    )
    turn.case.objections.append(objection)
    turn.event.payload["objection"] = objection.number


async def _check_answer(turn: PublicationTurn, faults: Faults) -> None:
    objection = turn.case.objection(turn.given.objection_number)
    if objection is None:
        faults.missing("Objection", "objectionNumber")
    elif objection.state != ObjectionState.OPEN:
        faults.add("OBJECTION_ANSWERED", "objectionNumber")
    check_text(faults, turn.given.text, "text", TEXT_LENGTH)


@publication_step("answerObjection", check=_check_answer)
async def answer_objection(turn: PublicationTurn) -> None:
    objection = turn.case.objection(turn.given.objection_number)
    assert objection is not None, "checked"
    objection.answer, objection.answered_at = turn.given.text, turn.now
    objection.state = ObjectionState.UPHELD if turn.given.upheld else ObjectionState.REJECTED
    if turn.given.upheld:
        objection.round = turn.case.publication.round
    await objection.save()
    turn.event.payload |= {"objection": objection.number, "upheld": turn.given.upheld}


@publication_step("publish", needs=[WINDOW_OVER, ALL_ANSWERED, NONE_UPHELD], check=may_have_note)
async def publish(turn: PublicationTurn) -> None:
    await _make_public(turn, turn.case.publication)


@publication_step("publishUnopposed", needs=[WINDOW_OVER, ALL_ANSWERED, NONE_UPHELD])
async def publish_unopposed(turn: PublicationTurn) -> None:
    """When the time is over, or at once when the last objection is answered after it."""
    await _make_public(turn, turn.case.publication)


@publication_step("escalate")
async def escalate(turn: PublicationTurn) -> None:
    """Objections still hold it up: the area above is told, if there is one."""
    *_, above, _ = [None, *turn.case.publication.path.split(".")[:-1]]
    if area := await whole(Area).get_or_none(code=above):
        turn.event.area_id, turn.event.path = area.code, area.path


async def _make_public(turn: PublicationTurn, publication: Publication) -> None:
    publication.published, publication.published_at = True, turn.now
    await limits.stop(turn)
    turn.event.payload["stars"] = await honour_stars(publication, month_published(publication))
    await tell_of_the_last(turn.record, turn.actor, publication)


@publication_step("correct", check=needs_reason)
async def correct(turn: PublicationTurn) -> None:
    """The old edition stays as it was; another one with what is counted now is published in its place at once."""
    old = turn.case.publication
    content = await _recounted(turn)
    _check_difference(await published_content(old), content)
    old.corrected_at = turn.now
    area = await whole(Area).get(code=old.area_id)
    edition = await _next_edition(turn, area, content)
    turn.event.payload["edition"] = edition.id
    await also(turn, "publishAnew", edition)


def _check_difference(before: Content, now: Content) -> None:
    faults = Faults()
    if before.told() == now.told():
        faults.add("NOTHING_TO_CORRECT", "publication")
    faults.refuse()


async def _next_edition(turn: PublicationTurn, area: Area, content: Content) -> Publication:
    old = turn.case.publication
    edition = Publication(
        area_id=area.code,
        path=area.path,
        month=old.month,
        edition=old.edition + 1,
        corrects_id=old.id,
        cause=turn.given.cause,
        reason=turn.given.reason,
        created_by_id=turn.actor.id,
        created_at=turn.now,
        updated_at=turn.now,
    )
    _fill(edition, content)
    await edition.save(force_create=True)
    await content.write_ranking(edition)
    turn.case.add_edition(edition)
    return edition


@publication_step("publishAnew")
async def publish_anew(turn: PublicationTurn) -> None:
    assert isinstance(turn.about, Publication), "an edition"
    await _make_public(turn, turn.about)

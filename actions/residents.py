"""Residents' ratings (群众评价): the village makes a link, whoever has it rates the unit's result once."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions.case import Case
from actions.cases import load_case_of
from actions.checks import check_words
from actions.once import Done, once
from actions.record import Record, recording
from actions.scores import is_locked, keep_score
from actions.turn import Faults
from models import Event, InvalidInput, NotFound, Party, ResidentLink, Task, WrongState
from models.evaluation_workflow import SCORED_IN
from policies.actor import Actor
from policies.scopes import sees

ASK = ("evaluation", "submit")
MOST_LINKS = 20
"""Of one result of a task, used ones among them."""
LONGEST_DAYS = 30


@dataclass(frozen=True, slots=True)
class NewLink:
    """For which task, and for how many days it can be used."""

    task: str
    days: int = 14
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """`secret` is the token; None when the answer is given again: it is shown once."""

    done: Done
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rating:
    """What the holder of a token says: 0 to 100, and perhaps some words."""

    token: str = field(repr=False)
    score: int = 0
    comment: str | None = None


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def ask_resident(actor: Actor, new: NewLink) -> Linked:
    """A link for one resident; needs the right to score the task for an issuing area.

    Refused where the template has no part for residents, and beyond MOST_LINKS.
    """
    token = secrets.token_urlsafe(32)

    async def work(record: Record) -> Done:
        case = await load_case_of(new.task)
        task = case.task(new.task) if case else None
        if case is None or task is None or not await sees(actor, task):
            raise NotFound("Task", "task")
        await case.read(["evaluations", "lines", "scores"])
        record.require(actor, *ASK, case.facts(task))
        await _check_asking(case, task, new)
        until = record.now + timedelta(days=new.days)
        event = record.tell(task, _event(case, task, "task.resident_asked", record.now, actor))
        event.payload["until"] = until.isoformat()
        await ResidentLink.create(
            task_id=task.id,
            round=task.round,
            hash=hashed(token),
            made_by_id=actor.id,
            made_at=record.now,
            until=until,
        )
        await case.save(record)
        return Done("Task", task.id, event.id)

    done = await once(actor, new.key, ("askResident", new), work)
    return Linked(done, None if done.again else token)


async def _check_asking(case: Case, task: Task, new: NewLink) -> None:
    if task.state not in SCORED_IN:
        raise WrongState("askResident", task.state)
    if Party.RESIDENT not in case.template(task).shares:
        raise WrongState("askResident", task.state, "PARTY_NOT_WEIGHED")
    if is_locked(case, task):
        raise WrongState("askResident", task.state, "SCORES_LOCKED")
    links = ResidentLink.filter(task_id=task.id, round=task.round, voided_at=None)
    if await links.count() >= MOST_LINKS:
        raise WrongState("askResident", task.state, "LINKS_LIMIT")
    if not 1 <= new.days <= LONGEST_DAYS:
        raise InvalidInput("LINK_DAYS", "days")


async def rate_by_link(rating: Rating) -> None:
    """Enter the rating, once. Raises NotFound for a token that never was, InvalidInput for one that no longer counts.

    Nobody is signed in, so the token alone is the right; nothing about the task is told.
    """
    async with recording() as record:
        case = await _case_of(rating.token)
        link = await ResidentLink.get_or_none(hash=hashed(rating.token))  # again, behind the case's lock
        task = case.task(link.task_id) if case and link else None
        if case is None or link is None or task is None:
            raise NotFound("ResidentLink", "token")
        await case.read(["evaluations", "lines", "scores"])
        _check_link(link, task, record.now)
        if is_locked(case, task):
            raise InvalidInput("LINK_EXPIRED", "token")
        _check_rating(rating)
        link.score, link.comment, link.rated_at = rating.score, rating.comment, record.now
        await link.save(update_fields=["score", "comment", "rated_at"])
        await keep_score(case, task, record.now)
        event = record.tell(task, _event(case, task, "task.resident_rated", record.now))
        event.payload["score"] = rating.score
        await case.save(record)


async def _case_of(token: str) -> Case | None:
    link = await ResidentLink.get_or_none(hash=hashed(token))
    return await load_case_of(link.task_id) if link else None


def _check_link(link: ResidentLink, task: Task, now: datetime) -> None:
    if link.rated_at is not None:
        raise InvalidInput("LINK_USED", "token")
    is_over = link.until <= now or link.voided_at is not None
    if is_over or link.round != task.round or task.state not in SCORED_IN:
        raise InvalidInput("LINK_EXPIRED", "token")


def _check_rating(rating: Rating) -> None:
    faults = Faults()
    if not 0 <= rating.score <= 100:
        faults.add("SCORE_RANGE", "score")
    check_words(faults, rating.comment, "comment")
    faults.refuse()


def _event(case: Case, task: Task, type: str, at: datetime, actor: Actor | None = None) -> Event:
    """The task's state stays; the words of a resident are never in the log."""
    return Event(
        type=type,
        aggregate_id=task.id,
        actor_id=actor.id if actor else None,
        at=at,
        from_state=str(task.state),
        to_state=str(task.state),
        payload={},
        **case.columns_of_event(task),
    )

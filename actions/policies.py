"""Changing the rules: one writes and proposes a text, another puts it in force; and the way back."""

from dataclasses import dataclass

from actions.admin import check_reason, check_version
from actions.checks import REASON_LENGTH, check_text
from actions.once import Done, once
from actions.packaged_rules import next_number
from actions.record import Record
from actions.turn import Faults
from models import (
    Area,
    Conflict,
    Grant,
    InvalidInput,
    NotAllowed,
    NotFound,
    PolicyState,
    PolicyVersion,
    RuleFault,
    Several,
    WrongState,
)
from policies.actor import Actor
from policies.book import RuleBook
from policies.facts import Facts, policy_facts
from policies.guard import decide, may
from policies.reading.comparison import compare
from policies.reading.syntax import LONGEST_TEXT
from policies.rules import check_text as faults_of
from policies.rules import put_in_force, read_loosely, read_text, rules
from policies.scopes import whole
from policies.trial.lockout import locked_out

DRAFT, PROPOSE, PUBLISH = ("policy", "draft"), ("policy", "propose"), ("policy", "publish")
ROLLBACK, REQUEST_ROLLBACK = ("policy", "rollback"), ("policy", "rollback_request")


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """A text of rules that somebody would like to be in force, and why."""

    text: str
    reason: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """A step of a version on its way; withdrawing and publishing give a reason."""

    policy: str
    reason: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Rollback:
    """The number of the version whose text is to be in force again, and why."""

    number: int
    reason: str
    key: str | None = None


async def draft_policy(actor: Actor, new: NewPolicy) -> Done:
    """Store a text. Refused with every fault of the text at once, or when nothing would change."""

    async def work(record: Record) -> Done:
        _require_writer(actor, DRAFT)
        faults = Faults()
        check_text(faults, new.reason, "reason", REASON_LENGTH)
        check_text(faults, new.text, "text", LONGEST_TEXT)
        faults.refuse()
        policy = await _made(record, actor, new.text, new.reason)
        record.require(actor, *DRAFT, policy_facts(policy))
        return await _tell_new(record, actor, policy, "policy.drafted")

    return await once(actor, new.key, ("draftPolicy", new), work)


async def propose_policy(actor: Actor, step: PolicyStep) -> Done:
    """Offer a draft for publication; from now on its text is fixed."""

    async def work(record: Record) -> Done:
        policy = await _found(record, actor, step)
        record.require(actor, *PROPOSE, policy_facts(policy))
        _require_state(policy, "propose", PolicyState.DRAFT)
        policy.state, policy.proposed_at = PolicyState.PROPOSED, record.now
        return await _tell(record, actor, policy, "policy.proposed", step.reason)

    return await once(actor, step.key, ("proposePolicy", step), work)


async def withdraw_policy(actor: Actor, step: PolicyStep) -> Done:
    """Give up a draft or a proposal: its author, or whoever could have published it."""

    async def work(record: Record) -> Done:
        policy = await _found(record, actor, step)
        right = PROPOSE if actor.is_(policy.author_id) else PUBLISH
        record.require(actor, *right, policy_facts(policy))
        _require_state(policy, "withdraw", PolicyState.DRAFT, PolicyState.PROPOSED)
        faults = Faults()
        check_reason(faults, step.reason)
        faults.refuse()
        policy.state, policy.retired_at = PolicyState.RETIRED, record.now
        return await _tell(record, actor, policy, "policy.withdrawn", step.reason)

    return await once(actor, step.key, ("withdrawPolicy", step), work)


async def publish_policy(actor: Actor, step: PolicyStep) -> Done:
    """Put a proposal in force, at once and everywhere.

    Never by its author, nor by a deputy of theirs, whatever the rules say.
    """

    async def work(record: Record) -> Done:
        policy = await _found(record, actor, step)
        record.require(actor, *PUBLISH, policy_facts(policy))
        if actor.stands_for(policy.author_id):
            raise NotAllowed("publish", "OWN_DRAFT")
        _require_state(policy, "publish", PolicyState.PROPOSED)
        faults = Faults()
        check_reason(faults, step.reason)
        faults.refuse()
        return await _put_in_force(record, actor, policy, step.reason)

    return await _in_force(await once(actor, step.key, ("publishPolicy", step), work))


async def roll_back(actor: Actor, back: Rollback) -> Done:
    """Put the text of an earlier version in force again, as a new version; its author is whoever wrote it."""

    async def work(record: Record) -> Done:
        _require_writer(actor, ROLLBACK)
        policy = await _restored(record, actor, back)
        former = await whole(PolicyVersion).get(number=back.number)
        policy.author_id = former.author_id
        record.require(actor, *ROLLBACK, policy_facts(policy))
        policy.created_at = policy.proposed_at = record.now
        await policy.save(force_create=True)
        return await _put_in_force(record, actor, policy, back.reason)

    return await _in_force(await once(actor, back.key, ("rollbackPolicy", back), work))


async def request_rollback(actor: Actor, back: Rollback) -> Done:
    """Propose the text of an earlier version again, for somebody else to publish."""

    async def work(record: Record) -> Done:
        _require_writer(actor, REQUEST_ROLLBACK)
        policy = await _restored(record, actor, back)
        record.require(actor, *REQUEST_ROLLBACK, policy_facts(policy))
        policy.state, policy.proposed_at = PolicyState.PROPOSED, record.now
        return await _tell_new(record, actor, policy, "policy.proposed")

    return await once(actor, back.key, ("requestPolicyRollback", back), work)


async def seat_of_rules() -> str:
    """Path of the district that decides about the rules for all: that of the first policy administrator ever.

    "" as long as there is none. First is who was appointed first: `since` may be any day, also one long ago.
    """
    first = await whole(Grant).filter(role="policy_admin", level="DISTRICT").order_by("id").first()
    return first.path if first else ""


def book_of(text: str) -> RuleBook:
    """Raises every severe fault of the text, each with its place."""
    faults = [
        RuleFault(fault.line, fault.column, str(fault), fault.suggestion)
        for fault in faults_of(text)
        if fault.severe
    ]
    if faults:
        raise faults[0] if len(faults) == 1 else Several(faults)
    return read_text(text)


def _require_writer(actor: Actor, right: tuple[str, str]) -> None:
    """Before anything is read: whoever may write no rules at all need not send any."""
    if (why_not := decide(actor, *right, Facts()).reason_code) != "WRONG_PLACE":
        raise NotAllowed(right[1], why_not or "NO_RULE")


async def _made(record: Record, actor: Actor, text: str, reason: str) -> PolicyVersion:
    current = await whole(PolicyVersion).get(state=PolicyState.PUBLISHED)
    book, before = book_of(text), read_loosely(current.text)
    changes = compare(before, book)
    if text == current.text:
        raise InvalidInput("POLICY_UNCHANGED", "text")
    path = changes.place or await seat_of_rules()
    area = await whole(Area).get_or_none(path=path)
    return PolicyVersion(
        state=PolicyState.DRAFT,
        text=text,
        hash=book.hash,
        base=current.number,
        area_id=area.code if area else None,
        path=path,
        author_id=actor.id,
        reason=reason,
        created_at=record.now,
        version=0,
    )


async def _restored(record: Record, actor: Actor, back: Rollback) -> PolicyVersion:
    faults = Faults()
    check_text(faults, back.reason, "reason", REASON_LENGTH)
    former = await whole(PolicyVersion).get_or_none(number=back.number)
    if former is None:
        faults.missing("PolicyVersion", "number")
    faults.refuse()
    assert former is not None, "a missing version is a fault"
    policy = await _made(record, actor, former.text, back.reason)
    policy.restores = former.number
    return policy


async def _found(record: Record, actor: Actor, step: PolicyStep) -> PolicyVersion:
    """NotFound for whoever may not read it."""
    policy = await whole(PolicyVersion).select_for_update().get_or_none(id=step.policy)
    if policy is None or not may(actor, "policy", "read", policy_facts(policy)):
        raise NotFound("PolicyVersion", "policy")
    check_version(step.version, policy.version)
    record.watch(policy)
    return policy


def _require_state(policy: PolicyVersion, action: str, *states: PolicyState) -> None:
    if policy.state not in states:
        raise WrongState(action, policy.state)


async def _put_in_force(record: Record, actor: Actor, policy: PolicyVersion, reason: str | None) -> Done:
    """Where somebody else does the same meanwhile, we wait, and the version we waited for is then in force no more."""
    current = await whole(PolicyVersion).select_for_update().get_or_none(state=PolicyState.PUBLISHED)
    if current is None or policy.base != current.number:
        raise Conflict("POLICY_OUTDATED")
    await _check_lockout(policy, record)
    current.state, current.retired_at = PolicyState.RETIRED, record.now
    await current.save(update_fields=["state", "retired_at"])
    policy.state, policy.number = PolicyState.PUBLISHED, await next_number()
    policy.published = True
    policy.publisher_id, policy.published_at = actor.id, record.now
    return await _tell(record, actor, policy, "policy.published", reason)


async def _check_lockout(policy: PolicyVersion, record: Record) -> None:
    """The text is checked again: the program may know better by now than when it was written."""
    faults = Faults()
    for code in await locked_out(book_of(policy.text), await seat_of_rules(), record.now):
        faults.add(code, "policy")
    faults.refuse()


async def _in_force(done: Done) -> Done:
    """What was just published counts in this process from now on; others see it with their next request."""
    policy = await whole(PolicyVersion).get(id=done.object_id)
    if policy.state == PolicyState.PUBLISHED and policy.hash != rules().hash:
        put_in_force(read_text(policy.text))
    return done


async def _tell_new(record: Record, actor: Actor, policy: PolicyVersion, type: str) -> Done:
    await policy.save(force_create=True)
    return await _tell(record, actor, policy, type, policy.reason)


async def _tell(record: Record, actor: Actor, policy: PolicyVersion, type: str, note: str | None) -> Done:
    area = await whole(Area).get(code=policy.area_id)
    event = record.tell_of_admin(policy, type, actor, area, note, number=policy.number)
    await policy.save()
    return Done("PolicyVersion", policy.id, event.id)

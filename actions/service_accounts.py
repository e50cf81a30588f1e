"""Service accounts (服务账号) of client systems: entering them, and giving, rotating and revoking their keys."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions.admin import check_reason, check_version, find_area, locked
from actions.keys import Key, is_live, new_key
from actions.members import LONGEST_NAME, MANAGE, check_login, save_new
from actions.once import Done, once
from actions.record import Record
from actions.texts import name_fault
from actions.turn import Faults
from models import Area, Credential, Event, Member, NotAllowed, NotFound, WrongState
from policies.actor import Actor
from policies.facts import member_facts
from policies.scopes import readable, whole

LONGEST_LABEL = 80
LONGEST_LIFE = timedelta(days=400)
LONGEST_OVERLAP = timedelta(days=7)
MOST_LIVE = 5


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A client system to be entered; `area` is a code."""

    login: str
    name: str
    area: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A key for the account (a member's id), good until before `until`."""

    account: str
    label: str
    until: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Rotation:
    """A successor of the credential, which itself lasts `overlap` minutes longer, if it lasts so long at all."""

    credential: str
    until: datetime
    overlap: int = 60
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class CredentialEnding:
    """Which credential ends now, and why."""

    credential: str
    reason: str
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """`secret` is the whole key as its client sends it; None when the answer is given again: it is shown once."""

    done: Done
    secret: str | None = field(repr=False)


async def create_service_account(actor: Actor, new: NewAccount) -> Done:
    """Needs `manage` on members of the area. Raises every fault of the input at once."""

    async def work(record: Record) -> Done:
        account, area = await _entered(actor, new, record.now)
        record.require(actor, *MANAGE, member_facts(account))
        event = record.tell_of_admin(account, "member.created", actor, area, name=account.name, service=True)
        await save_new(account)
        return Done("Member", account.id, event.id)

    return await once(actor, new.key, ("createServiceAccount", new), work)


async def _entered(actor: Actor, new: NewAccount, now: datetime) -> tuple[Member, Area]:
    faults = Faults()
    if fault := name_fault(new.name, LONGEST_NAME):
        faults.add(fault, "name")
    check_login(faults, new.login)
    area = await find_area(actor, faults, new.area, "area")
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    account = Member(
        login=new.login,
        name=new.name,
        area_id=area.code,
        area_path=area.path,
        created_at=now,
        service_since=now,
        version=0,
    )
    return account, area


async def issue_credential(actor: Actor, new: NewCredential) -> Issued:
    """Needs `manage` on the account, which is never the actor's own."""
    key = new_key()

    async def work(record: Record) -> Done:
        account = await _account(record, actor, new.account, "account")
        faults = Faults()
        _check_account(faults, account)
        if fault := name_fault(new.label, LONGEST_LABEL):
            faults.add(fault, "label")
        _check_until(faults, new.until, record.now)
        await _check_number(faults, account, record.now)
        faults.refuse()
        event = await _issue(record, actor, account, key, new.label, new.until)
        return Done("Credential", key.id, event.id)

    done = await once(actor, new.key, ("issueCredential", new), work)
    return Issued(done, None if done.again else key.text)


async def rotate_credential(actor: Actor, rotation: Rotation) -> Issued:
    """Needs `manage` on the account. The new credential bears the label of the old one."""
    key = new_key()

    async def work(record: Record) -> Done:
        old, account = await _credential(record, actor, rotation.credential)
        _require_live("rotate", old, record.now)
        if account.disabled_at is not None:
            raise WrongState("rotate", "DISABLED", "MEMBER_DISABLED")
        check_version(rotation.version, old.version)
        faults, overlap = Faults(), timedelta(minutes=rotation.overlap)
        _check_until(faults, rotation.until, record.now)
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            faults.add("OVERLAP_OUT_OF_RANGE", "overlap")
        await _check_number(faults, account, record.now, gone=None if overlap else old)
        faults.refuse()
        old.until = min(old.until, record.now + overlap)
        told = await _tell(record, actor, account, old, "credential.rotated", successor=key.id)
        await old.save()
        await _issue(record, actor, account, key, old.label, rotation.until)
        return Done("Credential", key.id, told.id)

    done = await once(actor, rotation.key, ("rotateCredential", rotation), work)
    return Issued(done, None if done.again else key.text)


async def revoke_credential(actor: Actor, ending: CredentialEnding) -> Done:
    """Needs `manage` on the account. Nobody signs in with it from now on, and its open sockets are closed."""

    async def work(record: Record) -> Done:
        credential, account = await _credential(record, actor, ending.credential)
        _require_live("revoke", credential, record.now)
        check_version(ending.version, credential.version)
        faults = Faults()
        check_reason(faults, ending.reason)
        faults.refuse()
        credential.revoked_at = record.now
        event = await _tell(record, actor, account, credential, "credential.revoked", ending.reason)
        await credential.save()
        return Done("Credential", credential.id, event.id)

    return await once(actor, ending.key, ("revokeCredential", ending), work)


async def _account(record: Record, actor: Actor, id: str, path: str) -> Member:
    """Locked, so that nobody else counts or changes its keys meanwhile."""
    account = await locked(record, Member, actor, id, MANAGE, path)
    record.require(actor, *MANAGE, member_facts(account))
    if actor.is_(account.id):
        raise NotAllowed(MANAGE[1], "OWN_ACCOUNT")
    return account


async def _credential(record: Record, actor: Actor, id: str) -> tuple[Credential, Member]:
    """Locked with its account."""
    known = await readable(Credential, actor).get_or_none(id=id)
    if known is None:
        raise NotFound("Credential", "credential")
    account = await _account(record, actor, known.member_id, "credential")
    credential = await whole(Credential).select_for_update().get(id=id)
    record.watch(credential)
    return credential, account


def _require_live(action: str, credential: Credential, now: datetime) -> None:
    if not is_live(credential, now):
        raise WrongState(action, "ENDED", "CREDENTIAL_ENDED")


def _check_account(faults: Faults, account: Member) -> None:
    if account.service_since is None:
        faults.add("NOT_A_SERVICE_ACCOUNT", "account")
    elif account.disabled_at is not None:
        faults.add("MEMBER_DISABLED", "account")


def _check_until(faults: Faults, until: datetime, now: datetime) -> None:
    if until <= now:
        faults.add("UNTIL_IN_PAST", "until")
    elif until > now + LONGEST_LIFE:
        faults.add("CREDENTIAL_TOO_LONG", "until")


async def _check_number(
    faults: Faults, account: Member, now: datetime, gone: Credential | None = None
) -> None:
    """Of all live credentials but one that ends with this change."""
    live = whole(Credential).filter(member_id=account.id, revoked_at__isnull=True, until__gt=now)
    others = live.exclude(id=gone.id) if gone else live
    if await others.count() >= MOST_LIVE:
        faults.add("TOO_MANY_CREDENTIALS")


async def _issue(
    record: Record, actor: Actor, account: Member, key: Key, label: str, until: datetime
) -> Event:
    credential = Credential(
        id=key.id,
        member_id=account.id,
        label=label,
        hash=key.hash,
        created_at=record.now,
        created_by_id=actor.id,
        until=until,
        version=0,
    )
    event = await _tell(record, actor, account, credential, "credential.issued", label=label)
    await credential.save(force_create=True)
    return event


async def _tell(
    record: Record,
    actor: Actor,
    account: Member,
    credential: Credential,
    type: str,
    note: str | None = None,
    **payload: object,
) -> Event:
    area = await whole(Area).get(code=account.area_id)
    payload |= {"account": account.id}
    return record.tell_of_admin(credential, type, actor, area, note, **payload)

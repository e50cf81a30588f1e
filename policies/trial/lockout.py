"""Whether rules would lock everybody out: somebody must still be able to change them, and to appoint others."""

from collections.abc import Iterable
from datetime import datetime

from tortoise.expressions import Q

from models import Grant
from policies.actor import Actor
from policies.book import RuleBook
from policies.compile import compile_scope
from policies.facts import Facts
from policies.loading import load_actors
from policies.vocabulary import DIGITS

DRAFT, PROPOSE, PUBLISH = ("policy", "draft"), ("policy", "propose"), ("policy", "publish")
APPOINT = ("binding", "grant")


async def locked_out(book: RuleBook, seat: str, now: datetime) -> list[str]:
    """Reason codes of what nobody could do any more under these rules, with the grants live at `now`.

    `seat`: path of the district that decides about the rules.
    """
    actors = await _administrators(book, now)
    writers = [actor for actor in actors if _can_write(book, actor, seat)]
    lost = []
    if not writers:
        lost.append("NOBODY_COULD_WRITE_RULES")
    if not any(_can_publish(book, other, seat, writer) for writer in writers for other in actors):
        lost.append("NOBODY_COULD_PUBLISH_RULES")
    if not any(_can_appoint(book, actor, seat) for actor in actors):
        lost.append("NOBODY_COULD_APPOINT")
    return lost


async def _administrators(book: RuleBook, now: datetime) -> list[Actor]:
    roles = {bearer for right in (DRAFT, PROPOSE, PUBLISH, APPOINT) for bearer in _bearers(book, right)}
    live = Q(since__lte=now, revoked_at__isnull=True) & (Q(until__isnull=True) | Q(until__gt=now))
    holders = await Grant.filter(live, role__in=sorted(roles), principal_id__isnull=True).values_list(
        "member_id"
    )
    return await load_actors({member_id for (member_id,) in holders}, now)


def _bearers(book: RuleBook, right: tuple[str, str]) -> Iterable[str]:
    for rule in book.by_action.get(right, ()):
        if rule.allows:
            yield from book.bearers(rule.role)


def _can(book: RuleBook, actor: Actor, right: tuple[str, str], facts: Facts) -> bool:
    return compile_scope(book, actor, *right).test(facts)


def _can_write(book: RuleBook, actor: Actor, seat: str) -> bool:
    own = Facts(area_path=seat, author_id=actor.id)
    return _can(book, actor, DRAFT, own) and _can(book, actor, PROPOSE, own)


def _can_publish(book: RuleBook, actor: Actor, seat: str, writer: Actor) -> bool:
    return actor.id != writer.id and _can(book, actor, PUBLISH, Facts(area_path=seat, author_id=writer.id))


def _can_appoint(book: RuleBook, actor: Actor, seat: str) -> bool:
    somebody = Facts(area_path=seat, rank=DIGITS["DISTRICT"], member_id="", grantee_id="")
    return _can(book, actor, APPOINT, somebody)

"""What the rules look at: the facts of one object, whatever its type."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models import (
    Area,
    BreakGlass,
    Claim,
    CoIssuer,
    Commitment,
    DutyItem,
    Evaluation,
    Export,
    Grant,
    ListItem,
    Member,
    Pairing,
    PolicyVersion,
    Publication,
    Reporter,
    Request,
    RequestCategory,
    Summons,
    Task,
    TaskScore,
    Unit,
    WorkOrder,
)
from policies.vocabulary import DIGITS, UNIT_LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything is optional; what an object does not have matches no relation and no condition.

    Paths and lines end with a dot. `unit_ids` are the summoned (or evaluated) units and `unit_lines` their lines of
    command; `transferred_to_id` is the unit that a request went to, `unit_id` the unit something belongs to,
    `principal_id` in whose name a grant is used. `reporter_id` reported it first, `reporter_ids` are all who did, the
    first too. `disputed_path` is the smallest area around all units in dispute. `rank`: see `vocabulary.DIGITS`.
    """

    area_path: str | None = None
    area_level: str | None = None
    issuer_path: str | None = None
    co_issuer_paths: tuple[str, ...] = ()
    unit_ids: tuple[str, ...] = ()
    unit_lines: tuple[str, ...] = ()
    lead_unit_id: str | None = None
    territory: str | None = None
    disputed_path: str | None = None
    responsible_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    member_id: str | None = None
    principal_id: str | None = None
    unit_id: str | None = None
    paired_unit_ids: tuple[str, ...] = ()
    transferred_to_id: str | None = None
    reporter_id: str | None = None
    reporter_ids: tuple[str, ...] = ()
    author_id: str | None = None
    grantee_id: str | None = None
    rank: int | None = None
    official: bool = False
    published: bool = False
    reason: bool = False
    town_party: bool = False


def area_facts(area: Area) -> Facts:
    """An area lies in itself."""
    return Facts(area_path=area.path, area_level=area.level)


def unit_facts(unit: Unit) -> Facts:
    """A unit lies in its territory, wherever its home is."""
    return Facts(area_path=unit.territory, territory=unit.territory, unit_id=unit.id)


def member_facts(member: Member) -> Facts:
    """A member lies in the area they belong to."""
    return Facts(
        area_path=member.area_path, member_id=member.id, unit_id=member.unit_id, official=member.official
    )


def policy_facts(policy: PolicyVersion) -> Facts:
    """A version of the rules lies where what it changes is in force."""
    return Facts(area_path=policy.path, author_id=policy.author_id, published=policy.published)


def publication_facts(publication: Publication) -> Facts:
    """A publication lies in the area that it is of."""
    return Facts(area_path=publication.path, published=publication.published)


def commitment_facts(commitment: Commitment) -> Facts:
    """A commitment lies in the village that it was made to, and belongs to who made it."""
    return Facts(area_path=commitment.path, member_id=commitment.member_id)


def pairing_facts(pairing: Pairing) -> Facts:
    """A pairing lies in its village, and belongs to its unit."""
    return Facts(area_path=pairing.path, unit_id=pairing.unit_id)


def list_item_facts(item: ListItem) -> Facts:
    """An item lies in its village; an offer belongs to whoever makes it."""
    return Facts(area_path=item.path, unit_id=item.unit_id, member_id=item.member_id)


def claim_facts(claim: Claim) -> Facts:
    """A claim lies in the village of its item."""
    return Facts(area_path=claim.path)


def duty_item_facts(item: DutyItem, unit: Unit | None) -> Facts:
    """`unit` is the item's unit, if it has one."""
    return Facts(area_path=unit.territory if unit else None, unit_id=item.unit_id)


def grant_facts(grant: Grant, unit: Unit | None) -> Facts:
    """`unit` is the grant's unit, if it is held in one: it then lies in the unit's territory and ranks with it."""
    place = None if grant.level == UNIT_LEVEL else grant.path
    return Facts(
        area_path=unit.territory if unit else place,
        rank=DIGITS.get(unit.level if unit else grant.level),
        member_id=grant.member_id,
        principal_id=grant.principal_id,
        grantee_id=grant.member_id,
        unit_id=grant.unit_id,
    )


def own_facts(thing: BreakGlass | Export) -> Facts:
    """It belongs to who asked for it, and lies where what it shows lay then."""
    return Facts(area_path=thing.path, member_id=thing.member_id)


def summons_facts(
    summons: Summons,
    tasks: Sequence[Task],
    co_issuers: Sequence[CoIssuer],
    *,
    unit_lines: Iterable[str],
    group_ids: Iterable[str] = (),
) -> Facts:
    """`tasks`: all of its tasks; `unit_lines`: of their units; `group_ids`: who sits in the issuer's groups."""
    return Facts(
        area_path=summons.path,
        issuer_path=summons.path,
        co_issuer_paths=tuple(village.path for village in co_issuers),
        unit_ids=tuple(task.unit_id for task in tasks),
        unit_lines=tuple(unit_lines),
        lead_unit_id=summons.lead_unit_id,
        responsible_ids=tuple(task.responsible_id for task in tasks if task.responsible_id),
        group_ids=tuple(group_ids),
    )


def task_facts(
    task: Task, co_issuers: Sequence[CoIssuer], *, unit_lines: Iterable[str], group_ids: Iterable[str] = ()
) -> Facts:
    """`co_issuers` and `group_ids` are those of its summons, `unit_lines` holds the line of the task's unit."""
    return Facts(
        area_path=task.path,
        issuer_path=task.path,
        co_issuer_paths=tuple(village.path for village in co_issuers),
        unit_ids=(task.unit_id,),
        unit_lines=tuple(unit_lines),
        lead_unit_id=task.unit_id if task.lead else None,
        territory=task.territory,
        disputed_path=task.disputed_path,
        responsible_ids=(task.responsible_id,) if task.responsible_id else (),
        group_ids=tuple(group_ids),
    )


def evaluation_facts(
    evaluation: Evaluation | TaskScore, co_issuers: Sequence[CoIssuer], *, unit_lines: Iterable[str]
) -> Facts:
    """`co_issuers` are those of its summons, `unit_lines` holds the line of the evaluated unit."""
    return Facts(
        area_path=evaluation.path,
        issuer_path=evaluation.path,
        co_issuer_paths=tuple(village.path for village in co_issuers),
        unit_ids=(evaluation.unit_id,),
        unit_lines=tuple(unit_lines),
        town_party=isinstance(evaluation, Evaluation) and evaluation.town_party,
    )


def request_facts(request: Request, reporters: Iterable[Reporter]) -> Facts:
    """`reporters`: all of its."""
    return Facts(
        area_path=request.path,
        transferred_to_id=request.transferred_to_id,
        reporter_id=request.reporter_id,
        reporter_ids=tuple(one.member_id for one in reporters if one.member_id),
    )


def category_facts(category: RequestCategory) -> Facts:
    """An entry of a menu lies where the menu is of."""
    return Facts(area_path=category.path)


def order_facts(order: WorkOrder, *, paired: Iterable[str] = ()) -> Facts:
    """An order lies where its request does, and belongs to the unit that it was given to.

    `paired`: the units that are paired with the village where it asks for a service.
    """
    return Facts(area_path=order.path, unit_id=order.unit_id, paired_unit_ids=tuple(paired))

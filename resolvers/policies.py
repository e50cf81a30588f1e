"""Questions about rules that are not in force yet, and about what the rules give whom."""

from dataclasses import dataclass
from hashlib import sha256

from strawberry import ID

from actions.policies import seat_of_rules
from models import Area, InvalidInput, Member, NotAllowed, PolicyVersion, RuleFault, Several, Unit, clock
from policies.actor import Actor
from policies.book import Rule, RuleBook
from policies.compile import scope_of
from policies.facts import Facts
from policies.guard import require
from policies.reading.comparison import Cell, Comparison, MatrixCell, compare, matrix
from policies.reading.syntax import Fault
from policies.rights import Right, rights_of
from policies.rules import BrokenRules, check_text, read_loosely, read_text, rules
from policies.scopes import whole
from policies.trial.replay import Recorded, Replay
from policies.trial.simulation import LONGEST_REPLAY, RightChange, Simulation, TouchedMember, simulate
from policies.vocabulary import ANY_LEVEL
from resolvers.context import Info
from resolvers.later import Later
from resolvers.rules import Effect, HeldAt, somebody
from resolvers.words import words

MOST_FAULTS, MOST_CELLS, MOST_CHANGED, MOST_RIGHTS, MOST_CHANGES = 1_000, 10_000, 1_000, 5_000, 500


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong with a text; it can be published when `ok`."""

    ok: bool
    hash: str
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Simulated:
    """Without outcome when the text is broken."""

    check: Check
    outcome: Simulation | None = None


def check_policy(info: Info, text: str) -> Check:
    """NotAllowed for whoever neither writes nor simulates rules anywhere."""
    _require_somewhere(info.context.actor, "draft", "simulate")
    return _checked(text)


async def simulate_policy(info: Info, text: str, days: int | None = 30) -> Simulated:
    """NotAllowed unless the caller may simulate changes of the place that this one is for."""
    actor, days = info.context.actor, 30 if days is None else days
    _require_somewhere(actor, "simulate")
    if not 0 <= days <= LONGEST_REPLAY:
        raise InvalidInput("REPLAY_OUT_OF_RANGE", "days")
    check = _checked(text)
    if not check.ok:
        return Simulated(check)
    before, after = rules(), read_text(text)
    seat = await _require_there(actor, "simulate", compare(before, after))
    outcome = await simulate(before, after, clock.now(), seat=seat, days=days, asker=actor)
    return Simulated(check, outcome)


def policy_matrix(role: str | None = None, type: str | None = None) -> list[MatrixCell]:
    return matrix(rules(), role=role, type=type)[:MOST_CELLS]


async def effective_rights(info: Info, member: ID) -> list[Right]:
    """NotAllowed unless the caller administers the member or is the member."""
    return rights_of(await somebody(info, member))[:MOST_RIGHTS]


async def policy_diff(info: Info, from_: int, to: int) -> Comparison | None:
    """None when there is no such version. NotAllowed as for `simulate_policy`."""
    actor = info.context.actor
    _require_somewhere(actor, "diff")
    versions = whole(PolicyVersion)
    before, after = await versions.get_or_none(number=from_), await versions.get_or_none(number=to)
    if before is None or after is None:
        return None
    changes = compare(_book(before), _book(after))
    await _require_there(actor, "diff", changes)
    return changes


def _checked(text: str) -> Check:
    faults = check_text(text)
    told = sorted(faults, key=lambda fault: not fault.severe)[:MOST_FAULTS]
    return Check(
        ok=not any(fault.severe for fault in faults),
        hash=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        faults=sorted(told, key=lambda fault: (fault.line, fault.column)),
    )


def _book(version: PolicyVersion) -> RuleBook:
    """RuleFault for a text that this program can no longer read."""
    try:
        return read_loosely(version.text)
    except BrokenRules as broken:
        raise Several(
            [RuleFault(fault.line, fault.column, str(fault), fault.suggestion) for fault in broken.faults]
        ) from broken


def _require_somewhere(actor: Actor, *actions: str) -> None:
    if not any(scope_of(actor, "policy", action).grounds for action in actions):
        raise NotAllowed(actions[0], "NO_RULE")


async def _require_there(actor: Actor, action: str, changes: Comparison) -> str:
    """Where the change is at home: the place its local rules name, else the district. Gives the district's path."""
    seat = await seat_of_rules()
    place = changes.place or seat
    require(actor, "policy", action, Facts(area_path=place or None, author_id=actor.id))
    return seat


def outcome_cells(root: Simulated) -> list[Cell]:
    return changed_cells(root.outcome.changes) if root.outcome else []


def outcome_cell_count(root: Simulated) -> int:
    return len(root.outcome.changes.cells) if root.outcome else 0


def outcome_everybody(root: Simulated) -> list[RightChange]:
    return list(root.outcome.everybody)[:MOST_CHANGES] if root.outcome else []


def outcome_touched(root: Simulated) -> int | None:
    return root.outcome.touched if root.outcome else None


def outcome_members(root: Simulated) -> list[TouchedMember]:
    return list(root.outcome.members) if root.outcome else []


def outcome_counts_left_out(root: Simulated) -> bool:
    return root.outcome is not None and root.outcome.counts_left_out


def outcome_locked_out(root: Simulated, info: Info) -> list[str]:
    codes = root.outcome.locked_out if root.outcome else ()
    return [words(code, info.context.language) for code in codes]


def outcome_replay(root: Simulated) -> Replay | None:
    return root.outcome.replay if root.outcome else None


def changes_of_member(root: TouchedMember) -> list[RightChange]:
    return list(root.changes)[:MOST_CHANGES]


def examples(root: Replay) -> list[Recorded]:
    return list(root.examples)


def member_of(root: TouchedMember | Recorded, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.member_id)


def level(root: Cell | MatrixCell) -> HeldAt:
    return HeldAt.ANY if root.level == ANY_LEVEL else HeldAt(root.level)


def changed_cells(root: Comparison) -> list[Cell]:
    return list(root.cells)[:MOST_CHANGED]


def cell_count(root: Comparison) -> int:
    return len(root.cells)


def rules_added(root: Comparison) -> list[str]:
    return _rows(root.added, root.links_added)


def rules_removed(root: Comparison) -> list[str]:
    return _rows(root.removed, root.links_removed)


def _rows(some: tuple[Rule, ...], links: tuple[tuple[str, str], ...]) -> list[str]:
    return [*(f"p, {rule}" for rule in some), *(f"g, {heir}, {role}" for heir, role in links)][:MOST_CHANGED]


def held_at(root: Right) -> HeldAt:
    return HeldAt(root.grant.level) if root.grant.level else HeldAt.ANY


def area_of_right(root: Right, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.grant.area_id) if root.grant.area_id else None


def unit_of_right(root: Right, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.grant.unit_id) if root.grant.unit_id else None


async def on_behalf_of(root: Right, info: Info) -> Member | None:
    return (
        await info.context.loaders.members.load(root.grant.principal_id) if root.grant.principal_id else None
    )


def type_of_right(root: Right) -> str:
    return root.rule.type


def action_of_right(root: Right) -> str:
    return root.rule.action


def relation(root: Right) -> str:
    return root.rule.relation


def condition(root: Right) -> str | None:
    return None if root.rule.when == "True" else root.rule.when


def effect(root: Right) -> Effect:
    return Effect.ALLOW if root.rule.allows else Effect.DENY


def as_written(root: Right) -> str:
    return str(root.rule)


def in_words(root: Right, info: Info) -> str:
    return root.words(info.context.language)

"""Why yes, why no, and who else, in words. It names roles and rules, never people or places the asker may not know."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import Grant, Member
from models.reasons import REASONS
from policies.actor import Actor
from policies.clauses import Clause, both, either, one_of, rows
from policies.facts import Facts
from policies.guard import decide, may
from policies.loading import load_actors
from policies.rules import Rule, rules
from policies.vocabulary import AREA_LEVELS, RELATIONS, ROLES, SYSTEM_LEVEL, TYPES, UNIT_LEVEL
from policies.words import action_words, condition_words

LANGUAGES = ("en", "zh")


def explain(actor: Actor, type: str, action: str, facts: Facts, language: str = "en") -> tuple[str, ...]:
    """Sentences: the rules that allow it; or why not, then the rules that forbid it or do not reach so far."""
    decision = decide(actor, type, action, facts)
    rules_in_words = dict.fromkeys(sentence(rule, language) for rule in decision.rules)
    if decision.reason_code is None:
        return tuple(rules_in_words)
    return (REASONS[decision.reason_code][LANGUAGES.index(language)], *rules_in_words)


def sentence(rule: Rule, language: str = "en") -> str:
    """The rule as a sentence, in one of LANGUAGES."""
    chinese = LANGUAGES.index(language)
    action, type, relation = action_words(rule.action, language), TYPES[rule.type], RELATIONS[rule.relation]
    condition = "" if rule.when == "True" else condition_words(rule.when, language)
    role = (ROLES[rule.role].en, ROLES[rule.role].zh)[chinese]
    if chinese:
        who = f"{role}可以" if rule.allows else "任何人不得"
        return f"{who}对{relation[1]}{type[1]}执行“{action}”{condition and f'({condition})'}。"
    who = f"{role[0].upper()}{role[1:]} may" if rule.allows else "Nobody may"
    return f"{who} {action}: {type[0]} {relation[0]}{condition and f', {condition}'}."


class PolicyRow(NamedTuple):
    """A cell of the matrix. `held_at` is a level in capitals, or ANY; `condition` is None when there is none."""

    role: str
    held_at: str
    type: str
    action: str
    relation: str
    condition: str | None
    effect: str


def policy_rules(
    role: str | None = None, type: str | None = None, action: str | None = None
) -> list[PolicyRow]:
    """In the order of the file; a rule for several levels gives a row for each. Inherited rows are not repeated."""
    return [
        row
        for rule in rules().rules
        if role in (None, rule.role) and type in (None, rule.type) and action in (None, rule.action)
        for row in _matrix_rows(rule)
    ]


def _matrix_rows(rule: Rule) -> Iterator[PolicyRow]:
    levels = sorted(rule.levels - {SYSTEM_LEVEL}) or ["ANY"]
    condition = None if rule.when == "True" else rule.when
    effect = "ALLOW" if rule.allows else "DENY"
    for level in levels:
        yield PolicyRow(rule.role, level, rule.type, rule.action, rule.relation, condition, effect)


async def who_can(type: str, action: str, facts: Facts, now: datetime) -> QuerySet[Member]:
    """Members who may do it at `now`. What is open to every member gives all that are not disabled."""
    if may(_NEWCOMER, type, action, facts):
        return Member.filter(disabled_at__isnull=True)
    grants = await rows(Grant, _candidates(type, action, facts, now))
    actors = await load_actors({*(grant.member_id for grant in grants), *_persons(facts)}, now)
    return Member.filter(id__in=[actor.id for actor in actors if may(actor, type, action, facts)])


_NEWCOMER = Actor(id="nobody in particular")
"""Signed in, without a single grant."""


def _candidates(type: str, action: str, facts: Facts, now: datetime) -> Clause:
    """Live grants that could matter: of the right roles, in the right places. Wider than the rules, never narrower."""
    book = rules()
    allowing = [rule for rule in book.by_action.get((type, action), ()) if rule.allows]
    roles = {bearer for rule in allowing for bearer in book.bearers(rule.role)}
    anywhere = any(rule.relation in _PLACELESS for rule in allowing)
    live = Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))
    return both(one_of("role", roles), live, anywhere or _near(facts))


_PLACELESS = ("any", "official", "published")


def _near(facts: Facts) -> Clause:
    """Grants held at or above an area of the facts, in one of their units, by one of their persons, or everywhere."""
    around = one_of("path", {path for place in _places(facts) for path in _upwards(place)})
    units = [
        *facts.unit_ids,
        *facts.paired_unit_ids,
        facts.unit_id,
        facts.lead_unit_id,
        facts.transferred_to_id,
    ]
    return either(
        (
            Q(level=SYSTEM_LEVEL),
            both(Q(level__in=AREA_LEVELS), around),
            both(Q(level=UNIT_LEVEL), one_of("unit_id", filter(None, units))),
            one_of("member_id", _persons(facts)),
        )
    )


def _places(facts: Facts) -> list[str]:
    places = [facts.area_path, facts.issuer_path, facts.territory, *facts.co_issuer_paths]
    return [place for place in places if place]


def _upwards(path: str) -> list[str]:
    """``44.4406.`` is itself and ``44.``."""
    parts = path.split(".")[:-1]
    return [".".join(parts[: length + 1]) + "." for length in range(len(parts))]


def _persons(facts: Facts) -> set[str]:
    persons = (
        *facts.responsible_ids,
        *facts.group_ids,
        facts.reporter_id,
        *facts.reporter_ids,
        facts.member_id,
        facts.principal_id,
    )
    return {person for person in persons if person is not None}

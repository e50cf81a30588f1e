"""How long one decision takes: beside a dictionary, Casbin itself, Cedar, and ten or a hundred times as many rules."""

from collections.abc import Iterator
from dataclasses import replace

from bench.made_up import ACTORS, DISTRICT, Thing, questions, villages
from bench.report import Row, below
from bench.timing import Work, both, in_turn
from models import Summons
from policies.actor import Actor
from policies.book import RuleBook, rule_of, with_rules
from policies.compile import compile_scope
from policies.guard import may
from policies.reference import enforce
from policies.rules import packaged, put_in_force, read_loosely, rules

Asked = list[tuple[Actor, str, str, Thing]]

NUMBER = 400
FEW = 40


def rows() -> Iterator[Row]:
    yield _beside_a_dictionary()
    yield _beside_casbin()
    yield from _beside_cedar()
    yield _growth()
    yield from _binding()


def _beside_a_dictionary() -> Row:
    """The loop around both is measured by itself and taken off."""
    asked = questions(NUMBER)
    known = {(actor.id, type, action, thing.id): None for actor, type, action, thing in asked}

    def loop() -> None:
        for _actor, _type, _action, _thing in asked:
            pass

    def look_up() -> None:
        for actor, type, action, thing in asked:
            known[actor.id, type, action, thing.id]

    timed = in_turn({"loop": (loop, 5), "look up": (look_up, 5), "decide": (_ours(asked), 5)}, rounds=100)
    least = {name: one.least / NUMBER * 1e6 for name, one in timed.items()}
    middle = {name: one.middle / NUMBER * 1e6 for name, one in timed.items()}
    least_ratio, middle_ratio = (
        (one["decide"] - one["loop"]) / (one["look up"] - one["loop"]) for one in (least, middle)
    )
    note = f"{least['decide'] - least['loop']:.2f} µs a decision, {least['look up'] - least['loop']:.2f} µs a look-up"
    figure = both((least_ratio, middle_ratio))
    what = "point decision ÷ dict look-up that builds its key"
    return Row(what, "≤ 3.5×", figure, (middle_ratio <= 3.5, least_ratio <= 3.5), note)


def _beside_casbin() -> Row:
    asked = questions(FEW)
    timed = in_turn({"ours": (_ours(asked), 200), "casbin": (_casbin(asked), 1)}, rounds=7)
    assert [may(*one[:3], one[3].facts) for one in asked] == [
        enforce(one[0], one[3].facts, *one[1:3]) for one in asked
    ]
    ratio = timed["casbin"].ratio(timed["ours"])
    slow, number = timed["casbin"].least / FEW * 1e3, len(rules().rules)
    note = f"Casbin: {slow:.1f} ms a decision with the {number} rules of the default policy"
    return Row(
        "faster than the stock Casbin enforcer", "≥ 5,000×", both(ratio), _at_least(5_000, ratio), note
    )


def _at_least(wanted: float, ratio: tuple[float, float]) -> tuple[bool, bool]:
    return ratio[1] >= wanted, ratio[0] >= wanted


def _ours(asked: Asked) -> Work:
    def work() -> None:
        for actor, type, action, thing in asked:
            may(actor, type, action, thing.facts)

    return work


def _casbin(asked: Asked) -> Work:
    def work() -> None:
        for actor, type, action, thing in asked:
            enforce(actor, thing.facts, type, action)

    return work


def _beside_cedar() -> Iterator[Row]:
    what, target = "faster than cedarpy, policies and entities parsed beforehand", "≥ 200×"
    try:
        from bench.cedar import Cedar
    except ImportError:
        yield Row(what, target, "not measured", None, "cedarpy is not installed")
        return
    asked = questions(FEW)
    cedar = Cedar(asked)
    ours, theirs = (
        [may(*one[:3], one[3].facts) for one in asked],
        [cedar.ask(number) for number in range(FEW)],
    )
    assert ours == theirs, "Cedar decides otherwise"
    timed = in_turn({"ours": (_ours(asked), 200), "cedar": (cedar.ask_all, 1)}, rounds=9)
    ratio = timed["cedar"].ratio(timed["ours"])
    note = f"cedarpy {cedar.version}: {timed['cedar'].least / FEW * 1e6:,.0f} µs a decision, {cedar.size}"
    yield Row(what, target, both(ratio), _at_least(200, ratio), note)


def _growth() -> Row:
    """Warm: scopes are bound already."""
    asked = {number: _fresh() for number in (50, 5_000)}
    for number, questions_of_its_own in asked.items():
        put_in_force(_book(number))
        _ours(questions_of_its_own)()
    timed = in_turn({str(number): (_ours(asked[number]), 5) for number in asked}, rounds=100)
    put_in_force(packaged())
    ratio = timed["5000"].ratio(timed["50"])
    note = "the other rules are about the same actions, in villages of other districts"
    return Row(
        "growth from 50 to 5,000 rules, warm", "≤ 1.2×", both(ratio), (ratio[1] <= 1.2, ratio[0] <= 1.2), note
    )


def _book(number: int) -> RuleBook:
    """The first 50 rules are about what is asked; the others forbid it in single villages of other districts."""
    wanted = sorted({(type, action) for _, type, action, _ in questions(NUMBER)})
    places = [path for path in villages() if not path.startswith(DISTRICT)]
    texts = [f"p, {rule}" for rule in packaged().rules if (rule.type, rule.action) in wanted][:50]
    more = []
    for count in range(number - len(texts)):
        place, (type, action) = places[count % len(places)], wanted[count % len(wanted)]
        words = (
            "p",
            "village_cadre",
            f"village@{place}",
            type,
            action,
            "any",
            f"r.obj.unit_id == '{count}'",
            "deny",
        )
        more.append(rule_of(count, words))
    return with_rules(read_loosely("\n".join(texts)), tuple(more))


def _fresh() -> Asked:
    """The same questions by actors who have bound nothing yet."""
    actors = {actor.id: replace(actor, scopes={}) for actor in ACTORS.values()}
    return [(actors[actor.id], type, action, thing) for actor, type, action, thing in questions(NUMBER)]


def _binding() -> Iterator[Row]:
    def bind(who: str) -> Work:
        return lambda: compile_scope(rules(), ACTORS[who], "summons", "read").q(Summons)

    timed = in_turn({who: (bind(who), 200) for who in ACTORS})
    for who, one in sorted(timed.items(), key=lambda item: item[1].least):
        figure = f"{one.least * 1e6:.0f} µs (middle {one.middle * 1e6:.0f} µs)"
        note = SUBQUERIES.get(who, "")
        yield Row(f"scope bind + Q to read summonses, {who}", "≤ 20 µs", figure, below(one, 20e-6), note)


SUBQUERIES = {
    **dict.fromkeys(
        ("village secretary", "village cadre"), "co-issued ones are a subquery: about 20 µs to make one"
    ),
    **dict.fromkeys(
        ("unit liaison", "responsible member"), "through tasks, a subquery: about 20 µs to make one"
    ),
    "one with 3 grants": "two subqueries, about 20 µs each",
}

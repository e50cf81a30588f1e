"""The same questions on four sides: Casbin, the compiled test, the compiled list in SQL, and the naive reading."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

from naive import Naive, read_tables
from random_policies import ACTION, Asked, Case, Place, Words
from random_world import RandomWorld
from tortoise.models import Model

from policies.actor import Actor, LiveGrant
from policies.holder import Holder
from policies.reference import enforce_by
from policies.relations import RELATION

EVERYWHERE = Holder(
    Actor("x", unit_id="x", unit_line="x."),
    (LiveGrant("observer", "DISTRICT", "4."), LiveGrant("observer", "UNIT", "x.", unit_id="x")),
)


class Compiler:
    """The policies package, or a copy of it under another name."""

    def __init__(self, package: str = "policies") -> None:
        def part(name: str) -> Any:
            return import_module(f"{package}.{name}")

        self.read, self.rows = part("rules").read_loosely, part("clauses").rows
        self.compile_scope, self.anonymous = part("compile").compile_scope, part("actor").ANONYMOUS
        self.load_actors, self.facts_of_many = part("loading").load_actors, part("gathering").facts_of_many
        self.types: dict[type[Model], str] = part("scopes").TYPES


class Counterexample(AssertionError):
    """Two sides answer differently; says about what."""


class Exam:
    """A world, ready to be asked about; counts the answers."""

    def __init__(self, world: RandomWorld, compiler: Compiler, *, stock: bool = True) -> None:
        self.world, self.compiler, self.stock = world, compiler, stock
        self.seen: Counter[str] = Counter()
        self.actors: dict[timedelta, dict[str | None, Any]] = {}
        self.facts: dict[type[Model], dict[object, Any]] = {}

    async def prepare(self) -> None:
        self.tables = await read_tables()
        for model in self.compiler.types:
            things = await model.all()
            known = await self.compiler.facts_of_many(things)
            self.facts[model] = {thing.pk: facts for thing, facts in zip(things, known, strict=True)}
        self.words = self._words()

    def _words(self) -> Words:
        held: dict[str, list[Place]] = {member: [] for member in self.tables["Member"]}
        for grant in self.tables["Grant"].values():
            held[grant["member_id"]].append(Place(grant["role"], grant["level"], grant["path"]))
        paths = [area["path"] for area in self.tables["Area"].values()]
        fitting = {
            model: [
                name for name, relation in RELATION.items() if relation.clause(EVERYWHERE, model) is not False
            ]
            for model in self.facts
        }
        return Words(held, paths, list(self.tables["Unit"]), fitting)

    async def check(self, case: Case) -> None:
        """Raises Counterexample."""
        book, plain = self.compiler.read(case.text), Naive(self.tables, case.text)
        right = (self.compiler.types[case.model], ACTION)
        for asked in case.asked:
            actor = await self.actor(asked)
            scope = self.compiler.compile_scope(book, actor, *right)
            sides = {
                "test": {key for key, facts in self.facts[case.model].items() if scope.test(facts)},
                "list": await self.listed(case.model, scope),
                "plain": self.read_plainly(plain, case.model, asked),
            }
            if self.stock:
                sides["casbin"] = set(self.asked_of_casbin(case, actor))
            if any(side != sides["plain"] for side in sides.values()):
                raise Counterexample(_shown(case, asked, sides))
            self.check_subtrees(scope, case, sides["plain"])
            self.note(scope, list(self.facts[case.model].values()), len(sides["plain"]))

    def check_subtrees(self, scope: Any, case: Case, allowed: set[object]) -> None:
        """What the scope claims to have whole, it has."""
        claimed = scope.subtrees(case.model)
        inside = {
            key
            for key, facts in self.facts[case.model].items()
            if facts.area_path is not None and facts.area_path.startswith(claimed)
        }
        if not inside <= allowed:
            raise Counterexample(f"{case.text}\nnot all of {claimed}: {inside - allowed}")
        self.seen["whole subtrees"] += bool(inside)

    async def actor(self, asked: Asked) -> Any:
        if asked.offset not in self.actors:
            moment = self.world.now + asked.offset
            loaded = await self.compiler.load_actors(self.tables["Member"], moment)
            self.actors[asked.offset] = {actor.id: actor for actor in loaded}
        return self.actors[asked.offset].get(asked.member, self.compiler.anonymous)

    async def listed(self, model: type[Model], scope: Any) -> set[object]:
        query = self.compiler.rows(model, scope.clause(model))
        return set(await query.values_list(model._meta.pk_attr, flat=True))

    def read_plainly(self, plain: Naive, model: type[Model], asked: Asked) -> set[object]:
        type, name, moment = self.compiler.types[model], model.__name__, self.world.now + asked.offset
        keys = self.tables[name]
        return {key for key in keys if plain.allows(asked.member, moment, (type, ACTION), name, key)}

    def asked_of_casbin(self, case: Case, actor: Any) -> Iterator[object]:
        for key, facts in self.facts[case.model].items():
            if enforce_by(case.text, actor, facts, self.compiler.types[case.model], ACTION):
                yield key

    def note(self, scope: Any, about: Sequence[Any], allowed: int) -> None:
        opened = sum(map(replace(scope, bans=()).test, about))
        self.seen.update({"lists": 1, "decisions": len(about), "allowed": allowed})
        self.seen["cut by a deny rule"] += opened > allowed
        self.seen.update(
            ground.rule.relation
            for ground in (*scope.grounds, *scope.bans)
            if 0 < sum(map(ground.test, about)) <= len(about)
        )


def _shown(case: Case, asked: Asked, sides: dict[str, set[object]]) -> str:
    answers = "\n".join(f"{name}: {sorted(map(str, side))}" for name, side in sides.items())
    return f"{case.text}\n{case.model.__name__} by {asked.member} at {asked.offset}\n{answers}"


async def simplest(exam: Exam, case: Case) -> Case:
    """With fewest rows and questions, as long as the sides still differ."""
    rows = case.text.splitlines()
    for number in range(len(rows)):
        smaller = case._replace(text="\n".join(rows[:number] + rows[number + 1 :]))
        if await _differ(exam, smaller):
            return await simplest(exam, smaller)
    for asked in case.asked if len(case.asked) > 1 else []:
        if await _differ(exam, alone := case._replace(asked=[asked])):
            return alone
    return case


async def _differ(exam: Exam, case: Case) -> bool:
    try:
        await exam.check(case)
    except Counterexample:
        return True
    return False

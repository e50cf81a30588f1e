"""Rows read by text are the rows that Tortoise reads, on both databases."""

from typing import Any

import pytest
from random_world import RandomWorld
from tortoise import Tortoise
from tortoise.expressions import Q

from models import Area, AreaLevel, Evaluation, Summons, Task, Unit
from models.rows import Joined, Text, among, ask, condition, conditions, joined, select
from policies.scopes import readable


def same(found: list[Any], wanted: list[Any]) -> None:
    assert [vars(row) for row in found] == [vars(row) for row in wanted]
    assert [[type(value) for value in vars(row).values()] for row in found] == [
        [type(vars(row)[name]) for name in vars(one)] for one, row in zip(found, wanted, strict=True)
    ]


async def test_every_table_reads_the_same(db: str) -> None:
    await RandomWorld(seed=5).build()
    read = 0
    for model in Tortoise.apps["models"].values():
        wanted = await model.all().order_by(model._meta.pk_attr)
        key = Text((f'"{model._meta.db_pk_column}"',))
        same(await select(model, None, [], [key]), wanted)
        read += bool(wanted)
    assert read > 15


async def test_of_some_columns_only_those_are_there(db: str) -> None:
    await RandomWorld(seed=5).build()
    [row, *_] = await select(Summons, frozenset({"title", "issued_at"}), [])
    assert {name for name in vars(row) if not name.startswith("_")} == {"id", "title", "issued_at"}
    assert row._partial
    with pytest.raises(AttributeError):
        row.text  # noqa: B018


CONDITIONS = [
    Q(),
    Q(level=AreaLevel.TOWN),
    Q(level__in=[AreaLevel.TOWN, AreaLevel.VILLAGE]),
    Q(path__gte="44.", path__lt="44.4406.440606.440606106/"),
    Q(Q(code="44"), Q(level="TOWN"), join_type=Q.OR),
    ~Q(code__in=["44", "4406"]),
    Q(parent_id__isnull=True),
    Q(pk__in=[]),
]


@pytest.mark.parametrize("number", range(len(CONDITIONS)))
async def test_a_condition_means_the_same(db: str, number: int) -> None:
    await RandomWorld(seed=5).build()
    q = CONDITIONS[number]
    text = condition(Area, q)
    found = await select(Area, None, [text] if text else [], [Text(('"code"',))])
    same(found, await Area.filter(q).order_by("code"))


async def test_conditions_that_look_alike_are_kept_apart(db: str) -> None:
    await RandomWorld(seed=5).build()
    texts = [
        condition(Unit, q)
        for q in (Q(summonable=True), Q(summonable=False), Q(version=1), Q(version=True), ~Q(version=1))
    ]
    assert len({(text.pieces, tuple(map(repr, text.values))) for text in texts if text}) == 5


async def test_a_condition_on_another_table_is_left_to_tortoise(db: str) -> None:
    with pytest.raises(Joined):
        condition(Task, Q(summons__title="x"))


async def test_many_keys_need_no_other_text_than_one(db: str) -> None:
    await RandomWorld(seed=5).build()
    codes = [area.code for area in await Area.all()]
    assert among("code", codes).pieces == among("code", codes[:1]).pieces
    found = await select(Area, None, [among("code", [*codes, *codes, "nowhere"])])
    assert {area.code for area in found} == set(codes)
    assert await select(Area, None, [among("code", [])]) == []


async def test_values_stand_where_they_belong_in_a_statement_of_parts(db: str) -> None:
    await RandomWorld(seed=5).build()
    parts = [Text(("code <> ", ""), ("44",)), Text(("name <> ", " AND depth > ", ""), ("x", 1))]
    where = joined(" WHERE ", parts, " AND ")
    [[number]] = [tuple(row) for row in await ask(Text(("SELECT COUNT(*) FROM area",)), where)]
    assert number == await Area.filter(~Q(code="44"), ~Q(name="x"), depth__gt=1).count() > 0


async def test_a_scope_means_the_same_also_where_it_looks_at_what_was_issued_together(db: str) -> None:
    world, looked = RandomWorld(seed=5), 0
    await world.build()
    for actor in await world.actors():
        for model in (Summons, Task, Evaluation):
            rows = readable(model, actor)
            texts = conditions(rows)
            found = await select(model, None, texts, [Text(('"id"',))])
            same(found, await rows.order_by("id"))
            looked += bool(found) and "co_issuer" in "".join(piece for text in texts for piece in text.pieces)
    assert looked > 3

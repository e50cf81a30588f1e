"""Evaluation templates: who makes one, where and since when it counts, and what is refused."""

from typing import Any

import pytest
from api import Answer, ask, do, why_not
from world import World, everything

from actions.templates_of_area import TEMPLATES
from models import Template
from models.generations import generations
from models.ids import new_id

pytest_plugins = ["monday"]

NEW = {
    "area": "440606106",
    "stationed": True,
    "validFrom": "2026-03-02",
    "dimensions": [{"code": "RESULT", "weight": 70}, {"code": "MANNERS", "weight": 30}],
    "parties": [{"party": "TOWN", "weight": 60}, {"party": "VILLAGE", "weight": 40}],
}
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
LIST = """query($area: AreaCode, $stationed: Boolean) { evaluationTemplates(area: $area, stationed: $stationed) {
    edges { node { number validFrom stationed area { code } issuerWeight createdBy { login }
        dimensions { code weight } parties { party weight } } } } }"""


async def templates(login: str, area: str, stationed: bool | None = None) -> list[Answer]:
    found = await ask(login, LIST, area=area, stationed=stationed)
    return [edge["node"] for edge in found["evaluationTemplates"]["edges"]]


async def test_where_nobody_decided_the_programs_own_count(world: World) -> None:
    others, stationed = sorted(await templates("zr.member", "440606106004"), key=lambda one: one["stationed"])
    assert {share["party"]: share["weight"] for share in stationed["parties"]} == {
        "TOWN": 50,
        "VILLAGE": 30,
        "OBJECTIVE": 20,
    }
    assert {share["party"]: share["weight"] for share in others["parties"]} == {
        "VILLAGE": 60,
        "OBJECTIVE": 20,
        "RESIDENT": 10,
        "TOWN": 10,
    }
    for one in (stationed, others):
        assert [(part["code"], part["weight"]) for part in one["dimensions"]] == [
            ("RESPONSE", 20),
            ("ARRIVAL", 20),
            ("RESULT", 40),
            ("SATISFACTION", 20),
        ]
        assert one["area"] is None


async def test_a_template_is_made_for_an_area_from_a_day_on_and_told(world: World) -> None:
    payload = await do("shunde.org", "createEvaluationTemplate", NEW)
    assert payload["problems"] == []
    assert (payload["template"]["number"], payload["template"]["version"]) == (1, 1)
    assert payload["event"]["type"] == "template.created"
    made = (await templates("tianhu.cadre", "440606106004", True))[0]
    assert made == {
        "number": 1,
        "validFrom": "2026-03-02",
        "stationed": True,
        "area": {"code": "440606106"},
        "issuerWeight": 1,
        "createdBy": {"login": "shunde.org"},
        "dimensions": NEW["dimensions"],
        "parties": NEW["parties"],
    }
    assert len(await templates("tianhu.cadre", "440606104", True)) == 1, "not in another town"
    later = await do("shunde.org", "createEvaluationTemplate", NEW | {"validFrom": "2026-04-01"})
    assert later["template"]["number"] == 2
    node = await ask("zr.head", NODE, id=payload["template"]["id"])
    assert node["node"] == {"__typename": "EvaluationTemplate", "id": payload["template"]["id"]}


def weights(**of: int) -> list[Answer]:
    return [{"party": party, "weight": weight} for party, weight in of.items()]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"parties": weights(TOWN=50, VILLAGE=49)}, ["InvalidInput WEIGHTS_NOT_100 parties"]),
        ({"dimensions": []}, ["InvalidInput WEIGHTS_NOT_100 dimensions"]),
        (
            {"dimensions": [{"code": "RESULT", "weight": 101}, {"code": "MANNERS", "weight": -1}]},
            [
                "InvalidInput WEIGHT_RANGE dimensions/0/weight",
                "InvalidInput WEIGHT_RANGE dimensions/1/weight",
            ],
        ),
        (
            {"parties": [*weights(TOWN=50), *weights(TOWN=50)]},
            ["InvalidInput WEIGHED_TWICE parties/1"],
        ),
        ({"parties": weights(OBJECTIVE=100)}, ["InvalidInput ONLY_OBJECTIVE parties"]),
        (
            {"dimensions": [{"code": "result", "weight": 100}]},
            ["InvalidInput DIMENSION_CODE dimensions/0/code"],
        ),
        (
            {"dimensions": [{"code": f"D{index}", "weight": 10 if index < 9 else 5} for index in range(11)]},
            ["InvalidInput TOO_MANY_DIMENSIONS dimensions"],
        ),
        ({"validFrom": "2026-03-01"}, ["InvalidInput TEMPLATE_IN_PAST validFrom"]),
        ({"issuerWeight": 0}, ["InvalidInput ISSUER_WEIGHT_RANGE issuerWeight"]),
        ({"area": "999999999"}, ["NotFound NOT_FOUND area"]),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_written(
    sqlite_world: World, given: dict[str, Any], problems: list[str]
) -> None:
    before = await everything()
    assert await why_not("shunde.org", "createEvaluationTemplate", NEW | given) == problems
    assert await everything() == before


async def test_one_day_has_one_template(sqlite_world: World) -> None:
    await do("shunde.org", "createEvaluationTemplate", NEW)
    taken = ["InvalidInput TEMPLATE_DAY_TAKEN validFrom"]
    assert await why_not("shunde.org", "createEvaluationTemplate", NEW) == taken
    assert await why_not("shunde.org", "createEvaluationTemplate", NEW | {"stationed": False}) == []


async def test_a_process_that_hears_of_a_new_one_scores_by_it_at_once(world: World) -> None:
    """What another process made is counted, so that nobody goes by what they remember."""
    await TEMPLATES.get()
    made = await Template.get(id="packagedForOthers")
    made.id, made.area_id, made.path = new_id(), "440606106", world.areas["440606106"].path
    made._saved_in_db = False
    await made.save(force_create=True)
    TEMPLATES.hear(await generations())
    assert made.id in {one.id for one in await TEMPLATES.get()}


@pytest.mark.parametrize("login", ["junan.leader", "tianhu.secretary", "zr.head", "shunde.supervision"])
async def test_only_the_organisation_department_makes_one(sqlite_world: World, login: str) -> None:
    assert (await why_not(login, "createEvaluationTemplate", NEW))[0].startswith("NotAllowed")

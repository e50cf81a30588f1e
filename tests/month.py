"""A month on its way to the public in the small world, driven through the API by those whose turn it is."""

from datetime import datetime, timedelta
from typing import Any, Self

from api import Answer, ask, brief, do
from matter import ACTIONS, EYE, HISTORY, local
from world import World

from models import (
    FlagEntry,
    Publication,
    Request,
    SlaClock,
    Summons,
    Task,
    TaskScore,
    Template,
    WorkOrder,
    clock,
)
from models.ids import new_id
from resolvers.ids import decoded

TIANHU, SHAPU = "440606106004", "440606106201"
SECRETARY, RESIDENT, ORG = "tianhu.secretary", "tianhu.resident", "shunde.org"
FEBRUARY = "2026-02-01"
OBJECTING = {"text": "路灯没有修好。"}
LEFT_OUT = {"cause": "LEFT_OUT"}
ANSWER = {"objectionNumber": 1, "upheld": False, "text": "已核实,数据无误。"}
PUBLICATION = """query($id: ID!) { publication(id: $id) { state edition month cause reason version dueAt
    requests orders flags figures { id metric numerator denominator hash }
    corrects { id } correctedBy { id } objections { number state text answer member { login } } } }"""


def tenth(month: str) -> datetime:
    return datetime.fromisoformat(f"{month[:8]}10T10:00:00+08:00")


async def happened(world: World, area: str = TIANHU, month: str = FEBRUARY) -> None:
    """A request came in, on the tenth."""
    at = tenth(month)
    place = {"area_id": area, "path": world.areas[area].path}
    await Request.create(
        number=f"R{new_id()}", **place, channel="BOX", text="路灯不亮。", created_at=at, updated_at=at
    )


async def scored(world: World, unit: str, *totals: float, area: str = TIANHU, month: str = FEBRUARY) -> None:
    """The area scored a task of the unit with each of these, on the tenth; the rows that rankings look at."""
    at, template = tenth(month), await Template.all().order_by("id").first()
    assert template is not None, "one is packaged"
    place = {"path": world.areas[area].path}
    for total in totals:
        summons = await Summons.create(
            number=new_id(),
            issuer_id=area,
            **place,
            title="t",
            category="ECONOMY",
            text="t",
            created_at=at,
            listed_at=at,
            updated_at=at,
        )
        of = {"unit_id": world.units[unit].id, **place}
        task = await Task.create(
            summons=summons,
            **of,
            territory=world.units[unit].territory,
            state="EVALUATED",
            created_at=at,
            updated_at=at,
        )
        await TaskScore.create(
            task=task,
            summons_id=summons.id,
            **of,
            round=1,
            template_id=template.id,
            total=round(total * 100),
            scored_at=at,
        )


async def flagged(
    world: World, login: str, number: int = 1, area: str = TIANHU, month: str = FEBRUARY, hour: int = 0
) -> None:
    """The member earned so many flags on the tenth, one order after the other."""
    for nth in range(number):
        order = await ordered(world, area, "VERIFIED", month)
        at = tenth(month) + timedelta(hours=hour, minutes=nth)
        member, path = world.members[login].id, world.areas[area].path
        await FlagEntry.create(order=order, member_id=member, area_id=area, path=path, at=at)


async def ordered(world: World, area: str, state: str, month: str = FEBRUARY) -> WorkOrder:
    """An order that ended on the tenth, or not at all."""
    at, path = tenth(month), world.areas[area].path
    dated = {"created_at": at, "updated_at": at}
    request = await Request.create(
        number=f"R{new_id()}", area_id=area, path=path, channel="BOX", text="路灯不亮。", **dated
    )
    return await WorkOrder.create(
        request=request, path=path, mode="CLAIMABLE", text="换灯。", state=state, round=1, **dated
    )


class Month:
    """A publication; its objections are counted from 1."""

    def __init__(self, world: World, id: str) -> None:
        self.world, self.id = world, id

    @classmethod
    async def drafted(
        cls, world: World, by: str = SECRETARY, area: str = TIANHU, month: str = FEBRUARY
    ) -> Self:
        """Of a month in which something happened."""
        await happened(world, area, month)
        payload = await do(by, "draftPublication", {"area": area, "month": month})
        assert payload["problems"] == [], payload["problems"]
        return cls(world, payload["publication"]["id"])

    @classmethod
    async def shown(cls, world: World, by: str = SECRETARY, **more: str) -> Self:
        drafted = await cls.drafted(world, by, **more)
        await drafted.done(by, "openPublication")
        return drafted

    @classmethod
    async def published(cls, world: World, by: str = SECRETARY, **more: str) -> Self:
        """Though its three days are not over."""
        shown = await cls.shown(world, by, **more)
        await shown.let_the_time_pass()
        await shown.done(by, "publishPublication")
        return shown

    async def let_the_time_pass(self) -> None:
        """The time for objections ran out a minute ago, and no timer saw it."""
        over = clock.now() - timedelta(minutes=1)
        await SlaClock.filter(publication_id=decoded(self.id)[1]).update(due_at=over, next_at=None)

    async def row(self) -> Publication:
        return await Publication.get(id=decoded(self.id)[1])

    async def do(self, login: str, mutation: str, of: int = 0, /, **given: Any) -> Answer:
        about = {} if mutation == "draftPublication" else await self.about()
        return await do(login, mutation, about | given)

    async def about(self, of: int = 0) -> Answer:
        return {"publication": self.id}

    async def done(self, login: str, mutation: str, of: int = 0, /, **given: Any) -> Answer:
        """The same, once it is clear that it happened."""
        payload = await self.do(login, mutation, **given)
        assert payload["problems"] == [], payload["problems"]
        return payload

    async def why_not(self, login: str, mutation: str, of: int | str = 0, /, **given: Any) -> str:
        """As `api.why_not`."""
        payload = await self.do(login, mutation, **given)
        return "; ".join(map(brief, payload["problems"]))

    async def seen(self, by: str = EYE) -> Answer:
        publication: Answer = (await ask(by, PUBLICATION, id=self.id))["publication"]
        return publication

    async def stands(self) -> str:
        """Such as "OBJECTION: OPEN"."""
        seen = await self.seen()
        return f"{seen['state']}: {', '.join(one['state'] for one in seen['objections'])}".removesuffix(": ")

    async def due(self) -> str | None:
        return local((await self.seen())["dueAt"])

    async def history(self, by: str = EYE) -> list[str]:
        told = await ask(by, f"query($id: ID!) {{ publication(id: $id) {{ {HISTORY} }} }}", id=self.id)
        return [edge["node"]["type"] for edge in told["publication"]["history"]["edges"]]

    async def available(self, login: str, of: int | str = 0) -> dict[str, str | None]:
        """Every action of the present state, with why not; None: it is allowed."""
        told = await ask(login, f"query($id: ID!) {{ publication(id: $id) {{ {ACTIONS} }} }}", id=self.id)
        return {one["action"]: one["reasonCode"] for one in told["publication"]["availableActions"]}

    async def task_id(self, name: str) -> str:
        """No other object belongs to it."""
        raise KeyError(name)

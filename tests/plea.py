"""A request on its way through the small world, driven through the API by those whose turn it is."""

from typing import Any, Self

from api import Answer, ask, brief, do
from matter import ACTIONS, EYE, HISTORY, Matter, local
from world import World

from resolvers.ids import global_id

TIANHU, GRID = "440606106004", "440606106004001"
CADRE, SECRETARY, RESIDENT = "tianhu.cadre", "tianhu.secretary", "tianhu.resident"
WORKER, VOLUNTEER, NEIGHBOUR = "tianhu.worker", "tianhu.volunteer", "tianhu.neighbour"
NEW = {"area": TIANHU, "channel": "ONLINE", "text": "门口路灯不亮。", "place": "天湖街3号"}
WORK = {"text": "换一盏路灯。"}
DRAFT = {"title": "路灯改造", "text": "整条街路灯不亮。", "units": ["zr"]}

REQUEST = """query($id: ID!) { request(id: $id) { state round outcome result dueAt version escalationLevel
    summons { id state } mergedInto { id } duplicates { id }
    orders { id state mode assignee { login } } reporters { number informedAt feedback } } }"""


async def neighbours(world: World) -> None:
    """A grid worker, a registered member, and another resident."""
    for login, role, area in (
        (WORKER, "grid_worker", GRID),
        (VOLUNTEER, "registered_party_member", TIANHU),
        (NEIGHBOUR, "resident", TIANHU),
    ):
        await world.enter(login, TIANHU)
        await world.hold(login, role, area=area)


class Plea:
    """A request; its orders are counted from 1."""

    def __init__(self, world: World, id: str) -> None:
        self.world, self.id = world, id
        self.others: dict[str, str] = {}

    @classmethod
    async def made(cls, world: World, by: str = RESIDENT, **more: Any) -> Self:
        payload = await do(by, "createRequest", NEW | more)
        assert payload["problems"] == [], payload["problems"]
        return cls(world, payload["request"]["id"])

    @classmethod
    async def triaged(cls, world: World, matter_class: str, by: str = RESIDENT, **more: Any) -> Self:
        plea = await cls.made(world, by, **more)
        await plea.done(CADRE, "triageRequest", matterClass=matter_class)
        return plea

    @classmethod
    async def ordered(cls, world: World, matter_class: str = "COMMUNITY", **given: Any) -> Self:
        plea = await cls.triaged(world, matter_class)
        await plea.done(CADRE, "dispatchRequest", **WORK | given)
        return plea

    @classmethod
    async def settled(cls, world: World, by: str = RESIDENT, **more: Any) -> Self:
        plea = await cls.made(world, by, **more)
        await plea.done(CADRE, "answerRequest", text="今天已修好。")
        return plea

    async def summoned(self, *others: Self) -> Matter:
        """The summons it led to, settled and closed; the others joined it."""
        await self.done(CADRE, "summonRequest", **DRAFT | {"text": "整条街。"})
        summons = Matter(self.world, (await self.seen())["summons"]["id"], "tianhu")
        for other in others:
            await other.done(CADRE, "summonRequest", summons=summons.id)
        await summons.bring("ISSUED")
        return await summons.bring("EVALUATED", "zr")

    async def reopened(self) -> Matter:
        """The same, when the resident is dissatisfied with it."""
        summons = await self.summoned()
        await self.done(RESIDENT, "giveFeedback", feedback="DISSATISFIED", comment="又坏了。")
        return summons

    async def do(self, login: str, mutation: str, of: int = 0, /, **given: Any) -> Answer:
        """The payload of a mutation of the request, or of one of its orders."""
        about = {} if mutation == "createRequest" else await self.about(of)
        return await do(login, mutation, self.world.ids(about | given))

    async def about(self, of: int = 0) -> Answer:
        """What an input says that is about the request, or about one of its orders."""
        return {"order": (await self.order(of))["id"]} if of else {"request": self.id}

    async def done(self, login: str, mutation: str, of: int = 0, /, **given: Any) -> Answer:
        """The same, once it is clear that it happened."""
        payload = await self.do(login, mutation, of, **given)
        assert payload["problems"] == [], payload["problems"]
        return payload

    async def why_not(self, login: str, mutation: str, of: int = 0, /, **given: Any) -> str:
        """As `api.why_not`."""
        payload = await self.do(login, mutation, of, **given)
        return "; ".join(map(brief, payload["problems"]))

    async def task_id(self, name: str) -> str:
        """The id of another request, or a summons, of the situation."""
        return self.others[name]

    async def seen(self) -> Answer:
        request: Answer = (await ask(EYE, REQUEST, id=self.id))["request"]
        return request

    async def order(self, number: int = 1) -> Answer:
        order: Answer = (await self.seen())["orders"][number - 1]
        return order

    async def state(self) -> str:
        return str((await self.seen())["state"])

    async def stands(self) -> str:
        """Such as "ORDERED: OPEN, DONE"."""
        seen = await self.seen()
        return f"{seen['state']}: {', '.join(order['state'] for order in seen['orders'])}".removesuffix(": ")

    async def due(self) -> str | None:
        """The limit that it is shown with, as the clock on the wall says."""
        return local((await self.seen())["dueAt"])

    async def history(self) -> list[str]:
        """The events of the request and its orders, oldest first."""
        told = await ask(EYE, f"query($id: ID!) {{ request(id: $id) {{ {HISTORY} }} }}", id=self.id)
        return [edge["node"]["type"] for edge in told["request"]["history"]["edges"]]

    async def available(self, login: str, of: int | str = 0) -> dict[str, str | None]:
        """Every action of the present state, with why not; None: it is allowed."""
        kind, id = ("order", (await self.order(int(of)))["id"]) if of else ("request", self.id)
        told = await ask(login, f"query($id: ID!) {{ {kind}(id: $id) {{ {ACTIONS} }} }}", id=id)
        return {one["action"]: one["reasonCode"] for one in told[kind]["availableActions"]}

    def member(self, login: str) -> str:
        return global_id(self.world.members[login])

"""A matter whose scores are disputed: what can be done with evaluations, beside their tasks."""

from typing import Any

from api import Answer, ask, do
from matter import ACTIONS, EYE, Matter

EVALUATIONS = """query($id: ID!) { task(id: $id) { score { total } evaluations {
    id state total area { code } appealUntil appeal { upheld ground reason ruledBy { login } } } } }"""
OF_EVALUATIONS = {"appealEvaluation", "adjudicateEvaluation"}


class Verdict(Matter):
    """Evaluations go by the unit that is scored; the first one is meant, or that of the area with this code."""

    async def evaluation(self, unit: str, area: str = "") -> Answer:
        found = await self.judged(unit)
        return next(one for one in found["evaluations"] if one["area"]["code"].endswith(area))

    async def judged(self, unit: str) -> Answer:
        told: Answer = (await ask(EYE, EVALUATIONS, id=await self.task_id(unit)))["task"]
        return told

    async def do(self, login: str, mutation: str, of: str = "", /, **given: Any) -> Answer:
        if mutation not in OF_EVALUATIONS:
            return await super().do(login, mutation, of, **given)
        about = {"evaluation": (await self.evaluation(of, given.pop("area", "")))["id"]}
        return await do(login, mutation, self.world.ids(about | given))

    async def available(self, login: str, unit: str = "") -> dict[str, str | None]:
        """Those of the task, and of its first evaluation."""
        of_task = await super().available(login, unit)
        if not unit or not (await self.judged(unit))["evaluations"]:
            return of_task
        id = (await self.evaluation(unit))["id"]
        told = await ask(
            login, f"query($id: ID!) {{ node(id: $id) {{ ... on Evaluation {{ {ACTIONS} }} }} }}", id=id
        )
        return of_task | {one["action"]: one["reasonCode"] for one in told["node"]["availableActions"]}

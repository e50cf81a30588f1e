"""The script: stories, and the acts they consist of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from baodao.demo.stage import Stage
from models import SummonsCategory, Task, Tier
from policies.scopes import whole

SENIOR = {Tier.KEY, Tier.DIFFICULT}


@dataclass(slots=True)
class Story:
    """One summons: what its draft says, with codes for areas and units; and, once it is played, its ids."""

    issuer: str
    title: str
    text: str
    category: SummonsCategory
    tier: Tier
    units: tuple[str, ...]
    lead: str | None = None
    co_issuers: tuple[str, ...] = ()
    appointment: datetime | None = None
    summons_id: str = ""
    tasks: dict[str, str] = field(default_factory=dict)

    @property
    def responsible(self) -> str:
        """Whom a unit sends: the tier may ask for its head."""
        return "head" if self.tier in SENIOR else "member"


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody (`by`: see Stage.actor) takes a step, on the task of `unit` if it is a step of a task."""

    at: datetime
    by: str
    action: str
    unit: str = ""
    words: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


Scene = tuple[Story, Act]


async def task_id(stage: Stage, story: Story, unit: str) -> str:
    """The unit's task in the story; a unit has at most one in all of them."""
    if unit not in story.tasks:
        task = await whole(Task).get(summons_id=story.summons_id, unit_id=stage.units[unit].id)
        story.tasks[unit] = task.id
    return story.tasks[unit]

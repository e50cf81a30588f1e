"""What the caller may do now with a summons or a task, and why not."""

from actions.available import Available
from models import Summons, Task
from resolvers.context import Info
from resolvers.words import words


async def available_actions(root: Summons | Task, info: Info) -> list[Available]:
    return await info.context.loaders.available.load(root)


def reason(root: Available, info: Info) -> str | None:
    return words(root.reason_code, info.context.language) if root.reason_code else None

"""What the caller may do now with something, and why not."""

from actions.available import Available
from models.workflow import Stepped
from resolvers.context import Info
from resolvers.later import Later
from resolvers.words import words


def available_actions(root: Stepped, info: Info) -> Later[list[Available]]:
    return info.context.loaders.available.find(root)


def reason(root: Available, info: Info) -> str | None:
    return words(root.reason_code, info.context.language) if root.reason_code else None

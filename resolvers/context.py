"""What every resolver is handed: who is asking, in which language, and the operation's loaders."""

from dataclasses import dataclass
from functools import cached_property

import strawberry

from policies.actor import Actor
from resolvers.loaders import Loaders
from resolvers.words import ENGLISH


@dataclass
class Context:
    """One for each operation. `language` is "en" or "zh"."""

    actor: Actor
    language: str = ENGLISH

    @cached_property
    def loaders(self) -> Loaders:
        return Loaders(self.actor)

    def forget(self) -> None:
        """Load everything anew from now on, because something has changed."""
        self.__dict__.pop("loaders", None)


Info = strawberry.Info[Context, None]

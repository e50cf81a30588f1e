"""What every resolver is handed: who is asking, in which language, and the operation's loaders."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import strawberry

from policies.actor import Actor
from resolvers.loaders import Loaders
from resolvers.words import ENGLISH

if TYPE_CHECKING:
    from resolvers.stream import Reader


@dataclass
class Context:
    """One for each operation. `language` is "en" or "zh".

    A stream whose context says that `others_read_on` ends once it has caught up, and leaves its reader in `left`;
    one that is to `go_on` from a reader begins without telling where it stands.
    """

    actor: Actor
    language: str = ENGLISH
    others_read_on: bool = False
    left: "Reader | None" = None
    go_on: "Reader | None" = None

    @cached_property
    def loaders(self) -> Loaders:
        return Loaders(self.actor)

    def forget(self) -> None:
        """Load everything anew from now on, because something has changed."""
        self.__dict__.pop("loaders", None)


Info = strawberry.Info[Context, None]

"""What every resolver is handed: who is asking, in which language, and the operation's loaders."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import strawberry

from policies.actor import Actor
from resolvers.loaders import Loaders
from resolvers.plan import Columns
from resolvers.words import ENGLISH

if TYPE_CHECKING:
    from resolvers.stream import Reader


@dataclass
class Context:
    """One for each operation. `language` is "en" or "zh". `columns`: what the document can show of the widest rows.

    A stream whose context says that `others_read_on` ends once it has caught up, and leaves its reader in `left`;
    one that is to `go_on` from a reader begins without telling where it stands. `last_seen`: the cursor after which
    a broken connection is taken up again. `stands`: the cursor of what the stream told last.
    `known_of`: a cursor of the log; no answer may be older than that. `written`: the last position written here.
    `head`: where the log ends for who reads from a replica; what is read shows everything up to there.
    """

    actor: Actor
    language: str = ENGLISH
    others_read_on: bool = False
    columns: Columns = field(default_factory=dict)
    changed: bool = False
    left: "Reader | None" = None
    go_on: "Reader | None" = None
    last_seen: str | None = None
    stands: str | None = None
    known_of: str | None = None
    written: int = 0
    head: int | None = None

    @cached_property
    def loaders(self) -> Loaders:
        return Loaders(self.actor, self.columns, trusting=not self.changed)

    def forget(self) -> None:
        """Load everything anew from now on, because something may have changed since."""
        self.__dict__.pop("loaders", None)

    def note_change(self) -> None:
        """This operation changed something: not even what is kept for many operations is trusted in it any more."""
        self.changed = True
        self.forget()


Info = strawberry.Info[Context, None]

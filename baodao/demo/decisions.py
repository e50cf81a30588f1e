"""What is decided beside the stories: by what agencies are scored in 南充, and when a quarter's scores are final."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from actions.score_locks import NewLock, lock_scores
from actions.templates import NewTemplate, create_template
from actions.templates_of_area import DIMENSIONS, STATIONED
from baodao.demo.agenda import Moment
from baodao.demo.stage import Stage
from baodao.demo.tables import Row, table


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody (a login) decides something for an area."""

    at: datetime
    row: Row

    async def make(self, stage: Stage) -> None:
        actor, area, since = (
            stage.actors[self.row["by"]],
            self.row["area"],
            date.fromisoformat(self.row["since"]),
        )
        if self.row["decision"] == "lock":
            await lock_scores(actor, NewLock(area, since, date.fromisoformat(self.row["until"])))
        else:
            await create_template(actor, NewTemplate(area, since, DIMENSIONS, STATIONED, stationed=True))


def decisions(stage: Stage) -> Iterator[Moment]:
    for row in table("decisions"):
        decision = Decision(stage.moment(row["at"]), row)
        yield decision.at, decision.make

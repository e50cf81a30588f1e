"""The stories that are written out in tables, line by line: the well-known cases, and the fresh ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from baodao.demo.places import CHENCUN
from baodao.demo.script import Act, Scene, Story
from baodao.demo.stage import Stage
from baodao.demo.tables import Row, table
from models import SummonsCategory, Tier

VILLAGE_DIGITS = 12
A_LITTLE_LATER = timedelta(minutes=10)


def written_stories(stage: Stage, cases: str, acts: str) -> Iterator[Scene]:
    """The acts of the two tables, in their order."""
    stories = {row["case"]: _story(stage, row) for row in table(cases)}
    before = stage.today
    for row in table(acts):
        at = before = _moment(stage, row["at"], before)
        act = Act(at, row["by"], row["action"], row["unit"], row["words"], _more(row["more"]))
        story = stories[row["case"]]
        for one in opening(story.issuer, at, A_LITTLE_LATER) if act.action == "open" else [act]:
            yield story, one


def _story(stage: Stage, row: Row) -> Story:
    return Story(
        issuer=row["issuer"],
        title=row["title"],
        text=row["text"],
        category=SummonsCategory(row["category"]),
        tier=Tier(row["tier"]),
        units=tuple(row["units"].split()),
        lead=row["lead"] or None,
        co_issuers=tuple(row["co_issuers"].split()),
        appointment=stage.moment(row["appointment"]) if row["appointment"] else None,
    )


def _moment(stage: Stage, text: str, before: datetime) -> datetime:
    """As Stage.moment; ``+10m`` is ten minutes after the line before."""
    return before + timedelta(minutes=int(text[1:-1])) if text.endswith("m") else stage.moment(text)


def _more(text: str) -> dict[str, str]:
    return dict(item.split("=", 1) for item in text.split(";")) if text else {}


def opening(issuer: str, at: datetime, pause: timedelta) -> list[Act]:
    """From the draft to the issue, by whom it takes in that place, with a pause before each further step."""
    return [Act(at + number * pause, by, action) for number, (by, action) in enumerate(_ways(issuer))]


def _ways(issuer: str) -> tuple[tuple[str, str], ...]:
    """Who does what. A town issues by itself; under 陈村 the town looks at what its villages want to issue."""
    if len(issuer) < VILLAGE_DIGITS:
        return ("coordinator", "draft"), ("coordinator", "submitForReview"), ("leader", "issue")
    prepared = ("cadre", "draft"), ("cadre", "submitForReview")
    if issuer.startswith(CHENCUN):
        return *prepared, ("secretary", "requestGate"), ("coordinator", "passGate")
    return *prepared, ("secretary", "issue")

"""Texts of rules in other lengths than the packaged one, put in force in a database before a service starts on it."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import count, islice, product

from actions.packaged_rules import next_number
from baodao.database import database
from baodao.demo.places import SHUNDE
from bench.district import login, member_ids
from models import PolicyState, PolicyVersion, clock
from policies.rules import check_text, packaged
from policies.scopes import whole

ASKED = frozenset(
    ("summons.read", "task.read", "task.accept", "area.read", "unit.read", "member.read", "analytics.read")
)
"""What the workloads are about: these rules always stay."""
BANNED = tuple(product(("village_cadre,village", "observer,town"), ("summons", "task", "area")))


def text_of(rows: int) -> str:
    """Rules and inheritances of which there are so many, or as few as may be published. ValueError when they are wrong.

    What is more than the packaged rules forbids in towns of other districts to read what is read here.
    """
    lines = [line.replace(", ", ",") for line in packaged().text.splitlines() if line[:2] in ("p,", "g,")]
    text = "\n".join((*_fewer(lines, rows), *islice(_bans(), max(rows - len(lines), 0))))
    if severe := _severe(text):
        raise ValueError(f"{rows} rules cannot be published: {severe[0]}")
    return text


def _fewer(lines: list[str], wanted: int) -> list[str]:
    """Without those that need not be there, the last ones first."""
    for line in reversed(lines):
        if len(lines) <= wanted:
            break
        without = [one for one in lines if one != line]
        if line.startswith("p,") and not _is_asked(line) and not _severe("\n".join(without)):
            lines = without
    return lines


def _is_asked(line: str) -> bool:
    return ".".join(line.split(",")[3:5]) in ASKED


def _severe(text: str) -> list[object]:
    return [fault for fault in check_text(text) if fault.severe]


def _bans() -> Iterator[str]:
    for number in count():
        district, town = f"4406{number // 900 + 10}", f"{number % 900 + 100}"
        for held, type in BANNED:
            yield f"p,{held}@44.4406.{district}.{district}{town}.,{type},read,subtree,True,deny"


async def publish(url: str, text: str) -> None:
    """As the action does, but without the two people it takes."""
    publisher, now = member_ids()[login("district_org_dept", SHUNDE)], clock.now()
    async with database(url):
        in_force = whole(PolicyVersion).filter(state=PolicyState.PUBLISHED)
        await in_force.update(state=PolicyState.RETIRED, retired_at=now)
        await PolicyVersion.create(
            number=await next_number(),
            state=PolicyState.PUBLISHED,
            published=True,
            text=text,
            hash=sha256(text.encode()).hexdigest(),
            path="",
            publisher_id=publisher,
            reason="to be measured",
            created_at=now,
            published_at=now,
        )

"""Versions of the rules, as clients see them, and how they are changed."""

from datetime import datetime

import strawberry

from models import PolicyState
from resolvers import policy_changes as resolve
from schema.areas import Area
from schema.fields import attribute, field, publish
from schema.members import Member
from schema.nodes import Node

publish(
    PolicyState,
    "Where a version of the rules stands; exactly one is in force.",
    DRAFT="Written and stored; its author may propose it (草案).",
    PROPOSED="Waits for somebody other than its author to publish it (待发布).",
    PUBLISHED="The rules in force (现行).",
    RETIRED="Given up, or followed by another version (已停用).",
)


@strawberry.type(
    description=(
        "A whole text of rules (权限策略版本): who may do what, as a table of rows that administrators write. "
        "Published texts are never changed; going back makes a new version."
    )
)
class PolicyVersion(Node):
    number: int | None = attribute("1, 2, 3 … in the order of publication; null for what was never in force.")
    state: PolicyState = attribute("Where it stands.")
    text: str = attribute("The rules to the letter, as they are exported and imported.")
    hash: str = attribute("SHA-256 of the text in UTF-8, as 64 hexadecimal digits.")
    base: int | None = attribute(
        "Number of the version in force when it was written; it is published only on top of that one."
    )
    restores: int | None = attribute("Number of the version whose text it brings back; null for a new text.")
    area: Area | None = field(
        resolve.area,
        "Whose rules it changes: the district, or the place that its local rows name; null for the first version.",
    )
    author: Member | None = field(
        resolve.author, "Who wrote it; null for the rules that come with the program, and for the unreadable."
    )
    reason: str = attribute("Why it was written, in the author's words.")
    created_at: datetime = attribute("When it was stored.")
    proposed_at: datetime | None = attribute("When it was proposed; null for a draft.")
    publisher: Member | None = field(resolve.publisher, "Who put it in force; never the author.")
    published_at: datetime | None = attribute("When it was put in force; null when it never was.")
    retired_at: datetime | None = attribute("When it was given up or followed by another version.")
    version: int = attribute(
        "Counts its changes from 1; hand it back to be refused when somebody was faster."
    )

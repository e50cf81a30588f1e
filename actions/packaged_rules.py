"""The rules that come with the program, stored as a version like any other."""

import hashlib

from tortoise.functions import Max

from models import PolicyState, PolicyVersion, clock
from policies.rules import POLICY
from policies.scopes import whole

REASON = "the rules that come with the program"


async def store_packaged_rules() -> PolicyVersion | None:
    """Publish them in a new database, or after an upgrade if nobody has ever changed the rules; None: left alone."""
    text = POLICY.read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    published = await whole(PolicyVersion).get_or_none(state=PolicyState.PUBLISHED)
    if published is not None and (published.publisher_id is not None or published.hash == digest):
        return None
    now = clock.now()
    if published is not None:
        published.state, published.retired_at = PolicyState.RETIRED, now
        await published.save(update_fields=["state", "retired_at"])
    return await PolicyVersion.create(
        number=await next_number(),
        state=PolicyState.PUBLISHED,
        published=True,
        text=text,
        hash=digest,
        path="",
        reason=REASON,
        created_at=now,
        published_at=now,
    )


async def next_number() -> int:
    """Of the version that is published next."""
    [(last,)] = await whole(PolicyVersion).annotate(last=Max("number")).values_list("last")
    return (last or 0) + 1

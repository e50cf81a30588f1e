"""The audit log, for those who audit."""

from datetime import datetime

import orjson
from strawberry import ID

from models import AuditEntry, Event, Member, PolicyVersion
from policies.scopes import readable
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, decoded, encoded, key_of
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST_FIRST = Order("audit", By("seq", int, descending=True))


async def audit_entries(
    info: Info,
    area: AreaCode | None = None,
    actor: ID | None = None,
    object: ID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[AuditEntry]:
    rows = readable(AuditEntry, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if actor is not None:
        rows = rows.filter(actor_id=key_of(actor, Member, "actor"))
    if object is not None:
        rows = rows.filter(object_id=decoded(object, "object")[1])
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return await page(info, rows, NEWEST_FIRST, first, after)


def actor(root: AuditEntry, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.actor_id) if root.actor_id else None


def on_behalf_of(root: AuditEntry, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.on_behalf_of_id) if root.on_behalf_of_id else None


def policy(root: AuditEntry, info: Info) -> Later[PolicyVersion | None]:
    return info.context.loaders.policies_by_hash.find(root.policy) if root.policy else None


async def event_of_entry(root: AuditEntry, info: Info) -> Event | None:
    loader = info.context.loaders.rows_of(Event)
    row = await loader.load(root.event_id)
    return row if isinstance(row, Event) else None


def object_id(root: AuditEntry) -> ID:
    return ID(encoded(root.kind, root.object_id))


def before(root: AuditEntry) -> str:
    return orjson.dumps(root.before, option=orjson.OPT_SORT_KEYS).decode()


def after(root: AuditEntry) -> str:
    return orjson.dumps(root.after, option=orjson.OPT_SORT_KEYS).decode()

"""Everything that can be listened to."""

from collections.abc import AsyncIterator

import strawberry

from resolvers import stream
from schema.events import RequestUpdate, TaskUpdate
from schema.fields import subscription


@strawberry.type(description="Everything that can be listened to, one message at a time.")
class Subscription:
    task_updates: AsyncIterator[TaskUpdate | None] = subscription(
        stream.task_updates,
        "Events of summonses and tasks the caller may read, from just after `after` (null: from now), nothing "
        "skipped, nothing twice unless the connection broke. The first message tells where the stream stands; a "
        "quiet stream sends a bookmark every 20 seconds.",
        area="Only events of summonses issued in this area or below it.",
        unit="Only events of tasks of this unit.",
        types="Only events of these types, e.g. `task.accepted`; an unknown name is refused.",
        after="Go on after this place in the log; from now when left out. `CURSOR_EXPIRED` when what comes next is "
        "older than `eventLog.retentionDays`, or it is a cursor of another log: read the lists anew. Over server-sent "
        "events the header `Last-Event-ID` counts instead.",
    )
    request_updates: AsyncIterator[RequestUpdate | None] = subscription(
        stream.request_updates,
        "Events of requests (诉求) and work orders (派单) the caller may read, just as `taskUpdates` and with the same "
        "cursors. Who reported a request hears of their own alone; who they are is protected here as everywhere.",
        area="Only events of requests of this area or one below it.",
        types="Only events of these types, e.g. `order.done`; an unknown name is refused.",
        after="Go on after this place in the log, as with `taskUpdates`; from now when left out.",
    )

"""Subscribers who ask the same and may see the same share one reader of the log, one answer and one text."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from weakref import WeakSet

import orjson
from graphql import OperationType

from actions.feed import Bell
from baodao.audience import Audience
from baodao.known import Documents, Question, payload
from models import clock
from policies.actor import Actor
from policies.alike import alike
from policies.loading import load_actors
from policies.met import still_hold
from resolvers import stream
from resolvers.context import Context
from resolvers.stream import Reader, Update
from resolvers.tail import TAIL

MOST_WAITING = 500
"""Messages that may wait for a slow subscriber, who is turned out rather than given one more."""
LONGEST_WAIT = 60.0
"""Seconds that a message may wait for a slow subscriber, who is turned out rather than given another one."""

log = logging.getLogger(__name__)


class FellBehind(Exception):
    """A subscriber takes too long to read; nothing is lost for who goes on after the last cursor."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a subscriber is told, as JSON, and where in the log they stand then."""

    text: str
    cursor: str


class Listener:
    """One subscriber: the messages that wait to be sent, and the place in the log they lead to."""

    def __init__(self, actor: Actor, position: int) -> None:
        self.actor, self.position = actor, position
        self._waiting: deque[tuple[float, Message]] = deque()
        self._rung = asyncio.Event()
        self._alone = self._behind = False
        self._given_at = stream.seconds()

    def give(self, message: Message) -> None:
        self._given_at = stream.seconds()
        if self._is_slow():
            self._waiting.clear()
            self._behind = True
        if not self._behind:
            self._waiting.append((self._given_at, message))
        self._rung.set()

    def _is_slow(self) -> bool:
        if not self._waiting:
            return False
        waits_since, _ = self._waiting[0]
        return len(self._waiting) >= MOST_WAITING or self._given_at - waits_since > LONGEST_WAIT

    def is_quiet(self) -> bool:
        """Whether it is time for a bookmark."""
        return stream.seconds() - self._given_at >= stream.BOOKMARK_EVERY

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def leave_alone(self) -> None:
        """Nothing more comes after what waits already."""
        self._alone = True
        self._rung.set()

    async def next(self) -> Message | None:
        """The next message; None when the subscriber has to read on alone. Raises FellBehind."""
        while not self._waiting:
            if self._behind:
                raise FellBehind
            if self._alone:
                return None
            self._rung.clear()
            await self._rung.wait()
        _, message = self._waiting.popleft()
        return message


PassOn = Callable[[Listener], Awaitable[None]]
"""Sends what a listener is given, until it has to read on alone."""


class Group:
    """Listeners who are alike, and who reads for them: with the rights that each of them has at that moment."""

    def __init__(self, documents: Documents, asked: "Asked", reader: Reader, context: Context) -> None:
        self._documents, self._asked = documents, asked
        self._context = Context(context.actor, context.language)
        self._reader = replace(reader)
        self._alike = asked.alike(context.actor)
        self.listeners: set[Listener] = set()
        self.given_up = False
        self._bell = Bell()
        self.reading = asyncio.create_task(self._read())

    def take(self, listener: Listener) -> None:
        """In from the next round on; what it lacks of what the others have is read for it again."""
        self.listeners.add(listener)
        if listener.position < self._reader.position:
            self._bell.ring()

    def let_go(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        if not self.listeners:
            self.given_up = True
            self.reading.cancel()

    async def _read(self) -> None:
        try:
            with self._bell as bell:
                while self.listeners:
                    if await self._round() or any(
                        one.position < self._reader.position for one in self.listeners
                    ):
                        continue
                    if quiet := [one for one in self.listeners if one.is_quiet()]:
                        await self._tell(quiet, self._reader.bookmark())
                    else:
                        await bell.wait(stream.LONGEST_SLEEP)
        except Exception:
            log.exception("cannot read for several listeners at once")
        finally:
            self.given_up = True
            for listener in self.listeners:
                listener.leave_alone()
            self.listeners.clear()

    async def _round(self) -> bool:
        """Whether there was an event. Who comes while it runs was not looked at, and gets nothing of it."""
        here = list(self.listeners)
        recent = await TAIL.after(min((one.position for one in here), default=self._reader.position))
        here = await self._renewed(here)
        if not here:
            return False
        self._reader.position = min(one.position for one in here)
        self._context.actor = here[0].actor
        events = await self._reader.next(self._context.actor, recent)
        for event in events:
            behind = [one for one in here if one.position < event.pos]
            await self._tell(behind, self._reader.update(event))
            for listener in behind:
                listener.position = event.pos
        for listener in here:
            listener.position = max(listener.position, self._reader.position)
        return bool(events)

    async def _renewed(self, here: list[Listener]) -> list[Listener]:
        """Those who still may see the same, after the head was read: a right lost before an event is seen here."""
        if await still_hold((one.actor for one in here), clock.now()):
            return here
        ids = {str(one.actor.id) for one in here}
        actors = {actor.id: actor for actor in await load_actors(ids, clock.now())}
        same = []
        for listener in here:
            actor = actors.get(listener.actor.id)
            if actor is not None and (actor == listener.actor or self._fits(actor)):
                listener.actor = actor
                same.append(listener)
            else:
                self.listeners.discard(listener)
                listener.leave_alone()
        return same

    def _fits(self, actor: Actor) -> bool:
        return not actor.disabled and self._asked.alike(actor) == self._alike

    async def _tell(self, listeners: list[Listener], update: Update) -> None:
        """One answer, made into a text once."""
        self._context.forget()
        result = await self._documents.execute(self._asked.question, self._context, update)
        message = Message(orjson.dumps(payload(result)).decode(), update.cursor)
        for listener in listeners:
            listener.give(message)


class Asked:
    """A subscription that can be answered for many."""

    def __init__(self, question: Question, audience: Audience, asked: bytes) -> None:
        self.question, self._audience = question, audience
        self._same = question.known.text, asked

    def alike(self, actor: Actor) -> Hashable:
        return alike(actor, self._audience.rights)

    def key(self, context: Context, reader: Reader) -> Hashable:
        """Equal only for those who are told the very same."""
        return self._same, context.language, reader.wanted, reader.log, self.alike(context.actor)


class Fanout:
    """The groups of this process."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._groups: dict[Hashable, Group] = {}
        FANOUTS.add(self)

    @property
    def groups(self) -> list[Group]:
        return list(self._groups.values())

    async def together(
        self, text: str, variables: dict[str, object] | None, context: Context, pass_on: PassOn
    ) -> None:
        """A stream that has caught up is read together with others, as long as that may be.

        Afterwards the context says to go on alone, for good or until it has caught up again. Raises FellBehind.
        """
        reader, asked = context.left, self.asked(text, variables)
        assert reader is not None, "it has caught up"
        if asked is not None:
            with self.listener(asked, context, reader) as listener:
                await pass_on(listener)
            reader.position = listener.position
        context.left, context.go_on = None, reader
        context.others_read_on = asked is not None

    def asked(self, text: str, variables: dict[str, object] | None) -> Asked | None:
        """Of a subscription that was begun, so that it is valid; None when it has to be answered alone."""
        self._documents.learn(text)
        known = self._documents.find(text)
        if (
            known is None
            or known.audience is None
            or known.operation.operation is not OperationType.SUBSCRIPTION
        ):
            return None
        asked = known.audience.asked(variables)
        return None if asked is None else Asked(Question(known, variables), known.audience, asked)

    @contextmanager
    def listener(self, asked: Asked, context: Context, reader: Reader) -> Iterator[Listener]:
        """In the group of those who are alike, for as long as the block runs. The actor was loaded a moment ago."""
        key, listener = asked.key(context, reader), Listener(context.actor, reader.position)
        group = self._groups.get(key)
        if group is None or group.given_up:
            group = self._groups[key] = Group(self._documents, asked, reader, context)
        group.take(listener)
        try:
            yield listener
        finally:
            group.let_go(listener)
            if not group.listeners and self._groups.get(key) is group:
                del self._groups[key]


FANOUTS: WeakSet[Fanout] = WeakSet()

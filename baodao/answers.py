"""Answers that are kept for whoever asks the same and may see the same, and the ETags clients know them again by."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

import orjson
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response

from baodao.known import Documents, Question, payload
from baodao.replica import REPLICA
from models import LogEpoch
from models.generations import Generations, Moment
from models.kept import KEPT
from models.replica import aside
from policies.alike import mark
from resolvers.context import Context
from resolvers.ids import packed
from resolvers.tail import log_head

MOST = 20_000
OVERHEAD = 1_000
"""Bytes that an answer takes beside its texts, or a little less."""
JSON = "application/json"

Key = tuple[str, bytes, str, str]
"""Document, variables, language, and the mark of those who may see the same."""


@dataclass(slots=True)
class Answer:
    """`key` only if it holds for whoever asks with an equal one. `head`: where the log ended when it was begun."""

    body: bytes
    key: Key | None = None
    head: int = 0
    _tag: str | None = None

    async def tag(self) -> str | None:
        """The same in every process, for just these bytes and callers; it tells nothing without the log's epoch."""
        if self._tag is None and self.key is not None:
            _, _, language, marked = self.key
            about = f"{language} {marked} ".encode() + self.body
            self._tag = f'"{packed(digest(await MEMORY.epoch(), about, sha256)[:18])}"'
        return self._tag


class Memory:
    """Answers of the present generation, those asked for last; the first to go is the one nobody asked for longest."""

    def __init__(self, most: int = MOST, most_bytes: int = 0) -> None:
        self._most, self.most_bytes = most, most_bytes
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._epoch: bytes | None = None
        self.bytes = 0
        self._heard: int | None = None
        self.life = self.hits = self.misses = 0
        KEPT.append(self)

    def find(self, key: Key) -> Answer | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, answer: Answer, life: int) -> None:
        """`life`: the one in which the answer was begun, as in `models.kept.Kept`; nothing is kept of a former one."""
        if life != self.life or self._heard is None or _weight(key, answer) > self.most_bytes:
            return
        self._drop(key)
        self._kept[key] = answer
        self.bytes += _weight(key, answer)
        while len(self._kept) > self._most or self.bytes > self.most_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        if (answer := self._kept.pop(key, None)) is not None:
            self.bytes -= _weight(key, answer)

    def __len__(self) -> int:
        return len(self._kept)

    def hear(self, generations: Generations) -> None:
        if generations.all != self._heard:
            self._clear()
            self._heard = generations.all

    def forget(self) -> None:
        self._clear()
        self._epoch = self._heard = None

    def _clear(self) -> None:
        self._kept.clear()
        self.bytes = 0
        self.life += 1

    async def epoch(self) -> bytes:
        if self._epoch is None:
            self._epoch = (await LogEpoch.get(id=1)).epoch.encode()
        return self._epoch


def _weight(key: Key, answer: Answer) -> int:
    text, variables, *_ = key
    return len(answer.body) + len(text) + len(variables) + OVERHEAD


MEMORY = Memory()
HEAD = Moment(log_head)


async def answer(documents: Documents, question: Question, context: Context) -> Answer:
    """Whatever the documents say, perhaps from the memory. The actor was loaded, or met again, a moment ago.

    What the state is, is read first: an answer can only be newer than what it is kept under.
    """
    audience = question.known.audience
    asked = audience.asked(question.variables) if audience else None
    if audience is None or asked is None:
        return await _made(documents, question, context)
    marked = mark(context.actor, audience.rights)
    key = question.known.text, asked, context.language, marked.text
    if marked.personal or not MEMORY.most_bytes:
        return await _made(documents, question, context, key)
    life = MEMORY.life
    head = await HEAD.now() if audience.logged else 0
    kept = MEMORY.find(key)
    if kept is not None and kept.head == head:
        MEMORY.hits += 1
        return kept
    MEMORY.misses += 1
    made = await _made(documents, question, context, key, head)
    if made.key is not None:
        MEMORY.put(key, made, life)
    return made


async def _made(
    documents: Documents, question: Question, context: Context, key: Key | None = None, head: int = 0
) -> Answer:
    """From the replica if that will do; the answer is found again only while the log ends where the replica stood."""
    is_query = question.known.operation.operation is OperationType.QUERY
    standing = await REPLICA.enough_for(context) if is_query else None
    if standing is None:
        result = await documents.execute(question, context)
    else:
        head, context.head = min(head, standing.head), standing.head
        with aside():
            result = await documents.execute(question, context)
    return Answer(orjson.dumps(payload(result)), None if result.errors else key, head)


async def response(request: Request, answer: Answer) -> Response:
    """A GET that names the present ETag is told only that it is the present one."""
    tag = await answer.tag() if request.method == "GET" else None
    if tag is None:
        return Response(answer.body, media_type=JSON)
    headers = {
        "etag": tag,
        "cache-control": f"{'private' if 'authorization' in request.headers else 'public'}, no-cache",
        "vary": "Authorization, Accept, Accept-Language",
    }
    if _names(request.headers.getlist("if-none-match"), tag):
        return Response(None, 304, headers)
    return Response(answer.body, headers=headers, media_type=JSON)


def _names(lines: Sequence[str], tag: str) -> bool:
    """By weak comparison, so W/ before a tag does not matter; there is no quotation mark or comma inside of ours."""
    return any(tag in line or line.strip() == "*" for line in lines)

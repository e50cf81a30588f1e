"""The log on stderr: a line of text or a JSON object for each message, and nothing that people wrote or must keep.

What an exception says of itself may hold a value out of a request or a row. So only those kinds that speak of the
program alone are quoted; of all others a log has the kind and the place.
"""

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

import asyncpg
import orjson
from uvicorn.logging import DefaultFormatter

from actions.audit import REQUEST_ID
from baodao.watched import Line

OF_THE_PROGRAM = (
    AssertionError,
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    NotImplementedError,
    OSError,
    RecursionError,
)
DEEPEST = 10
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def log_config(kind: str) -> dict[str, object]:
    """For `logging.config`; `kind` is text or json. Nobody is told of threads, so that no record looks for its own."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    formatter = {"()": "baodao.logs.Json" if kind == "json" else "baodao.logs.Text"}
    handler = {
        "class": "logging.StreamHandler",
        "stream": "ext://sys.stderr",
        "formatter": "lines",
        "filters": ["ours"],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "filters": {"ours": {"()": "baodao.logs.Ours"}},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"uvicorn": {"level": "INFO"}, "baodao.access": {"level": "INFO"}},
    }


class Ours(logging.Filter):
    """Not uvicorn's own lines about sockets, which hold the whole address; ours tell of them too."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.name == "uvicorn.error" and str(record.msg).startswith('%s - "WebSocket'))


class Text(DefaultFormatter):
    """As uvicorn writes."""

    def __init__(self) -> None:
        super().__init__("%(levelprefix)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Whoever formatted the exception before may have told more of it."""
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _message(record)
        return super().formatMessage(record)

    def formatException(self, ei: ExcInfo) -> str:
        return stack(ei[1]) if ei[1] is not None else ""


class Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request_id": REQUEST_ID.get(),
        }
        if isinstance(record.msg, Line):
            told |= record.msg.told
        if record.exc_info and record.exc_info[1] is not None:
            told["stack"] = stack(record.exc_info[1])
        return orjson.dumps(told).decode()


def _message(record: logging.LogRecord) -> str:
    """asyncio describes what failed in further lines, values and all."""
    message = record.getMessage()
    return message.partition("\n")[0] if record.name == "asyncio" else message


def stack(error: BaseException) -> str:
    """Where it was raised and what it is, after what it came of."""
    return "\n".join(_stack(error, DEEPEST))


def _stack(error: BaseException, deepest: int) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None and deepest:
        yield from _stack(earlier, deepest - 1)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield _said(error)
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) and deepest else ():
        yield from _stack(part, deepest - 1)


def _said(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, asyncpg.PostgresError):
        return f"{kind}: {error.sqlstate} {getattr(error, 'constraint_name', None) or ''}".rstrip()
    return f"{kind}: {error}" if isinstance(error, OF_THE_PROGRAM) else kind

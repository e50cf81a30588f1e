"""The log: one line a request, JSON where it is wanted, and nothing private, whatever is asked and whatever breaks."""

import io
import json
import logging
import logging.config
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Running, run
from test_cli import Service, Shell
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from baodao.logs import log_config, stack
from models import Member

UNITS = "query Units($first: Int) { units(first: $first) { edges { node { name } } } }"
UPDATES = "subscription { taskUpdates { cursor event { type } } }"
DRAFT = "mutation($input: DraftSummonsInput!) { draftSummons(input: $input) { problems { message } event { id } } }"
TITLE, TEXT, PHONE = "王老五家漏水", "老王的电话别告诉别人", "13800138000"
PRIVATE = (TITLE, TEXT, PHONE, "tianhu.secretary", "Bearer", "forged-token", "never-logged", "王老五")


class Written(list[str]):
    """The lines of the log."""

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self]

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [one for one in self.objects if one["logger"] == "baodao.access"]


@pytest.fixture(params=["json", "text"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def written(kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """What a service configured like that writes to stderr."""
    stream, lines = io.StringIO(), Written()
    root = logging.getLogger()
    names = ("", "uvicorn", "uvicorn.error", "baodao.access")
    former = [(logger := logging.getLogger(name), logger.level, logger.handlers[:]) for name in names]
    monkeypatch.setattr("sys.stderr", stream)
    logging.config.dictConfig(log_config(kind))
    root.handlers[0].emit = collecting(root.handlers[0], lines)  # type: ignore[method-assign]
    yield lines
    for logger, level, handlers in former:
        logger.setLevel(level)
        logger.handlers[:] = handlers


def collecting(handler: logging.Handler, lines: Written):
    """Formatted as it would be written."""
    return lambda record: lines.append(handler.format(record))


@pytest.fixture
async def service(
    written: Written, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    async with run(sqlite_url, monkeypatch, tmp_path) as running:
        yield running

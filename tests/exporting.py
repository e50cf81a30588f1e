"""Exports in the small world: asked for by the API, written by an exporter that is told when, and fetched."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import orjson
from api import Answer, ask
from starlette.applications import Starlette
from starlette.routing import Route

from baodao.downloads import download
from baodao.exports import Exporter

ASKED = """mutation($input: ExportLedgerInput!) { exportLedger(input: $input) {
    export { id ledger format state rowsDone rowsTotal bytes url expiresAt area { code } version }
    event { type area { code } } problems { message path ... on InvalidInput { reasonCode } } } }"""
SEEN = """query($id: ID!) { export(id: $id) {
    ledger format state failure reason rowsDone rowsTotal bytes url createdAt doneAt expiresAt version } }"""


async def asked_for(login: str, ledger: str, area: str, format: str = "NDJSON", **more: object) -> str:
    """The id of a new export."""
    given = {"ledger": ledger, "format": format, "area": area} | more
    payload: Answer = (await ask(login, ASKED, input=given))["exportLedger"]
    assert payload["problems"] == [], payload["problems"]
    return str(payload["export"]["id"])


async def seen(login: str, id: str) -> Answer:
    export: Answer = (await ask(login, SEEN, id=id))["export"]
    return export


async def worked_off(exporter: Exporter) -> None:
    """Until nothing waits any more, whatever became of it."""
    await exporter.look()
    while exporter.running:
        await asyncio.gather(*exporter.running.values())
        await exporter.look()


@asynccontextmanager
async def fetching() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the links alone."""
    app = Starlette(routes=[Route("/exports/{token}", download)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://baodao") as client:
        yield client


async def content(login: str, id: str) -> bytes:
    """The file of an export that is done."""
    export = await seen(login, id)
    assert export["state"] == "DONE", export
    async with fetching() as client:
        answer = await client.get(export["url"])
    assert answer.status_code == 200, answer.text
    assert len(answer.content) == export["bytes"]
    return answer.content


async def exported(
    login: str, folder: Path, ledger: str, area: str, format: str = "NDJSON", **more: object
) -> bytes:
    """All of it in one."""
    id = await asked_for(login, ledger, area, format, **more)
    await worked_off(Exporter(folder))
    return await content(login, id)


def objects(content: bytes) -> list[dict[str, Any]]:
    """Of NDJSON, whose lines all end."""
    assert not content or content.endswith(b"\n")
    return [orjson.loads(line) for line in content.splitlines()]


def cells(content: bytes) -> list[list[str]]:
    """Of CSV, without the mark that Excel wants."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))

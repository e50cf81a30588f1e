"""Texts of rules for the commands: out of files or stored versions, and what is wrong with them."""

import asyncio
import sys
from pathlib import Path
from typing import NoReturn

import typer

from baodao.command import inside
from models import NotFound, PolicyState, PolicyVersion
from policies.book import RuleBook
from policies.reading.syntax import Fault
from policies.rules import BrokenRules, check_text, read_loosely
from policies.scopes import whole


def fail(*lines: str) -> NoReturn:
    """Complain, and end with exit code 1."""
    for line in lines:
        print(f"baodao: {line}", file=sys.stderr)
    raise typer.Exit(1)


def text_of(file: Path) -> str:
    """To the letter. Raises OSError."""
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as odd:
        raise OSError(f"{file}: not UTF-8 at byte {odd.start}") from odd


def sound_text(file: Path) -> str:
    """A text that can be published: every warning is told, and every severe fault ends the command."""
    text = text_of(file)
    found = check_text(text)
    for fault in found:
        if not fault.severe:
            print(f"warning: {_told(str(file), fault)}", file=sys.stderr)
    if severe := [fault for fault in found if fault.severe]:
        fail(*(_told(str(file), fault) for fault in severe))
    return text


def book_of(name: str) -> RuleBook:
    """Of a file or, if there is none of that name, of the version with that number; unreadable rows end the command."""
    is_stored = is_number(name) and not Path(name).exists()
    text = asyncio.run(inside(lambda: stored_text(int(name)))) if is_stored else text_of(Path(name))
    try:
        return read_loosely(text)
    except BrokenRules as broken:
        fail(*(_told(name, fault) for fault in broken.faults))


async def stored_text(number: int | None) -> str:
    """Of the version in force when no number is given. Raises NotFound."""
    wanted = {"state": PolicyState.PUBLISHED} if number is None else {"number": number}
    policy = await whole(PolicyVersion).get_or_none(**wanted)
    if policy is None:
        raise NotFound("PolicyVersion", "version")
    return policy.text


def is_number(text: str) -> bool:
    """And no id: these have 26 characters."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _told(name: str, fault: Fault) -> str:
    place = f"{name}:{fault.line}:{fault.column}" if fault.line else name
    hint = f"; did you mean {fault.suggestion!r}?" if fault.suggestion else ""
    return f"{place}: {fault.message}{hint}"

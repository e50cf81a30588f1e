"""PostgreSQL's own programs, run so that no password is seen on a command line or in what they say."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO

from tortoise.backends.base.config_generator import expand_db_url

from baodao.backup.contents import BackupError

VARIABLES = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "database",
}
QUIETLY = {"LC_ALL": "C", "PGOPTIONS": "-c client_min_messages=warning", "PGAPPNAME": "baodao backup"}
PSQL = ("psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-")
TOO_NEW = b"SET transaction_timeout = 0;\n"
"""What pg_restore says from version 17 on, and older servers do not know: the timeout is off anyway."""


def credentials(url: str) -> dict[str, object]:
    """Host, port, user, password and database as the address has them, and nothing else it may hold."""
    given = expand_db_url(url)["credentials"]
    return {name: given[name] for name in VARIABLES.values() if given.get(name) is not None}


def require_version(program: str, server: int) -> None:
    """Raises BackupError when the program is missing, or older than the server's main version."""
    told = re.search(r"\d+", output_of(program, "--version"))
    if told is None or int(told[0]) < server:
        own = told[0] if told else "of no version"
        raise BackupError(
            f"{program} {own} is older than the server, PostgreSQL {server}: install its client"
        )


def output_of(program: str, *words: str, url: str | None = None, named: str = "") -> str:
    """What it prints. Raises BackupError, which begins with what is `named`, when it fails."""
    done = subprocess.run(
        [_found(program), *words], env=_environment(url), capture_output=True, text=True, errors="replace"
    )
    if done.returncode != 0:
        raise BackupError(f"{named or program}: {_told(done.stderr)}")
    return done.stdout


def run_as_one(before: Iterable[str], script: Sequence[str], after: Iterable[str], url: str) -> None:
    """One transaction of the statements before, what the program `script` prints, and the statements after.

    Nothing is committed unless everything was said, so whoever of the three dies, or we, nothing has happened.
    Raises BackupError.
    """
    program, *words = script
    with (
        TemporaryFile() as complaints,
        subprocess.Popen(
            [_found("psql"), *PSQL[1:]],
            env=_environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        ) as listening,
        subprocess.Popen(
            [_found(program), *words], env=_environment(None), stdout=subprocess.PIPE, stderr=complaints
        ) as telling,
    ):
        assert listening.stdin is not None and telling.stdout is not None
        _pass_on(before, telling, after, listening.stdin)
        if listening.wait() != 0 or telling.wait() != 0:
            complaints.seek(0)
            raise BackupError(f"nothing was restored: {_told(complaints.read().decode(errors='replace'))}")


def _pass_on(
    before: Iterable[str], telling: subprocess.Popen[bytes], after: Iterable[str], to: IO[bytes]
) -> None:
    assert telling.stdout is not None
    try:
        _say(to, "BEGIN", *before)
        to.writelines(line for line in telling.stdout if line != TOO_NEW)
        if telling.wait() == 0:
            _say(to, *after, "COMMIT")
        to.close()
    except BrokenPipeError:  # an error ended psql; what pg_restore still has to say is not asked for
        telling.terminate()
        with suppress(BrokenPipeError):
            to.close()


def _say(to: IO[bytes], *statements: str) -> None:
    to.writelines(f"{statement};\n".encode() for statement in statements)


def _environment(url: str | None) -> dict[str, str]:
    """Ours, so that PGPASSFILE, PGSSLMODE and the like hold; what the address says goes before."""
    given = credentials(url) if url else {}
    named = {variable: str(given[name]) for variable, name in VARIABLES.items() if name in given}
    return os.environ | QUIETLY | named


def _found(program: str) -> str:
    if path := shutil.which(program):
        return path
    raise BackupError(f"{program} is missing: install PostgreSQL's client (Debian: postgresql-client)")


def _told(complaints: str) -> str:
    """The first line that tells of an error, without the program's name."""
    lines = [line for line in complaints.splitlines() if line.strip()]
    telling = next(
        (line for line in lines if "error" in line.lower()), lines[0] if lines else "no reason given"
    )
    return re.sub(r"^\S*?(pg_dump|pg_restore|psql)(:\S+)*: (error: |ERROR: +)?|^ERROR: +", "", telling)

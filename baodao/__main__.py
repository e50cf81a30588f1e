"""`baodao …` and `python -m baodao …`: the commands, and one clear line for whatever can be expected to fail."""

import sys

from tortoise.exceptions import DBConnectionError, OperationalError

from baodao.cli import app
from baodao.settings import BadSetting
from models import Refusal
from models.reasons import REASONS

MOST_LINES = 50


def main() -> None:
    """Ends with exit code 0, 1 when the work was refused, or 2 when the command or a setting is wrong."""
    try:
        app()
    except BadSetting as wrong:
        _end(2, str(wrong))
    except Refusal as refused:
        _end(1, *map(_said, refused.parts))
    except (DBConnectionError, OperationalError) as unusable:
        _end(
            1,
            f"the database cannot be used: {_first_line(unusable)} (is it there, and did you run `baodao migrate`?)",
        )
    except (OSError, EOFError) as failed:
        _end(1, _first_line(failed))


def _said(refusal: Refusal) -> str:
    """Where it is, and what is wrong there; a path that begins with a number leads into a file."""
    line, *rest = refusal.path or ("",)
    place = " ".join((f"line {line}" if line.isdigit() else line, *rest)).strip()
    words, _ = REASONS[refusal.reason_code]
    return f"{place}: {words}" if place else words


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _end(code: int, *lines: str) -> None:
    for line in lines[:MOST_LINES]:
        print(f"baodao: {line}", file=sys.stderr)
    if len(lines) > MOST_LINES:
        print(f"baodao: and {len(lines) - MOST_LINES} more", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()

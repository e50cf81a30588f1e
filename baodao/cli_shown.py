"""What the commands about the rules print: tables, as wide as the terminal or, without one, as they need."""

import sys
from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from policies.reading.comparison import Cell, Comparison
from policies.trial.replay import Replay
from policies.trial.simulation import RightChange, Simulation

WIDE = 500


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Cells may hold brackets and colons; they are printed as they are."""
    table = Table(*columns, title=title or None, title_justify="left", box=box.SIMPLE)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    width = None if sys.stdout.isatty() else WIDE
    Console(width=width, markup=False, emoji=False, highlight=False).print(table)


def show_changes(changes: Comparison) -> None:
    added = [
        *(f"p, {rule}" for rule in changes.added),
        *(f"g, {heir}, {role}" for heir, role in changes.links_added),
    ]
    removed = [
        *(f"p, {rule}" for rule in changes.removed),
        *(f"g, {heir}, {role}" for heir, role in changes.links_removed),
    ]
    for sign, lines in (("-", removed), ("+", added)):
        for line in lines:
            print(f"{sign} {line}")
    if changes.cells:
        show_table(f"{len(changes.cells)} cells change", Cell._fields, changes.cells)
    else:
        print("No right changes.")


def show_touched(outcome: Simulation) -> None:
    if outcome.everybody:
        rows = [_cells(change) for change in outcome.everybody]
        show_table("Everybody who is signed in, unless their roles give it all the same", _CHANGE, rows)
    print(f"Members for whom something changes by their roles: {outcome.touched}.")
    if outcome.members:
        rows = [(one.name, *_cells(change)) for one in outcome.members for change in one.changes]
        show_table(f"The first {len(outcome.members)} by name", ("member", *_CHANGE), rows)
    if outcome.counts_left_out:
        print("Not everything was counted: that would have taken too many counts.")


_CHANGE = ("type", "action", "change", "objects gained", "objects lost")


def _cells(change: RightChange) -> tuple[object, ...]:
    words = [word for word, so in (("gains", change.gains), ("loses", change.loses)) if so]
    return change.type, change.action, ", ".join(words), change.rows_gained, change.rows_lost


def show_replay(again: Replay, names: Mapping[str, str]) -> None:
    """`names` by member id."""
    print(f"Past decisions: {again.decisions}; would be refused: {again.refused}; unclear: {again.unclear}.")
    if again.more:
        print("There are older ones in these days that were not looked at.")
    if again.examples:
        rows = [
            (one.seq, f"{one.at:%Y-%m-%d %H:%MZ}", names.get(one.member_id), one.type, one.action)
            for one in again.examples
        ]
        show_table("The newest that would be refused", ("entry", "at", "member", "type", "action"), rows)

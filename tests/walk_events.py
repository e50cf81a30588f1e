"""What must hold for the events of anything that takes the steps of a table."""

from collections.abc import Mapping, Sequence

from walk_stories import Row
from walk_way import Kind


def counted(thing: Row, events: Sequence[Row]) -> bool:
    """Versions count the events without a hole."""
    return [event["version"] for event in events] == list(range(1, int(str(thing["version"])) + 1))


def chained(thing: Row, events: Sequence[Row]) -> bool:
    """Each event starts where the last one ended."""
    starts = [event["from_state"] for event in events]
    return [None, *(event["to_state"] for event in events)] == [*starts, thing["state"]]


def listed(event: Row, machine: str, table: Mapping[Kind, Mapping[str, str]]) -> bool:
    """It is a row of the table."""
    row = table.get((machine, str(event["action"]), str(event["from_state"] or "NONE")))
    if row is None:
        return False
    to = event["from_state"] if row["to"] == "SAME" else row["to"]
    return (to, row["event"]) == (event["to_state"], event["type"])

"""The JSON schemas of forms: what is a schema of a form, and what is not."""

from collections.abc import Iterator

import orjson

from actions.form_extents import TooLarge
from actions.forms import Json, checks_of, closed
from actions.turn import Faults

OTHER_REFERENCES = frozenset({"$dynamicRef", "$recursiveRef"})


def check_schema(faults: Faults, schema: Json, path: str) -> None:
    """A schema of an object (draft 2020-12) that refers to parts of itself alone: nothing is ever fetched for it.

    Nor does it go in circles, or grow beyond measure by its references: whoever fills in the form waits for the check.
    """
    if any(_looks_elsewhere(schema)):
        faults.add("SCHEMA_REFERS_ELSEWHERE", path)
        return
    try:
        checks_of(orjson.dumps(closed(schema)))
    except TooLarge:
        faults.add("SCHEMA_TOO_LARGE", path)
    except ValueError:
        faults.add("SCHEMA_MALFORMED", path)
    if schema.get("type") != "object" or not isinstance(schema.get("properties"), dict):
        faults.add("SCHEMA_OF_NO_OBJECT", path)


def _looks_elsewhere(part: object) -> Iterator[bool]:
    match part:
        case dict():
            for name, value in part.items():
                if name in OTHER_REFERENCES or name == "$ref":
                    yield isinstance(value, str) and not (name == "$ref" and value.startswith("#/"))
                yield name == "$id"
                yield from _looks_elsewhere(value)
        case list():
            for one in part:
                yield from _looks_elsewhere(one)

"""The JSON schemas of forms: what is a schema of a form, and what is not."""

from collections.abc import Iterator

import orjson

from actions.forms import Json, validator
from actions.turn import Faults

REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})


def check_schema(faults: Faults, schema: Json, path: str) -> None:
    """A schema of an object (draft 2020-12) that refers to nothing outside itself: nothing is ever fetched for it."""
    if any(_looks_elsewhere(schema)):
        faults.add("SCHEMA_REFERS_ELSEWHERE", path)
        return
    try:
        validator(orjson.dumps(schema))
    except ValueError:
        faults.add("SCHEMA_MALFORMED", path)
    if schema.get("type") != "object" or not isinstance(schema.get("properties"), dict):
        faults.add("SCHEMA_OF_NO_OBJECT", path)


def _looks_elsewhere(part: object) -> Iterator[bool]:
    match part:
        case dict():
            for name, value in part.items():
                is_reference = name in REFERENCES and isinstance(value, str)
                yield name == "$id" or (is_reference and not str(value).startswith("#"))
                yield from _looks_elsewhere(value)
        case list():
            for one in part:
                yield from _looks_elsewhere(one)

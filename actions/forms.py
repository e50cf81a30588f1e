"""Forms (表单): what a category asks for beyond words, as a JSON schema, and whether something fits it."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeAlias

import jsonschema_rs
import orjson

from actions.characters import character_fault
from actions.checks import check_words
from actions.form_extents import MOST_PARTS, extent_of
from actions.turn import Faults

LONGEST = 20_000
DEEPEST = 50
MOST_ERRORS, MOST_CHECKS = 50, 20_000
"""Of errors each is told up to a number; where very many may be found, the first alone, which is found fast."""
PATTERNS = jsonschema_rs.RegexOptions(size_limit=1 << 16, dfa_size_limit=1 << 18)
"""In time that grows with the text alone: no looking ahead, no looking back. In bytes, for each pattern."""
Json: TypeAlias = dict[str, object]


def read_object(faults: Faults, text: str | None, path: str) -> Json | None:
    """The JSON object that the text is; None for no text, or one with a fault."""
    if text is None:
        return None
    before = len(faults)
    check_words(faults, text, path, LONGEST)
    if len(faults) > before:
        return None
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        read = None
    if not isinstance(read, dict):
        faults.add("NOT_AN_OBJECT", path)
        return None
    if fault := shape_fault(read):
        faults.add(fault, path)
        return None
    return read


def shape_fault(value: object) -> str | None:
    """JSON_TOO_DEEP, JSON_TOO_LARGE, the fault of a character in a name or a text, or None."""
    level, parts = [value], 0
    for _ in range(DEEPEST):
        parts += len(level)
        if parts > MOST_PARTS:
            return "JSON_TOO_LARGE"
        texts = (one for part in level for one in _texts(part))
        if fault := next(filter(None, map(character_fault, texts)), None):
            return fault
        level = [one for part in level for one in _inside(part)]
        if not level:
            return None
    return "JSON_TOO_DEEP"


def _texts(part: object) -> Iterator[str]:
    match part:
        case str():
            yield part
        case dict():
            yield from part


def _inside(part: object) -> Iterator[object]:
    match part:
        case dict():
            yield from part.values()
        case list():
            yield from part


def _size(value: object) -> int:
    return 1 + sum(map(_size, _inside(value)))


def check_form(faults: Faults, schema: Json | None, form: Json | None, path: str) -> None:
    """Every fault by its place. Without a schema there is no form; fields the schema does not name are too many."""
    if schema is None:
        if form is not None:
            faults.add("FORM_NOT_ASKED", path)
        return
    if form is None:
        faults.add("FORM_MISSING", path)
        return
    tell_errors(faults, closed(schema), form, path)


def closed(schema: Json) -> Json:
    """With the fields it names and no others, unless it says more about others itself."""
    return {"additionalProperties": False} | schema


def tell_errors(faults: Faults, schema: Json, value: object, *path: str) -> None:
    """What in the value is not as the schema says, by its place; the value's shape is without fault."""
    try:
        checks = checks_of(orjson.dumps(schema))
    except ValueError:  # from before such schemas were refused
        faults.add("SCHEMA_MALFORMED", *path)
        return
    for error in _errors(checks, value):
        _add(faults, error, *path)


def _errors(checks: "Checks", value: object) -> Iterator[jsonschema_rs.ValidationError]:
    if checks.validator.is_valid(value):
        return
    if checks.parts * _size(value) <= MOST_CHECKS:
        yield from islice(checks.validator.iter_errors(value), MOST_ERRORS)
        return
    try:
        checks.validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        yield error


def _add(faults: Faults, error: jsonschema_rs.ValidationError, *path: str) -> None:
    way = [*path, *map(str, error.instance_path)]
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=name):
            faults.add("FORM_FIELD_MISSING", *way, str(name))
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
            for name in names:
                faults.add("FORM_FIELD_UNKNOWN", *way, str(name))
        case _:
            faults.add("FORM_VALUE", *way)


class Checks(NamedTuple):
    """`parts`: of the schema, as `extent_of` counts."""

    validator: jsonschema_rs.Draft202012Validator
    parts: int


@lru_cache(32)
def checks_of(schema: bytes) -> Checks:
    """ValueError for what is no schema, or refers to something that is not in it; TooLarge for what costs too much."""
    read = orjson.loads(schema)
    parts = extent_of(read).parts
    validator = jsonschema_rs.Draft202012Validator(read, retriever=_refuse, pattern_options=PATTERNS)
    return Checks(validator, parts)


def _refuse(address: str) -> dict[str, object]:
    raise ValueError(f"nothing is fetched for a form: {address}")

"""Forms (表单): what a category asks for beyond words, as a JSON schema, and whether something fits it."""

from functools import lru_cache
from typing import TypeAlias

import jsonschema_rs
import orjson

from actions.checks import check_words
from actions.turn import Faults

LONGEST = 20_000
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
    return read


def check_form(faults: Faults, schema: Json | None, form: Json | None, path: str) -> None:
    """Every fault by its place. Without a schema there is no form; fields the schema does not name are too many."""
    if schema is None:
        if form is not None:
            faults.add("FORM_NOT_ASKED", path)
        return
    if form is None:
        faults.add("FORM_MISSING", path)
        return
    tell_errors(faults, {"additionalProperties": False} | schema, form, path)


def tell_errors(faults: Faults, schema: Json, value: object, *path: str) -> None:
    """Whatever in the value is not as the schema says, by its place."""
    for error in validator(orjson.dumps(schema)).iter_errors(value):
        _add(faults, error, *path)


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


@lru_cache(256)
def validator(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    """ValueError for what is no schema, or refers to something that is not in it."""
    return jsonschema_rs.Draft202012Validator(orjson.loads(schema), retriever=_refuse)


def _refuse(address: str) -> dict[str, object]:
    raise ValueError(f"nothing is fetched for a form: {address}")

"""How a field is declared here: the resolver that answers it, and the words clients read about it."""

from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

ATTRIBUTE = "attribute"
"""Key in a field's metadata: the attribute that its resolver reads, and does nothing else."""


def attribute(description: str, of: str | None = None, name: str | None = None) -> Any:
    """A field read off the row: the attribute of the same name, or the one that is named.

    `name` is for names that Python does not allow.
    """
    if of is None:
        return strawberry.field(description=description, name=name)
    read = {ATTRIBUTE: of}
    return strawberry.field(
        resolver=lambda root: getattr(root, of), description=description, name=name, metadata=read
    )


def field(resolver: Callable[..., Any], description: str, **words: str) -> Any:
    """A field that a resolver answers; `words` tell of each of its arguments."""
    return strawberry.field(resolver=_worded(resolver, words), description=description)


def subscription(resolver: Callable[..., Any], description: str, **words: str) -> Any:
    return strawberry.subscription(resolver=_worded(resolver, words), description=description)


def _worded(resolver: Callable[..., Any], words: dict[str, str]) -> Callable[..., Any]:
    """An argument `from_` is called `from`, which Python does not allow."""
    for name, said in words.items():
        told = strawberry.argument(description=said, name=name.rstrip("_") if name.endswith("_") else None)
        resolver.__annotations__[name] = Annotated[resolver.__annotations__[name], told]
    return resolver


def given(description: str, name: str | None = None, default: Any = None) -> Any:
    """A part of an input that may be left out."""
    return strawberry.field(description=description, name=name, default=default)


def needed(description: str, name: str | None = None) -> Any:
    """A part of an input that must be there."""
    return strawberry.field(description=description, name=name)


def publish(enum: type[Enum], description: str, name: str | None = None, **words: str) -> None:
    """Make an enum of the domain part of the schema; `words` tell of each of its values."""
    strawberry.enum(enum, name=name, description=description)
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = words[value.name]


def publish_input(kind: type, description: str, /, **words: str) -> None:
    """Make a filter of the resolvers, all of whose parts may be left out, part of the schema."""
    for part in fields(kind):
        setattr(kind, part.name, given(words[part.name]))
    strawberry.input(kind, description=description)

"""Conditions of rules (`when`): a small closed language with its own parser. Nothing is ever evaluated as code.

r.obj.<attribute> == | !=  'text' | True | False | r.sub.id
r.obj.<attribute> in | not in  ('text', 'text')
&& || ! ( ) True False
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from policies.clauses import Clause, both, either, where
from policies.facts import Facts

ATTRIBUTES: dict[str, type] = {
    "area_level": str,
    "member_id": str,
    "unit_id": str,
    "reporter_id": str,
    "author_id": str,
    "grantee_id": str,
    "official": bool,
    "published": bool,
    "reason": bool,
    "town_party": bool,
}
"""What a condition may look at; every one is a field of `Facts`."""

LONGEST = 300

Constant = str | bool


class Malformed(ValueError):
    """The text is no condition; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """`True` or `False`."""

    value: bool


@dataclass(frozen=True, slots=True)
class OneOf:
    """The attribute is (`negated`: is not) one of the values or, if `me`, the actor's id. An empty one is neither."""

    attribute: str
    values: tuple[Constant, ...]
    me: bool = False
    negated: bool = False

    def values_for(self, me: str | None) -> list[Constant]:
        """The anonymous (None) adds nothing."""
        return [*self.values, me] if self.me and me is not None else list(self.values)


@dataclass(frozen=True, slots=True)
class Both:
    """Every part holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Some part holds."""

    parts: "tuple[Condition, ...]"


Condition = Fixed | OneOf | Both | Either


def holds(condition: Condition, me: str | None, facts: Facts) -> bool:
    """`me` is the actor's id; None, the anonymous, equals nothing."""
    match condition:
        case Fixed(value):
            return value
        case OneOf(attribute, negated=negated):
            return (getattr(facts, attribute) in condition.values_for(me)) is not negated
        case Both(parts):
            return all(holds(part, me, facts) for part in parts)
        case Either(parts):
            return any(holds(part, me, facts) for part in parts)


def clause(condition: Condition, me: str | None, columns: Mapping[str, str]) -> Clause:
    """The same as a clause. An attribute without a column is one the model never has."""
    match condition:
        case OneOf(attribute) if attribute in columns:
            return _column_clause(condition, columns[attribute], me)
        case Both(parts):
            return both(*(clause(part, me, columns) for part in parts))
        case Either(parts):
            return either(clause(part, me, columns) for part in parts)
    return holds(condition, me, Facts())


def _column_clause(condition: OneOf, column: str, me: str | None) -> Clause:
    values = condition.values_for(me)
    if not values:
        return condition.negated
    if condition.negated:
        return where(f"{column}__not_in", values)
    return where(f"{column}__in", values)


def negated(condition: Condition) -> Condition:
    """Holds when the other does not, whatever is empty."""
    match condition:
        case Fixed(value):
            return Fixed(not value)
        case OneOf(attribute, values, me, already):
            return OneOf(attribute, values, me, not already)
        case Both(parts):
            return Either(tuple(negated(part) for part in parts))
        case Either(parts):
            return Both(tuple(negated(part) for part in parts))


def parse(text: str) -> Condition:
    """Raises Malformed."""
    if len(text) > LONGEST:
        raise Malformed(f"longer than {LONGEST} characters")
    reader = _Reader(text)
    condition = reader.either()
    reader.end()
    return condition


_TOKEN = re.compile(
    r"\s*(?:(?P<attribute>r\.obj\.\w+)|(?P<me>r\.sub\.id\b)|(?P<text>'[\w .:/-]*')"
    r"|(?P<word>(?:True|False|in|not\s+in)\b)|(?P<sign>==|!=|&&|\|\||[!(),]))"
)


class _Reader:
    """Recursive descent over the tokens; `either` binds loosest."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position, text = 0, text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise Malformed(f"not allowed here: {text[position:].strip()[:40]!r}")
            kind = str(found.lastgroup)
            self.tokens.append((kind, " ".join(found[kind].split()) if kind == "word" else found[kind]))
            position = found.end()

    def either(self) -> Condition:
        parts = [self.both()]
        while self.skip("||"):
            parts.append(self.both())
        return Either(tuple(parts)) if len(parts) > 1 else parts[0]

    def both(self) -> Condition:
        parts = [self.single()]
        while self.skip("&&"):
            parts.append(self.single())
        return Both(tuple(parts)) if len(parts) > 1 else parts[0]

    def single(self) -> Condition:
        if self.skip("!"):
            return negated(self.single())
        if self.skip("("):
            inner = self.either()
            self.expect(")")
            return inner
        kind, token = self.next()
        if token in ("True", "False") and kind == "word":
            return Fixed(token == "True")
        if kind != "attribute":
            raise Malformed(f"expected r.obj.<attribute>, not {token!r}")
        return self.comparison(token.removeprefix("r.obj."))

    def comparison(self, attribute: str) -> Condition:
        if attribute not in ATTRIBUTES:
            raise Malformed(f"unknown attribute {attribute!r}; known: {', '.join(ATTRIBUTES)}")
        _, operator = self.next()
        if operator in ("==", "!="):
            me = ATTRIBUTES[attribute] is str and self.skip("r.sub.id")
            values = () if me else (self.constant(attribute),)
            return OneOf(attribute, values, me, operator == "!=")
        if operator in ("in", "not in"):
            return OneOf(attribute, self.constants(attribute), negated=operator == "not in")
        raise Malformed(f"expected ==, !=, in or not in, not {operator!r}")

    def constants(self, attribute: str) -> tuple[Constant, ...]:
        self.expect("(")
        values = [self.constant(attribute)]
        while self.skip(","):
            values.append(self.constant(attribute))
        self.expect(")")
        return tuple(values)

    def constant(self, attribute: str) -> Constant:
        kind, token = self.next()
        value = {"True": True, "False": False}.get(token, token.strip("'"))
        if kind not in ("text", "word") or type(value) is not ATTRIBUTES[attribute]:
            raise Malformed(f"{attribute} is never compared with {token}")
        return value

    def skip(self, token: str) -> bool:
        """Whether the token came next; if so it is taken."""
        if self.tokens and self.tokens[0][1] == token and self.tokens[0][0] != "text":
            del self.tokens[0]
            return True
        return False

    def next(self) -> tuple[str, str]:
        if not self.tokens:
            raise Malformed("ends too early")
        return self.tokens.pop(0)

    def expect(self, token: str) -> None:
        if not self.skip(token):
            raise Malformed(
                f"expected {token!r}" + (f", not {self.tokens[0][1]!r}" if self.tokens else " at the end")
            )

    def end(self) -> None:
        if self.tokens:
            raise Malformed(f"not expected: {self.tokens[0][1]!r}")

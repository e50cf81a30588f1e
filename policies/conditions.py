"""Conditions of rules (`when`): a small closed language with its own parser. Nothing is ever evaluated as code.

r.obj.<attribute> == | !=  'text' | True | False | r.sub.id
r.obj.<attribute> in | not in  ('text', 'text')
&& || ! ( ) True False
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from policies.clauses import Clause, both, either, where
from policies.facts import Facts
from policies.vocabulary import AREA_LEVELS, closest

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
LONGEST_ID = 26
DEEPEST = 20
"""Brackets within brackets; every reader of a condition descends that far at most."""

Constant = str | bool


class Malformed(ValueError):
    """The text is no condition; says what is wrong with it, and after how many characters."""

    def __init__(self, message: str, offset: int = 0, suggestion: str | None = None) -> None:
        self.offset, self.suggestion = offset, suggestion
        super().__init__(message)


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
        case Fixed(value):
            return value
        case OneOf(attribute) if attribute in columns:
            return _column_clause(condition, columns[attribute], me)
        case Both(parts):
            return both(*(clause(part, me, columns) for part in parts))
        case Either(parts):
            return either(clause(part, me, columns) for part in parts)
    return holds(condition, me, Facts())


def _column_clause(condition: OneOf, column: str, me: str | None) -> Clause:
    values = [value for value in condition.values_for(me) if _can_be(condition.attribute, value)]
    if not values:
        return condition.negated
    if condition.negated:
        return where(f"{column}__not_in", values)
    return where(f"{column}__in", values)


def _can_be(attribute: str, value: Constant) -> bool:
    """Whether a row can have the value at all; asked for another, Tortoise raises instead of finding nothing."""
    if attribute == "area_level":
        return value in AREA_LEVELS
    return isinstance(value, bool) or len(value) <= LONGEST_ID


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


def settled(condition: Condition, attribute: str, value: Constant) -> Condition:
    """The same where the attribute has this value, which is no member's id."""
    match condition:
        case OneOf(name) if name == attribute:
            return Fixed((value in condition.values) is not condition.negated)
        case Both(parts):
            return Both(tuple(settled(part, attribute, value) for part in parts))
        case Either(parts):
            return Either(tuple(settled(part, attribute, value) for part in parts))
    return condition


def parse(text: str) -> Condition:
    """Raises Malformed."""
    if len(text) > LONGEST:
        raise Malformed(f"longer than {LONGEST} characters", LONGEST)
    reader = _Reader(text)
    condition = reader.either()
    reader.end()
    return condition


_TOKEN = re.compile(
    r"\s*(?:(?P<attribute>r\.obj\.\w+)|(?P<me>r\.sub\.id\b)|(?P<text>'[\w .:/-]*')"
    r"|(?P<word>(?:True|False|in|not\s+in)\b)|(?P<sign>==|!=|&&|\|\||[!(),]))"
)


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


def _tokens(text: str) -> list[_Token]:
    tokens, position, text = [], 0, text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            rest = text[position:].lstrip()
            raise Malformed(f"not allowed here: {rest[:40]!r}", len(text) - len(rest))
        kind = str(found.lastgroup)
        token = " ".join(found[kind].split()) if kind == "word" else found[kind]
        tokens.append(_Token(kind, token, found.start(kind)))
        position = found.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens; `either` binds loosest."""

    def __init__(self, text: str) -> None:
        self.tokens, self.length, self.depth = _tokens(text), len(text), 0

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
        opposite = False
        while self.skip("!"):
            opposite = not opposite
        offset = self.offset
        condition = self.bracket(offset) if self.skip("(") else self.leaf()
        return negated(condition) if opposite else condition

    def bracket(self, offset: int) -> Condition:
        if self.depth == DEEPEST:
            raise Malformed(f"more than {DEEPEST} brackets within each other", offset)
        self.depth += 1
        inner = self.either()
        self.expect(")")
        self.depth -= 1
        return inner

    def leaf(self) -> Condition:
        kind, token, offset = self.next()
        if token in ("True", "False") and kind == "word":
            return Fixed(token == "True")
        if kind != "attribute":
            raise Malformed(f"expected r.obj.<attribute>, not {token!r}", offset)
        return self.comparison(token.removeprefix("r.obj."), offset)

    def comparison(self, attribute: str, offset: int) -> Condition:
        if attribute not in ATTRIBUTES:
            known = ", ".join(ATTRIBUTES)
            suggestion = closest(attribute, ATTRIBUTES)
            raise Malformed(f"unknown attribute {attribute!r}; known: {known}", offset, suggestion)
        _, operator, offset = self.next()
        if operator in ("==", "!="):
            me = ATTRIBUTES[attribute] is str and self.skip("r.sub.id")
            values = () if me else (self.constant(attribute),)
            return OneOf(attribute, values, me, operator == "!=")
        if operator in ("in", "not in"):
            return OneOf(attribute, self.constants(attribute), negated=operator == "not in")
        raise Malformed(f"expected ==, !=, in or not in, not {operator!r}", offset)

    def constants(self, attribute: str) -> tuple[Constant, ...]:
        self.expect("(")
        values = [self.constant(attribute)]
        while self.skip(","):
            values.append(self.constant(attribute))
        self.expect(")")
        return tuple(values)

    def constant(self, attribute: str) -> Constant:
        kind, token, offset = self.next()
        value = {"True": True, "False": False}.get(token, token.strip("'"))
        if kind not in ("text", "word") or type(value) is not ATTRIBUTES[attribute]:
            raise Malformed(f"{attribute} is never compared with {token}", offset)
        return value

    @property
    def offset(self) -> int:
        """Of what comes next."""
        return self.tokens[0].offset if self.tokens else self.length

    def skip(self, token: str) -> bool:
        """Whether the token came next; if so it is taken."""
        if self.tokens and self.tokens[0].text == token and self.tokens[0].kind != "text":
            del self.tokens[0]
            return True
        return False

    def next(self) -> _Token:
        if not self.tokens:
            raise Malformed("ends too early", self.length)
        return self.tokens.pop(0)

    def expect(self, token: str) -> None:
        if not self.skip(token):
            instead = f", not {self.tokens[0].text!r}" if self.tokens else " at the end"
            raise Malformed(f"expected {token!r}{instead}", self.offset)

    def end(self) -> None:
        if self.tokens:
            raise Malformed(f"not expected: {self.tokens[0].text!r}", self.offset)

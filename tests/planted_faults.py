"""Faults to plant into a copy of the rules' own source: each text must be there, and each fault must be noticed."""

from typing import NamedTuple

MINE = "facts.area_path is not None and facts.area_path.startswith(paths)"
AND_NO_BAN = " and not closed(facts)"


class Planted(NamedTuple):
    """In `file`, `new` takes the place of `old`. Random policies find it, or the test that `found_by` names."""

    fault: str
    file: str
    old: str
    new: str
    found_by: str = ""


CORE = [
    Planted(
        "a negative condition loses empty columns in SQL",
        "conditions.py",
        'return where(f"{column}__not_in", values)',
        'return ~where(f"{column}__in", values)',
    ),
    Planted(
        "a ban loses rows without a place in SQL",
        "clauses.py",
        "return ~Q(pk__in=Subquery(model.filter(clause).values(model._meta.pk_attr)))",
        "return ~clause",
    ),
    Planted(
        "the anonymous equals an empty column",
        "actor.py",
        "return self.id is not None and self.id == member_id",
        "return self.id == member_id",
        "test_policies_relations.test_the_anonymous_equals_no_empty_column",
    ),
    Planted(
        "the anonymous equals an empty column in a condition",
        "conditions.py",
        "[*self.values, me] if self.me and me is not None else",
        "[*self.values, me] if self.me else",
        "test_policies_rules.test_the_anonymous_is_neither_the_author_nor_equal_to_no_author",
    ),
    Planted(
        "44.1.2 covers 44.1.20",
        "area_relations.py",
        f"return lambda facts: {MINE}",
        "bare = tuple(path.rstrip('.') for path in paths)\n    "
        "return lambda facts: facts.area_path is not None and facts.area_path.startswith(bare)",
    ),
    Planted(
        "44.1.2 covers 44.1.20 in SQL",
        "clauses.py",
        "first, end = subtree(path)",
        'first, end = path[:-1], path[:-1] + ":"',
    ),
    Planted(
        "* means areas only, not units",
        "book.py",
        "not self.levels or",
        'not self.levels and grant.level != "UNIT" or',
    ),
    Planted("a ban is ignored in SQL", "compile.py", "if opened is False or not self.bans:", "if True:"),
    Planted(
        "a ban does not keep a subtree from being whole",
        "compile.py",
        "if self.bans and either(ban.clause(model) for ban in self.bans) is not False:",
        "if False:",
    ),
    Planted(
        "the very area is not one's own",
        "area_relations.py",
        "(facts.area_path in exact or facts.area_path.startswith(villages))",
        "facts.area_path.startswith(villages)",
    ),
    Planted("a local rule counts everywhere", "book.py", "not self.inside or", "True or"),
    Planted(
        "a grant that ran out counts",
        "loading.py",
        "(not isinstance(until, datetime) or now < until)",
        "True",
    ),
]

MORE = [
    Planted(
        "a condition does not keep a subtree from being whole",
        "compile.py",
        "self.holder.actor.id, columns) is not True:",
        "self.holder.actor.id, columns) is False:",
    ),
    Planted(
        "one's own town is one's own with its villages",
        "area_relations.py",
        'return holder.paths("VILLAGE", "GRID")',
        "return holder.paths()",
    ),
    Planted("a ban is ignored", "compile.py", AND_NO_BAN, ""),
    Planted("a grant counts before its time", "loading.py", "since <= now and", "True and"),
    Planted("a grant counts at its very end", "loading.py", "or now < until", "or now <= until"),
    Planted("a grant does not count at its very start", "loading.py", "and since <= now", "and since < now"),
    Planted("a revoked grant counts", "loading.py", 'row["grants__revoked_at"] is not None or', "False or"),
    Planted(
        "a deputy acts for a principal who is gone",
        "loading.py",
        'row["grants__principal__disabled_at"] is not None',
        "False",
    ),
    Planted(
        "the disabled keep their roles", "loading.py", "grants=() if disabled else grants", "grants=grants"
    ),
    Planted(
        "the disabled count as signed in",
        "actor.py",
        "if self.id is None or self.disabled else",
        "if self.id is None else",
    ),
    Planted("roles are not inherited", "compile.py", "rule.role in inherited", "rule.role == grant.role"),
    Planted(
        "in is read as == in SQL",
        "conditions.py",
        'return where(f"{column}__in", values)',
        'return where(f"{column}__in", values[:1])',
    ),
    Planted("a condition is ignored in SQL", "conditions.py", "return _column_clause(", "return True or ("),
    Planted(
        "not (a and b) is read as not a and not b",
        "conditions.py",
        "return Either(tuple(negated(part) for part in parts))",
        "return Both(tuple(negated(part) for part in parts))",
    ),
    Planted(
        "of many co-issuers, members or tasks only one counts in SQL",
        "clauses.py",
        "Subquery(model.filter(clause).values(wanted))",
        "Subquery(model.filter(clause).limit(1).values(wanted))",
    ),
    Planted(
        "of many units only the first counts",
        "unit_relations.py",
        "return lambda facts: not units.isdisjoint(facts.unit_ids)",
        "return lambda facts: not units.isdisjoint(facts.unit_ids[:1])",
        "test_policies_relations.test_each_summoned_unit_counts_not_only_the_first",
    ),
    Planted(
        "the very area is not one's own in SQL",
        "area_relations.py",
        "either([one_of(column, holder.paths()), within(column, villages)])",
        "within(column, villages)",
    ),
    Planted("the whole tree has no top in SQL", "clauses.py", "if not path:", "if False:"),
    Planted(
        "issuer and dispute may lie in two areas of the arbiter's",
        "area_relations.py",
        "any(facts.issuer_path.startswith(path) and facts.disputed_path.startswith(path) for path in paths)",
        "facts.issuer_path.startswith(paths) and facts.disputed_path.startswith(paths)",
        "test_policies_relations.test_an_arbiter_needs_the_issuer_and_the_dispute_in_one_area",
    ),
    Planted(
        "rank is ignored",
        "area_relations.py",
        "and facts.rank >= rank for",
        "for",
        "test_policies_relations.test_what_is_held_above_ones_own_rank_is_out_of_reach",
    ),
    Planted("a unit's line is taken for an area's path", "holder.py", "if grant.level in wanted", ""),
    Planted(
        "no unit below one's own is banned",
        "unit_relations.py",
        "any(line.startswith(lines) for line in facts.unit_lines) or",
        "",
    ),
    Planted(
        "the principal's unit is not one's own",
        "actor.py",
        "self.unit_line, *held, *",
        "self.unit_line, *held) or (",
    ),
]

"""A fault in a text of rules is found where it is, with what was probably meant, and every fault at once."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.workflow import SUMMONS_STEPS
from policies.reading.invariants import BANS, needed_rights
from policies.reading.sheet import MOST_FAULTS
from policies.reading.syntax import LONGEST_ROW, LONGEST_TEXT, MOST_ROWS, Fault
from policies.rules import BrokenRules, check_text, packaged, read_loosely
from policies.vocabulary import ROLES

TEXT = packaged().text
NEXT = TEXT.count("\n") + 1
"""The line that the first row after the packaged ones gets."""

LOOKS_ON = TEXT.splitlines().index("p, observer, *, task, read, subtree, True, allow") + 1
NO_DELETION = TEXT.splitlines().index("p, anyone, *, audit, delete, any, True, deny") + 1


def of_row(row: str) -> list[Fault]:
    return of_rows(row)


def of_rows(*rows: str) -> list[Fault]:
    """What is wrong once the rows come after the packaged rules, with lines counted from the first of them."""
    text = "".join((TEXT, *(f"{row}\n" for row in rows)))
    return [
        Fault(
            fault.line and fault.line - NEXT + 1, fault.column, fault.message, fault.suggestion, fault.severe
        )
        for fault in check_text(text)
    ]


def test_the_packaged_rules_have_no_fault() -> None:
    assert check_text(TEXT) == []


def test_a_fault_reads_as_a_sentence() -> None:
    (fault,) = of_row("p, villge_cadre, village, task, read, any, True, allow")
    assert str(fault) == "line 1, column 4: unknown role 'villge_cadre'; did you mean 'village_cadre'?"
    assert str(Fault(0, 0, "missing")) == "missing"


FAULTY = [
    ("p, observr, *, task, read, any, True, allow", 4, "unknown role 'observr'", "observer"),
    ("p,   observr, *, task, read, any, True, allow", 6, "unknown role 'observr'", "observer"),
    ("p, Observer, *, task, read, any, True, allow", 4, "unknown role 'Observer'", "observer"),
    ("p, , *, task, read, any, True, allow", 3, "no role here", None),
    ("p, observer, twn, task, read, any, True, allow", 14, "unknown level 'twn'", "town"),
    ("p, observer, city|twn, task, read, any, True, allow", 19, "unknown level 'twn'", "town"),
    ("p, observer, city| town, task, read, any, True, allow", 20, "unknown level ' town'", "town"),
    ("p, observer, *|town, task, read, any, True, allow", 14, "unknown level '*'", None),
    ("p, observer, town|city|town, task, read, any, True, allow", 24, "level 'town' twice", None),
    ("p, observer, town@44.4406, task, read, any, True, deny", 19, "malformed path '44.4406'", None),
    ("p, observer, town@, task, read, any, True, deny", 19, "malformed path ''", None),
    ("p, observer, town@44..1., task, read, any, True, deny", 19, "malformed path '44..1.'", None),
    ("p, observer, *, tsk, read, any, True, allow", 17, "unknown type 'tsk'", "task"),
    ("p, observer, *, task, raed, any, True, allow", 23, "unknown action of task 'raed'", "read"),
    ("p, observer, *, task, re-ad, any, True, allow", 23, "unknown action 're-ad'", "read"),
    ("p, anyone, *, audit, updtae, any, True, deny", 22, "unknown action of audit 'updtae'", "update"),
    ("p, observer, *, unit, issue, any, True, deny", 23, "unknown action of unit 'issue'", None),
    ("p, observer, *, task, read, subtre, True, allow", 29, "unknown relation 'subtre'", "subtree"),
    ("p, observer, *, task, read, any, True, alow", 40, "unknown effect 'alow'", "allow"),
    ("p, observer, *, task, read, any, Ture, allow", 34, "in the condition: not allowed here: 'Ture'", None),
    ("p, observer, *, task, read, any, , allow", 33, "in the condition: ends too early", None),
    (
        "p, observer, *, task, read, any, r.obj.unitid == 'x', deny",
        34,
        "in the condition: unknown attr",
        "unit_id",
    ),
    (
        "p, observer, *, task, read, any, True && r.obj.x == 1, deny",
        53,
        "in the condition: not allowed here",
        None,
    ),
    (
        "p, observer, *, task, read, any, r.obj.unit_id == True, deny",
        51,
        "in the condition: unit_id is nev",
        None,
    ),
    (
        "p, observer, *, task, read, any, r.obj.unit_id in ('a' 'b'), deny",
        56,
        "in the condition: expected ')'",
        None,
    ),
    ("p, observer, *, task, read, any, r.obj.unit_id, deny", 47, "in the condition: ends too early", None),
    (
        f"p, observer, *, task, read, any, {'(' * 21}True{')' * 21}, deny",
        54,
        "in the condition: more than 20",
        None,
    ),
    (
        f"p, observer, *, task, read, any, {'!' * 300}True, deny",
        334,
        "in the condition: longer than 300",
        None,
    ),
    ("p, observer, *, task, read, any, (True, deny", 34, "unbalanced (", None),
    ("p, observer, *, task, read, any, True) or (True, deny", 38, "unbalanced )", None),
    ("p, observer, *, task, read, any, r.obj.unit_id == 'x, deny", 51, "unbalanced '", None),
    ("p, observer, *, task, read, any, r.obj.unit_id in ('x', deny", 51, "unbalanced (", None),
    (
        "p, observer, *, task, read, any, r.obj.unit_id == '(', deny",
        51,
        "in the condition: not allowed",
        None,
    ),
    (
        "p, observer, *, task, read, any, r.obj.unit_id == 'a, b', deny",
        51,
        "in the condition: not allowed",
        None,
    ),
    ("p, observer, *, task, read, any, [True, deny", 34, "unbalanced [", None),
    ("p, observer, *, task, read, any, (True], deny", 39, "unbalanced ]", None),
    ("p, observer, *, task, read, any, True", 38, "p has 7 values", None),
    ("p, observer, *, task, read, any, True, allow, deny", 47, "p has 7 values", None),
    ("p", 2, "p has 7 values", None),
    ("g, observer", 12, "g has 2 values", None),
    ("g, town_leader, observer, x", 27, "g has 2 values", None),
    ("g, town_leader, obsrver", 17, "unknown role 'obsrver'", "observer"),
    ("g, twn_leader, observer", 4, "unknown role 'twn_leader'", "town_leader"),
    ("g, resident, resident", 14, "resident inherits from itself", None),
    ("g, grid_worker, village_secretary", 17, "inheritance in a circle: grid_worker < village_secr", None),
    ("g, anyone, observer", 4, "anyone inherits nothing", None),
    ("P, observer, *, task, read, any, True, allow", 1, "unknown kind of row 'P'", None),
    ("p2, observer, *, task, read, any, True, allow", 1, "unknown kind of row 'p2'", "p"),
    ("p,\tobserver, *, task, read, any, True, allow", 3, "TAB (U+0009) does not belong here", None),
    ("p, observer\0, *, task, read, any, True, allow", 12, "NUL (U+0000) does not belong here", None),
    ("p, observer\u200b, *, task, read, any, True, allow", 12, "ZERO WIDTH SPACE (U+200B)", None),
    ("p, observer, *, task, read, any, True, \u202eallow", 40, "RIGHT-TO-LEFT OVERRIDE (U+202E)", None),
    ("p, observer,\xa0*, task, read, any, True, allow", 13, "NO-BREAK SPACE (U+00A0)", " "),
    ("p, оbserver, *, task, read, any, True, allow", 4, "CYRILLIC SMALL LETTER O (U+043E)", "o"),
    ("p, observer, tоwn, task, read, any, True, allow", 15, "CYRILLIC SMALL LETTER O (U+043E)", "o"),
    ("p, observer, *, task, reаd, any, True, allow", 25, "CYRILLIC SMALL LETTER A (U+0430)", "a"),
    ("p, observer, town@４4., task, read, any, True, deny", 19, "FULLWIDTH DIGIT FOUR (U+FF14)", "4"),
    (
        "p, observer, *, task, read, any, r.obj.area_level == 'TОWN', deny",
        56,
        "CYRILLIC CAPITAL LETTER O",
        "O",
    ),
    ("p， observer, *, task, read, any, True, allow", 2, "FULLWIDTH COMMA (U+FF0C)", ","),
    ("p, observer, *, task, read, any, r.obj.unit_id == ‘x, deny", 51, "LEFT SINGLE QUOTATION MARK", "'"),
    ("p, observer, *, task, read, any, True, allow\x0b", 45, "control character (U+000B)", None),
    ("p, observer, *, task, read, any, True, allow\u2028", 45, "LINE SEPARATOR (U+2028)", None),
    ("# a comment \u2067that lies", 13, "RIGHT-TO-LEFT ISOLATE (U+2067)", None),
    ("# p\u2028p, anyone, *, audit, delete, any, True, allow", 4, "LINE SEPARATOR (U+2028)", None),
    ("# half a character \ud800", 20, "control character (U+D800)", None),
    (" p, observr, *, task, read, any, True, allow", 5, "unknown role 'observr'", "observer"),
    (
        "p, observer, *, task, read, any, " + "x" * LONGEST_ROW,
        LONGEST_ROW + 1,
        "a line longer than 2,000",
        None,
    ),
    (
        "p, observer, *, task, read, any, r.obj.area_level == 'TWON', deny",
        34,
        "no level of areas is called",
        "TOWN",
    ),
    (
        "p, village_cadre, village@44., task, read, subtree, True, allow",
        19,
        "a rule for one place may only deny",
        None,
    ),
    (
        "p, observer, town@44., task, read, any, True, deny",
        36,
        "a rule for one place reaches only",
        "subtree",
    ),
    ("p, observer, town@44., task, read, self, True, deny", 36, "a rule for one place reaches", "subtree"),
    (
        "p, observer, town@44., policy, publish, subtree, True, deny",
        24,
        "a rule for one place is never",
        None,
    ),
    (
        "p, observer, town@44., binding, revoke, subtree, True, deny",
        24,
        "a rule for one place is never",
        None,
    ),
    ("p, resident, *, audit, update, subtree, True, allow", 47, "allows what nobody may ever do", None),
    (
        "p, resident, *, binding, grant, any, r.obj.grantee_id == r.sub.id, allow",
        68,
        "allows what nobody may",
        None,
    ),
    (
        "p, unit_head, unit, evaluation, submit, member_of_evaluated_unit, True, allow",
        73,
        "allows what nob",
        None,
    ),
]


@pytest.mark.parametrize(("row", "column", "message", "suggestion"), FAULTY)
def test_a_fault_is_told_with_its_place(row: str, column: int, message: str, suggestion: str | None) -> None:
    severe = [fault for fault in of_row(row) if fault.severe]
    assert [(fault.line, fault.column, fault.suggestion) for fault in severe] == [(1, column, suggestion)]
    assert severe[0].message.startswith(message)


def test_twenty_faults_are_told_at_once() -> None:
    rows = [row for row, *_ in FAULTY[:20]]
    assert [(fault.line, fault.column) for fault in of_rows(*rows)] == [
        (line, column) for line, (_, column, *_) in enumerate(FAULTY[:20], start=1)
    ]


def test_one_row_may_have_many_faults() -> None:
    faults = of_row("p, observr, twn, tsk, raed, subtre, Ture, alow")
    assert [fault.column for fault in faults] == [4, 13, 18, 23, 29, 37, 43]


def test_what_comes_before_an_unbalanced_bracket_is_looked_at() -> None:
    assert [fault.column for fault in of_row("p, observr, twn, task, raed, any, (True, allow")] == [
        4,
        13,
        24,
        35,
    ]


@pytest.mark.parametrize(
    "row",
    [
        "p, observer, *, summons, read, subtree, True, allow",
        "p,observer,*,summons,read,subtree,True,allow   ",
        "  p, observer, *, summons, read, subtree, True, allow",
        "g, town_coordinator,   observer",
    ],
)
def test_the_same_row_twice_names_the_first(row: str) -> None:
    (fault,) = [fault for fault in of_row(row) if fault.severe]
    first = TEXT.splitlines().index(", ".join(cell.strip() for cell in row.split(","))) + 1
    assert (fault.line, fault.message) == (1, f"the same as line {first}")


@pytest.mark.parametrize(
    "levels", ["|".join(levels) for levels in permutations(["city", "district", "town"])]
)
def test_the_order_of_levels_makes_no_other_row(levels: str) -> None:
    row = "p, observer, {}, member, read, official, r.obj.unit_id  in ('a','b'), deny"
    again = "p, observer, {}, member, read, official, r.obj.unit_id in ('a', 'b'), deny"
    faults = [
        fault for fault in of_rows(row.format("town|city|district"), again.format(levels)) if fault.severe
    ]
    assert [(fault.line, fault.message) for fault in faults] == [(2, f"the same as line {NEXT}")]


def test_inheritance_is_ten_links_deep_at_most() -> None:
    chain = [role.name for role in ROLES.values() if role.held_at]
    rows = [f"g, {heir}, {role}" for heir, role in pairwise(chain[:12])]
    assert [fault for fault in check_text("\n".join(rows[:10])) if "links" in fault.message] == []
    (fault,) = [fault for fault in check_text("\n".join(rows)) if "links" in fault.message]
    assert (fault.line, fault.column, fault.severe) == (1, 4, True)


def test_words_in_any_language_are_welcome_in_comments_and_within_quotes() -> None:
    assert (
        of_rows("# 规则：谁可以\t做什么", "p, observer, *, unit, read, any, r.obj.unit_id == '村', deny")
        == []
    )


@pytest.mark.parametrize("ban", BANS)
def test_a_ban_that_nobody_can_lift_must_be_there(ban: str) -> None:
    assert TEXT.count(f"{ban}\n") == 1
    missing = [Fault(0, 0, f"missing, and no administrator can lift it: {ban}")]
    assert check_text(TEXT.replace(f"{ban}\n", "")) == missing
    assert missing[0] in check_text(TEXT.replace(ban, ban.replace("anyone", "member")))
    assert missing[0] in check_text(TEXT.replace(ban, ban.replace("*", "town")))
    assert check_text(TEXT.replace(ban, ban.replace(", ", " ,   "))) == []


def test_a_mistyped_ban_is_told_once() -> None:
    (fault,) = check_text(TEXT.replace("audit, delete, any", "audit, delete, ayn"))
    assert (fault.message, fault.suggestion) == ("unknown relation 'ayn'", "any")


@pytest.mark.parametrize(("type", "action"), needed_rights())
def test_each_step_and_the_administration_must_be_allowed_to_somebody(type: str, action: str) -> None:
    lines = [line for line in TEXT.splitlines() if not (f", {type}, {action}, " in line and "allow" in line)]
    assert f"no rule in force allows {type}, {action}" in str(check_text("\n".join(lines))[0])


def test_a_rule_nobody_can_use_is_no_right() -> None:
    rows = [row for row in TEXT.splitlines() if ", task, accept, " not in row]
    for row in (
        "p, unit_liaison, town, task, accept, target_unit, True, allow",
        "p, unit_liaison, unit, task, accept, subtree, True, allow",
        "p, unit_liaison, unit, task, accept, target_unit, !True, allow",
        "p, unit_liaison, unit, task, accept, target_unit, True, allow\np, member, *, task, accept, any, True, deny",
    ):
        told = [fault.message for fault in check_text("\n".join([*rows, row])) if fault.severe]
        assert told == ["nobody could accept: no rule in force allows task, accept"]


def test_every_step_of_a_member_is_a_needed_right() -> None:
    taken = {step.right for step in SUMMONS_STEPS.values() if not step.by_system}
    assert len(taken) > 20
    assert taken <= set(needed_rights())


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            "p, observer, *, unit, read, own_unit, r.obj.unit_id != 'x', allow",
            39,
            "also allows it where unit_id is",
        ),
        (
            "p, observer, *, unit, read, own_unit, r.obj.unit_id not in ('x'), allow",
            39,
            "also allows it where",
        ),
        ("p, observer, *, unit, read, own_unit, !(r.obj.unit_id == 'x'), allow", 39, "also allows it where"),
        (
            "p, village_cadre, town, task, read, any, True, deny",
            19,
            "nobody ever is village_cadre at level town",
        ),
        (
            "p, resident, village|unit, task, read, any, True, deny",
            14,
            "nobody ever is resident at level unit",
        ),
        ("p, unit_head, unit, task, read, subtree, True, deny", 15, "never applies: unit_head is never held"),
        ("p, town_leader, town, task, read, own_unit, True, deny", 17, "never applies: town_leader is never"),
        ("p, member, village, task, read, any, True, deny", 12, "never applies: member is never held"),
        ("p, member, *, task, read, subtree, True, deny", 12, "never applies: member is never held"),
        ("p, anyone, *@44., task, read, subtree, True, deny", 12, "never applies: anyone is never held"),
        ("p, unit_head, unit@44., task, read, subtree, True, deny", 15, "never applies: unit_head is never"),
        ("p, observer, *, task, read, subtree, False, deny", 38, "never applies: the condition never holds"),
        (
            "p, observer, town|city, task, read, own_area, True, allow",
            4,
            f"needless: line {LOOKS_ON} says the same and",
        ),
        (
            "p, observer, *, task, read, subtree, r.obj.official == True, allow",
            4,
            f"needless: line {LOOKS_ON} says the",
        ),
        (
            "p, anyone, *, audit, delete, published, True, deny",
            4,
            f"needless: line {NO_DELETION} says the same and mor",
        ),
        (
            "p, town_leader, town, binding, grant, subtree, True, allow",
            39,
            "also appoints in units that rank above",
        ),
        ("g, observer, member", 14, "everybody is member already"),
    ],
)
def test_what_is_probably_not_meant_is_a_warning(row: str, column: int, message: str) -> None:
    told = of_row(row)
    assert not any(fault.severe for fault in told)
    found = [fault for fault in told if fault.message.startswith(message)]
    assert [(fault.line, fault.column) for fault in found] == [(1, column)]


@pytest.mark.parametrize(
    "row",
    [
        "p, observer, *, unit, read, own_unit, r.obj.unit_id != 'x', deny",
        "p, observer, *, unit, manage, subtree, r.obj.official != True, allow",
        "p, observer, *, unit, manage, subtree, r.obj.author_id != r.sub.id, allow",
        "p, village_secretary, village, task, read, own_area, True, allow",
        "p, observer, district@44., task, read, subtree, True, deny",
    ],
)
def test_what_is_meant_is_no_warning(row: str) -> None:
    assert of_row(row) == []


def test_a_later_ban_makes_an_earlier_right_needless() -> None:
    (fault,) = of_row("p, unit_head, unit, agreement, sign, any, True, deny")
    assert (fault.severe, fault.message) == (False, f"needless: line {NEXT} everything it fits is denied")
    assert TEXT.splitlines()[fault.line + NEXT - 2].startswith("p, unit_head, unit, agreement, sign")


def test_a_mistyped_right_is_told_once() -> None:
    (fault,) = check_text(TEXT.replace("task, accept, target_unit", "task, acept, target_unit"))
    assert (fault.message, fault.suggestion) == ("unknown action of task 'acept'", "accept")


def test_a_character_repeated_at_once_is_told_once() -> None:
    faults = of_row("p, ооbserver, tоwn, task, reаd, any, True, allow\u200b\u200b\u200b")
    assert [(fault.column, fault.suggestion) for fault in faults] == [
        (4, "o"),
        (16, "o"),
        (29, "a"),
        (49, None),
    ]


def test_the_longest_text_and_row_are_not_too_long() -> None:
    assert "longer" not in str(check_text("#" * LONGEST_ROW))
    text = f"#{'x' * (LONGEST_ROW - 2)}\n" * (LONGEST_TEXT // LONGEST_ROW)
    assert len(text) == LONGEST_TEXT
    assert "longer" not in str(check_text(text))


def test_a_text_may_not_be_endless() -> None:
    assert check_text("#" * (LONGEST_TEXT + 1)) == [Fault(0, 0, "longer than 400,000 characters")]
    rows = [f"p,member,*@{number}.,unit,read,any,True,deny" for number in range(MOST_ROWS + 1)]
    assert [fault for fault in check_text("\n".join(rows)) if fault.severe] == [
        Fault(MOST_ROWS + 1, 1, "more than 5,000 rows")
    ]
    assert "rows" not in "".join(fault.message for fault in check_text("\n".join(rows[:-1])))


def test_after_a_thousand_faults_it_is_enough() -> None:
    faults = check_text("q\n" * 100_000)
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].message == "too many faults: the rest was not looked at"


WORDS = [
    *(
        "p",
        "g",
        "observer",
        "member",
        "anyone",
        "*",
        "town|city",
        "village@44.",
        "task",
        "binding",
        "read",
        "grant",
    ),
    *("any", "subtree", "True", "r.obj.unit_id", "==", "'x'", "&&", "!", "(", ")", "allow", "deny"),
    *(",", ", ", ",", ", ", "\n", "\r", "#", "'", "[", "\u202e", "\0", "\ud800", "а", "，", "村"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from(WORDS)).map("".join)
    | st.lists(st.sampled_from(WORDS)).map(", ".join)
)
def test_no_text_whatever_breaks_the_check(text: str) -> None:
    for whole in (text, f"{TEXT}{text}"):
        faults = check_text(whole)
        assert faults == sorted(faults, key=lambda fault: (fault.line, fault.column))
        try:
            assert read_loosely(whole).text == whole
        except BrokenRules as broken:
            assert set(broken.faults) <= set(faults)  # so Casbin never reads what is well formed otherwise

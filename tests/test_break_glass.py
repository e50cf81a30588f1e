"""Emergency access (应急访问): a protected field for a while, each look in the log, and a review by somebody else."""

import re

import pytest
from api import Answer, ask, do, refused, why_not
from world import Time, World, everything

from actions.break_glass import phones_for
from models import AuditEntry, BreakGlass, Event, Grant, Member, clock
from policies.actor import ANONYMOUS
from policies.reading.syntax import POLICY
from policies.rules import read_loosely
from resolvers.ids import global_id, key_of
from schema import schema

pytest_plugins = ["monday"]

PHONE, OF = "0757-22990001", "zr.member"
COORDINATOR, CADRE, AUDITOR = "junan.coordinator", "tianhu.cadre", "shunde.auditor"
SUPERVISION, MANAGER = "shunde.supervision", "shunde.org"
REASON = "老人走失,须立即联系。"
REVIEW = {"justified": True, "finding": "确有必要。"}
MEMBER = "query($id: ID!) { member(id: $id) { phone } }"
ACCESSES = """query($reviewed: Boolean) { emergencyAccesses(reviewed: $reviewed) { totalCount edges { node {
    id reason openedAt until reviewedAt justified finding version member { login } reviewer { login } area { code }
    object { ... on Member { login } } } } } }"""
NODE = "query($id: ID!) { node(id: $id) { __typename } }"
USED = "breakGlass.used"


@pytest.fixture
async def numbered(world: World) -> World:
    """Everybody has a telephone number."""
    await Member.all().update(phone=PHONE)
    return world


async def phone(world: World, login: str, of: str = OF) -> str | None:
    seen: str | None = (await ask(login, MEMBER, id=global_id(world.members[of])))["member"]["phone"]
    return seen


async def opened(world: World, login: str, of: str = OF) -> str:
    """The id of a new access."""
    payload = await do(login, "openEmergencyAccess", world.ids({"object": of, "reason": REASON}))
    assert payload["problems"] == [], payload["problems"]
    assert payload["event"]["type"] == "breakGlass.opened"
    return str(payload["access"]["id"])


async def accesses(login: str, reviewed: bool | None = None) -> list[Answer]:
    found = (await ask(login, ACCESSES, reviewed=reviewed))["emergencyAccesses"]
    assert found["totalCount"] == len(found["edges"])
    return [edge["node"] for edge in found["edges"]]


WHO_SEES = [
    (OF, OF, True),
    ("zr.head", OF, True),
    (MANAGER, OF, True),
    (COORDINATOR, "tianhu.secretary", True),
    ("zr.liaison", OF, False),
    (CADRE, "tianhu.secretary", False),
    (SUPERVISION, OF, False),
    (AUDITOR, OF, False),
    ("shunde.policy", OF, False),
    ("junan.observer", "tianhu.secretary", False),
]


@pytest.mark.parametrize(("login", "of", "sees"), WHO_SEES)
async def test_a_number_is_seen_by_oneself_and_ones_managers_only(
    numbered: World, login: str, of: str, sees: bool
) -> None:
    assert await phone(numbered, login, of) == (PHONE if sees else None)
    assert await Event.all().count() == 0


async def test_the_anonymous_see_no_number(numbered: World) -> None:
    assert await phones_for(ANONYMOUS, await Member.all()) == [None] * await Member.all().count()


WHO_OPENS = [
    (SUPERVISION, OF, "district_supervision"),
    (AUDITOR, OF, "discipline_auditor"),
    (CADRE, "tianhu.secretary", "village_cadre"),
    (COORDINATOR, "zr.liaison", None),
]


@pytest.mark.parametrize(("login", "of", "role"), WHO_OPENS)
async def test_who_may_open_sees_the_number_and_each_look_is_audited(
    numbered: World, login: str, of: str, role: str | None
) -> None:
    given = numbered.ids({"object": of, "reason": REASON})
    if role is None:
        assert await why_not(login, "openEmergencyAccess", given) == ["NotAllowed WRONG_PLACE"]
        return
    assert await phone(numbered, login, of) is None
    await opened(numbered, login, of)
    assert await Event.filter(type=USED).count() == 0
    for looks in (1, 2):
        assert await phone(numbered, login, of) == PHONE
        assert await Event.filter(type=USED).count() == looks
    entry = await AuditEntry.filter(event=USED).order_by("seq").first()
    assert entry is not None
    assert (entry.actor_id, entry.role) == (numbered.members[login].id, role)
    assert (entry.kind, entry.reason) == ("BreakGlass", None)
    assert PHONE not in str([vars(one) for one in await AuditEntry.all()])
    assert (await AuditEntry.get(event="breakGlass.opened")).reason == REASON


async def test_several_numbers_are_looked_at_in_one_question(numbered: World) -> None:
    ids = [global_id(numbered.members[of]) for of in (OF, "zr.head", "zr.liaison")]
    await opened(numbered, SUPERVISION)
    await opened(numbered, SUPERVISION, "zr.head")
    document = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Member { phone unit { name } grants { role } } }
        tasks { totalCount } emergencyAccesses { edges { node { object { ... on Member { phone } } } } } }"""
    found = await ask(SUPERVISION, document, ids=ids)
    assert [one["phone"] for one in found["nodes"]] == [PHONE, PHONE, None]
    assert await Event.filter(type=USED).count() >= 2
    assert await AuditEntry.all().count() == await Event.all().count()


async def test_the_right_to_reveal_alone_opens_too(numbered: World) -> None:
    await opened(numbered, CADRE, "tianhu.secretary")
    entry = await AuditEntry.get(event="breakGlass.opened")
    assert (entry.type, entry.action) == ("pii", "reveal")


async def test_it_opens_one_object_and_ends_after_three_hours(numbered: World, time: Time) -> None:
    await opened(numbered, SUPERVISION)
    assert await phone(numbered, SUPERVISION, "zr.head") is None
    time.pass_to("03-02 11:59")
    assert await phone(numbered, SUPERVISION) == PHONE
    time.pass_to("03-02 12:00")
    assert await phone(numbered, SUPERVISION) is None
    await opened(numbered, SUPERVISION)
    assert await phone(numbered, SUPERVISION) == PHONE


async def test_it_ends_with_the_right_to_open_it(numbered: World) -> None:
    await opened(numbered, SUPERVISION)
    await Grant.filter(member_id=numbered.members[SUPERVISION].id).update(role="district_leader")
    assert await phone(numbered, SUPERVISION) is None
    assert await Event.filter(type=USED).count() == 0


async def test_nobody_else_sees_through_it(numbered: World) -> None:
    await opened(numbered, SUPERVISION)
    assert await phone(numbered, AUDITOR) is None


REFUSED: dict[str, tuple[str, Answer, str]] = {
    "without the right": ("zr.liaison", {}, "NotAllowed NO_RULE"),
    "in another village": (CADRE, {"object": "shapu.secretary"}, "NotAllowed WRONG_PLACE"),
    "as an observer": ("junan.observer", {"object": "tianhu.secretary"}, "NotAllowed NO_RULE"),
    "without a reason": (SUPERVISION, {"reason": " "}, "InvalidInput EMPTY reason"),
    "with too many words": (SUPERVISION, {"reason": "长" * 501}, "InvalidInput TOO_LONG reason"),
}


@pytest.mark.parametrize(("login", "changes", "problem"), REFUSED.values(), ids=REFUSED)
async def test_it_is_not_opened(sqlite_world: World, login: str, changes: Answer, problem: str) -> None:
    before = await everything()
    given = sqlite_world.ids({"object": OF, "reason": REASON} | changes)
    assert await why_not(login, "openEmergencyAccess", given) == [problem]
    assert await everything() == before


async def test_of_whom_one_may_not_know_nothing_is_opened(sqlite_world: World) -> None:
    await sqlite_world.enter("hidden", "440606104")
    given = sqlite_world.ids({"object": "hidden", "reason": REASON})
    assert await why_not(CADRE, "openEmergencyAccess", given) == ["NotFound NOT_FOUND object"]


async def test_what_is_open_is_not_opened_again(numbered: World) -> None:
    await opened(numbered, SUPERVISION)
    given = numbered.ids({"object": OF, "reason": REASON})
    assert await why_not(SUPERVISION, "openEmergencyAccess", given) == ["InvalidInput ACCESS_OPEN object"]
    await opened(numbered, AUDITOR)


async def test_an_auditor_reviews_it_once_and_that_ends_it(numbered: World) -> None:
    id = await opened(numbered, SUPERVISION)
    await phone(numbered, SUPERVISION)
    [access] = await accesses(AUDITOR, reviewed=False)
    assert (access["id"], access["version"], access["area"]) == (id, 2, {"code": "440606"})
    assert (access["member"], access["object"]) == ({"login": SUPERVISION}, {"login": OF})
    given = {"access": id, "version": 2, "justified": False, "finding": "本可另行联系。"}
    done = await do(AUDITOR, "reviewEmergencyAccess", given)
    assert (done["problems"], done["event"]["type"]) == ([], "breakGlass.reviewed")
    assert await phone(numbered, SUPERVISION) is None
    assert await accesses(AUDITOR, reviewed=False) == []
    [access] = await accesses(AUDITOR, reviewed=True)
    assert (access["justified"], access["finding"]) == (False, "本可另行联系。")
    assert (access["reviewer"], access["until"]) == ({"login": AUDITOR}, access["reviewedAt"])
    assert await why_not(AUDITOR, "reviewEmergencyAccess", {"access": id} | REVIEW) == [
        "WrongState ACCESS_REVIEWED"
    ]


async def test_a_review_after_the_end_leaves_the_end_as_it_was(numbered: World, time: Time) -> None:
    id = await opened(numbered, SUPERVISION)
    until = (await BreakGlass.get()).until
    time.pass_to("03-04 09:00")
    assert (await do(AUDITOR, "reviewEmergencyAccess", {"access": id} | REVIEW))["problems"] == []
    assert (await BreakGlass.get()).until == until < clock.now()


async def test_a_review_is_refused(numbered: World) -> None:
    id = await opened(numbered, SUPERVISION)
    given = {"access": id} | REVIEW
    mutation = "reviewEmergencyAccess"
    assert await why_not(SUPERVISION, mutation, given) == ["NotAllowed NO_RULE"]
    assert await why_not(MANAGER, mutation, given) == ["NotFound NOT_FOUND access"]
    assert await why_not(OF, mutation, given) == ["NotFound NOT_FOUND access"]
    assert await why_not(AUDITOR, mutation, given | {"finding": ""}) == ["InvalidInput EMPTY finding"]
    assert await why_not(AUDITOR, mutation, given | {"version": 7}) == ["Conflict VERSION_CHANGED"]
    own = {"access": await opened(numbered, AUDITOR)} | REVIEW
    assert await why_not(AUDITOR, mutation, own) == ["NotAllowed OWN_ACCESS"]


async def test_no_rule_lets_a_deputy_review_the_access_of_their_principal(
    numbered: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = "p, district_supervision, district, breakglass, review, subtree, True, allow"
    book = read_loosely(f"{POLICY.read_text('utf-8')}\n{wide}\n")
    monkeypatch.setattr("policies.compile.rules", lambda: book)
    id = await opened(numbered, SUPERVISION)
    source = numbered.grants[SUPERVISION]
    lent = numbered.grant(MANAGER, source.role, area=source.area_id)
    lent.principal_id = source.member_id
    await lent.save(force_create=True)
    for login in (SUPERVISION, MANAGER):
        given = {"access": id} | REVIEW
        assert await why_not(login, "reviewEmergencyAccess", given) == ["NotAllowed OWN_ACCESS"]


async def test_accesses_are_listed_for_auditors_and_their_openers(numbered: World) -> None:
    first = await opened(numbered, SUPERVISION)
    second = await opened(numbered, CADRE, "tianhu.secretary")
    assert {one["id"] for one in await accesses(AUDITOR)} == {first, second}
    assert [one["id"] for one in await accesses(SUPERVISION)] == [first]
    assert [one["id"] for one in await accesses(CADRE)] == [second]
    assert await accesses(CADRE, reviewed=True) == []
    for login in (OF, MANAGER, "tianhu.secretary", "shunde.policy"):
        assert await accesses(login) == []
        assert (await ask(login, NODE, id=first))["node"] is None
    assert (await ask(AUDITOR, NODE, id=first))["node"] == {"__typename": "EmergencyAccess"}


async def test_whose_number_was_seen_is_not_told(numbered: World) -> None:
    await opened(numbered, SUPERVISION)
    await phone(numbered, SUPERVISION)
    events = "query { events { edges { node { type } } } }"
    for login, told in ((OF, 0), (MANAGER, 0), (SUPERVISION, 2), (AUDITOR, 2)):
        assert len((await ask(login, events))["events"]["edges"]) == told


async def test_a_retry_with_the_same_key_opens_once(numbered: World) -> None:
    given = numbered.ids({"object": OF, "reason": REASON, "idempotencyKey": "a-1"})
    first, again = [await do(SUPERVISION, "openEmergencyAccess", given) for _ in range(2)]
    assert first == again and first["problems"] == []
    assert await BreakGlass.all().count() == 1
    assert key_of(first["access"]["id"], BreakGlass, "access") == (await BreakGlass.get()).id


def test_no_list_is_filtered_or_sorted_by_a_number() -> None:
    """Only entering and changing a member, and telling who reported a request, take one."""
    naming = [
        kind
        for kind, body in re.findall(r"^(?:input|enum) (\w+)[^{]*\{(.*?)^\}", schema.as_str(), re.S | re.M)
        if "phone" in re.sub(r'"""?.*?"""?', "", body, flags=re.S).lower()
    ]
    assert sorted(naming) == ["CreateMemberInput", "ReporterInput", "UpdateMemberInput"]
    assert not re.search(r"\w+\([^)]*\bphone\b", schema.as_str())


async def test_the_bad_cursor_is_told(sqlite_world: World) -> None:
    document = 'query { emergencyAccesses(after: "湖") { totalCount } }'
    assert await refused(AUDITOR, document) == ["BAD_USER_INPUT CURSOR_MALFORMED after"]

"""Client systems: their accounts, what they may hold, and the keys they sign in with."""

import hashlib
import logging
from asyncio import gather
from datetime import timedelta

import pytest
from api import Answer, ask, brief, do, execute, refused, why_not
from world import MONDAY, Time, World, everything

from actions.keys import Key, find_by_key, new_key
from actions.service_accounts import NewCredential, issue_credential
from baodao.auth import Auth, PublishedKeys, SharedSecret, Unauthenticated, make_token
from baodao.settings import read_settings
from baodao.sockets import Seat, Sockets
from models import AuditEntry, Credential, Event, Grant, InvalidInput, Member, Refusal, clock
from resolvers.ids import encoded, global_id, key_of

pytest_plugins = ["monday"]

TOWN, VILLAGE = "440606106", "440606106004"
COORDINATOR, POLICY, SECRETARY, ACCOUNT = (
    "junan.coordinator",
    "shunde.policy",
    "tianhu.secretary",
    "junan.system",
)
SECRET = "a secret of more than thirty-two characters"
LOCAL = Auth(SharedSecret(SECRET))
FAR = "http://127.0.0.1:9/keys"
"""Nobody answers there: a key must be good without asking the identity provider."""
UNTIL = (MONDAY + timedelta(days=90)).isoformat()
ISSUE = """mutation($input: IssueCredentialInput!) { issueCredential(input: $input) {
    secret credential { id label createdAt until revokedAt version account { login } } event { type }
    problems { __typename message path ... on InvalidInput { reasonCode } ... on NotAllowed { reasonCode } } } }"""
ROTATE = ISSUE.replace("IssueCredential", "RotateCredential").replace("issueCredential", "rotateCredential")
KEYS = "query($id: ID!) { member(id: $id) { login service credentials { id label revokedAt } } }"


def account_id(world: World, login: str = ACCOUNT) -> str:
    return global_id(world.members[login])


async def issue(world: World, login: str = COORDINATOR, **more: object) -> Answer:
    """The payload of a new key for the town's system."""
    given = {"account": account_id(world), "label": "生产", "until": UNTIL} | more
    payload: Answer = (await ask(login, ISSUE, input=given))["issueCredential"]
    return payload


async def key(world: World, **more: object) -> tuple[str, str]:
    """A new key and its credential's id in the graph."""
    payload = await issue(world, **more)
    assert payload["problems"] == [], payload["problems"]
    return payload["secret"], payload["credential"]["id"]


async def rotate(credential: str, login: str = COORDINATOR, **more: object) -> Answer:
    given = {"credential": credential, "until": UNTIL} | more
    payload: Answer = (await ask(login, ROTATE, input=given))["rotateCredential"]
    return payload


async def is_good(text: str) -> bool:
    try:
        await LOCAL.sign_in(text)
    except Unauthenticated as stranger:
        assert str(stranger) == "the key is not valid"
        return False
    return True


async def problems(document: str, name: str, given: Answer, login: str = COORDINATOR) -> list[str]:
    return [brief(one) for one in (await ask(login, document, input=given))[name]["problems"]]


async def test_an_account_is_told_from_people(world: World) -> None:
    payload = await do(
        SECRETARY, "createServiceAccount", {"login": "tianhu.screen", "name": "大屏", "area": VILLAGE}
    )
    assert (payload["problems"], payload["event"]["type"]) == ([], "member.created")
    shown = await ask(SECRETARY, KEYS, id=payload["member"]["id"])
    assert shown["member"] == {"login": "tianhu.screen", "service": True, "credentials": []}
    person = await ask(COORDINATOR, KEYS, id=account_id(world, SECRETARY))
    assert person["member"] == {"login": SECRETARY, "service": False, "credentials": []}
    made = await Member.get(login="tianhu.screen")
    assert (made.service_since, made.unit_id, made.official) == (MONDAY, None, False)
    entry = await AuditEntry.get(object_id=made.id)
    assert (entry.role, entry.after["service_since"]) == ("village_secretary", "2026-03-02T01:00:00+00:00")


@pytest.mark.parametrize(
    ("login", "area", "problem"),
    [
        (COORDINATOR, TOWN, None),
        (COORDINATOR, VILLAGE, None),
        (COORDINATOR, "440606", "NotAllowed WRONG_PLACE"),
        (COORDINATOR, "440606104", "NotAllowed WRONG_PLACE"),
        (SECRETARY, TOWN, "NotAllowed WRONG_PLACE"),
        ("zr.head", TOWN, "NotAllowed WRONG_PLACE"),
        (ACCOUNT, TOWN, "NotAllowed NO_RULE"),
        ("junan.observer", TOWN, "NotAllowed NO_RULE"),
        (COORDINATOR, "999999", "NotFound NOT_FOUND area"),
    ],
)
async def test_an_account_is_entered_by_who_manages_members_there(
    sqlite_world: World, login: str, area: str, problem: str | None
) -> None:
    given = {"login": "new.system", "name": "新系统", "area": area}
    assert await why_not(login, "createServiceAccount", given) == ([problem] if problem else [])
    assert await Member.filter(login="new.system").exists() is (problem is None)


async def test_every_fault_of_an_account_is_told_at_once(sqlite_world: World) -> None:
    given = {"login": "li si", "name": "天\t湖", "area": "999999"}
    assert await why_not(COORDINATOR, "createServiceAccount", given) == [
        "InvalidInput CONTROL_CHARACTER name",
        "InvalidInput LOGIN_MALFORMED login",
        "NotFound NOT_FOUND area",
    ]


@pytest.mark.parametrize(
    ("by", "problem"), [(COORDINATOR, "InvalidInput LOGIN_TAKEN login"), (ACCOUNT, "NotAllowed NO_RULE")]
)
async def test_only_who_may_enter_an_account_learns_that_a_login_is_taken(
    world: World, by: str, problem: str
) -> None:
    given = {"login": SECRETARY, "name": "新系统", "area": TOWN}
    assert await why_not(by, "createServiceAccount", given) == [problem]


@pytest.mark.parametrize(
    ("login", "role", "area", "problem"),
    [
        (ACCOUNT, "observer", TOWN, None),
        (ACCOUNT, "integration_client", VILLAGE, None),
        (ACCOUNT, "observer", "440606", "InvalidInput BEYOND_ACCOUNT holder"),
        (ACCOUNT, "observer", "440606104", "InvalidInput BEYOND_ACCOUNT holder"),
        (ACCOUNT, "town_coordinator", TOWN, "InvalidInput ROLE_NOT_FOR_SERVICE role"),
        (ACCOUNT, "policy_admin", TOWN, "InvalidInput ROLE_NOT_FOR_SERVICE role"),
        ("junan.observer", "integration_client", TOWN, "InvalidInput ROLE_FOR_SERVICE_ONLY role"),
        ("junan.observer", "observer", VILLAGE, None),
    ],
)
async def test_an_account_holds_few_roles_and_people_not_its_own(
    sqlite_world: World, login: str, role: str, area: str, problem: str | None
) -> None:
    given = {"member": account_id(sqlite_world, login), "role": role, "holder": {"area": area}}
    assert await why_not(POLICY, "grantRole", given) == ([problem] if problem else [])


async def test_an_account_in_a_unit_is_refused_however_it_gets_there(sqlite_world: World) -> None:
    unit = {"unit": global_id(sqlite_world.units["zr"])}
    moved = await why_not(COORDINATOR, "updateMember", {"member": account_id(sqlite_world)} | unit)
    assert moved == ["InvalidInput SERVICE_HAS_NO_UNIT unit"]
    given = {"member": account_id(sqlite_world), "role": "observer", "holder": unit}
    assert await why_not(POLICY, "grantRole", given) == []  # inside its area, as at any other place there


async def test_a_key_is_shown_once_and_only_its_hash_is_kept(world: World) -> None:
    payload = await issue(world, idempotencyKey="once")
    secret, shown = payload["secret"], payload["credential"]
    read = Key(key_of(shown["id"], Credential), secret[-43:])
    assert (secret, len(secret)) == (read.text, 73)
    assert (shown["label"], shown["until"], shown["revokedAt"], shown["version"]) == (
        "生产",
        "2026-05-31T01:00:00Z",
        None,
        1,
    )
    assert (shown["account"], payload["event"]) == ({"login": ACCOUNT}, {"type": "credential.issued"})
    kept = await Credential.get(id=read.id)
    assert kept.hash == hashlib.sha256(secret[-43:].encode()).hexdigest()
    again = await issue(world, idempotencyKey="once")
    assert again == payload | {"secret": None}
    assert await Credential.filter(label="生产").count() == 1
    changed = await issue(world, idempotencyKey="once", label="其他")
    assert (changed["secret"], [brief(one) for one in changed["problems"]]) == (None, ["Conflict KEY_REUSED"])


async def test_a_rotation_done_again_shows_no_key_either(world: World) -> None:
    _, id = await key(world)
    first = await rotate(id, idempotencyKey="once")
    assert first["secret"].startswith("bd_") and first["problems"] == []
    assert await rotate(id, idempotencyKey="once") == first | {"secret": None}


async def test_neither_key_nor_hash_is_told_anywhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    first, id = await key(world, idempotencyKey="a")
    second = (await rotate(id, idempotencyKey="b"))["secret"]
    await do(COORDINATOR, "revokeCredential", {"credential": id, "reason": "泄露。"})
    assert await is_good(second) and not await is_good(first)
    with pytest.raises(Unauthenticated) as wrong:
        await LOCAL.sign_in(first)
    told = {name: rows for name, rows in (await everything()).items() if name != "Credential"}
    statements = repr([one.getMessage() for one in caplog.records if one.levelno == logging.DEBUG])
    words = repr([one.getMessage() for one in caplog.records if one.levelno > logging.DEBUG])
    for text in (first, second):
        made = Key(text[3:29], text[30:])
        for place in (repr(told), words, repr(wrong.value.__cause__), str(wrong.value), repr(made)):
            assert made.secret not in place and made.hash not in place
        assert made.secret not in statements
        assert made.id in repr(told) and made.id in statements
    entries = await AuditEntry.filter(kind="Credential").order_by("seq")
    assert [(one.event, one.type, one.action) for one in entries] == [
        ("credential.issued", "member", "manage"),
        ("credential.rotated", "member", "manage"),
        ("credential.issued", "member", "manage"),
        ("credential.revoked", "member", "manage"),
    ]
    assert [one.after.get("hash") for one in entries] == ["(hidden)", None, "(hidden)", None]
    assert (set(entries[1].after), set(entries[3].after)) == ({"until"}, {"revoked_at"})
    assert (entries[3].reason, entries[0].role) == ("泄露。", "town_coordinator")


async def test_an_unexpected_failure_does_not_tell_the_key(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that comes out twice is refused by the database, in the middle of the work."""
    known = new_key()
    monkeypatch.setattr("actions.service_accounts.new_key", lambda: known)
    await key(world)
    caplog.clear()
    given = {"account": account_id(world), "label": "x", "until": UNTIL}
    result = await execute(COORDINATOR, ISSUE, input=given)
    assert result.errors is not None and caplog.records
    formatted = logging.Formatter().format
    for place in (repr(result.errors), *map(formatted, caplog.records)):
        assert known.secret not in place and known.hash not in place


UNTIL_FAULTS = [
    (timedelta(0), "UNTIL_IN_PAST"),
    (timedelta(days=-1), "UNTIL_IN_PAST"),
    (timedelta(days=400), None),
    (timedelta(days=400, seconds=1), "CREDENTIAL_TOO_LONG"),
    (timedelta(days=200_000), "CREDENTIAL_TOO_LONG"),
]


@pytest.mark.parametrize(("lasting", "code"), UNTIL_FAULTS)
async def test_a_key_lasts_at_most_400_days(
    sqlite_world: World, lasting: timedelta, code: str | None
) -> None:
    given = {"account": account_id(sqlite_world), "label": "x", "until": (MONDAY + lasting).isoformat()}
    wanted = [f"InvalidInput {code} until"] if code else []
    assert await why_not(COORDINATOR, "issueCredential", given) == wanted
    first = global_id(sqlite_world.credentials[ACCOUNT])
    given = {"credential": first, "until": given["until"]}
    assert await why_not(COORDINATOR, "rotateCredential", given) == wanted


@pytest.mark.parametrize("overlap", [-1, 10_081, 2_147_483_647, -2_147_483_648])
async def test_an_overlap_is_at_most_seven_days(sqlite_world: World, overlap: int) -> None:
    given = {"credential": global_id(sqlite_world.credentials[ACCOUNT]), "until": UNTIL, "overlap": overlap}
    refusals = await why_not(COORDINATOR, "rotateCredential", given)
    assert refusals == ["InvalidInput OVERLAP_OUT_OF_RANGE overlap"]


async def test_faults_of_a_key_are_told_at_once(sqlite_world: World) -> None:
    given = {"account": account_id(sqlite_world), "label": "长" * 81, "until": MONDAY.isoformat()}
    assert await why_not(COORDINATOR, "issueCredential", given) == [
        "InvalidInput TOO_LONG label",
        "InvalidInput UNTIL_IN_PAST until",
    ]


async def test_an_account_has_at_most_five_live_keys(world: World, time: Time) -> None:
    ids = [(await key(world, label=str(number)))[1] for number in range(4)]
    full = ["InvalidInput TOO_MANY_CREDENTIALS"]
    assert [brief(one) for one in (await issue(world))["problems"]] == full
    assert [brief(one) for one in (await rotate(ids[0]))["problems"]] == full
    replaced = await rotate(ids[0], overlap=0)
    assert replaced["problems"] == [] and await is_good(replaced["secret"])
    await do(COORDINATOR, "revokeCredential", {"credential": ids[1], "reason": "x"})
    assert (await issue(world))["problems"] == []
    time.pass_to("06-15 09:00")
    later = {"until": "2026-12-01T00:00:00Z"}
    assert [(await issue(world, **later))["problems"] for _ in range(5)] == [[]] * 5


async def test_no_sixth_key_by_asking_at_once(world: World) -> None:
    actor, account = await world.actor(COORDINATOR), world.members[ACCOUNT].id
    wanted = NewCredential(account, "x", MONDAY + timedelta(days=1))
    came = await gather(*(issue_credential(actor, wanted) for _ in range(8)), return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in came) == 4
    assert all(isinstance(one, InvalidInput) for one in came if isinstance(one, BaseException))
    assert await Credential.filter(member_id=account).count() == 5


async def test_a_rotated_key_ends_after_the_overlap(world: World, time: Time) -> None:
    old, id = await key(world)
    payload = await rotate(id, overlap=30)
    assert (payload["event"]["type"], payload["credential"]["label"]) == ("credential.rotated", "生产")
    new = payload["secret"]
    assert payload["credential"]["id"] != id
    for moment, good in [("03-02 09:29", True), ("03-02 09:30", False)]:
        time.pass_to(moment)
        assert (await is_good(old), await is_good(new)) == (good, True)
    again = await why_not(COORDINATOR, "rotateCredential", {"credential": id, "until": UNTIL})
    assert again == ["WrongState CREDENTIAL_ENDED"]
    revoked = await why_not(COORDINATOR, "revokeCredential", {"credential": id, "reason": "x"})
    assert revoked == ["WrongState CREDENTIAL_ENDED"]
    told = await Event.filter(aggregate="Credential").order_by("pos").values_list("type", "version")
    assert list(told) == [("credential.issued", 1), ("credential.rotated", 2), ("credential.issued", 1)]


async def test_an_overlap_never_makes_a_key_last_longer(world: World, time: Time) -> None:
    old, id = await key(world, until=(MONDAY + timedelta(minutes=10)).isoformat())
    await rotate(id, overlap=10_080)
    time.pass_to("03-02 09:10")
    assert not await is_good(old)


async def test_the_overlap_is_an_hour_when_nothing_is_said(world: World, time: Time) -> None:
    old, id = await key(world)
    await rotate(id)
    time.pass_to("03-02 09:59")
    assert await is_good(old)
    time.pass_to("03-02 10:00")
    assert not await is_good(old)


async def test_a_version_that_somebody_else_changed_is_a_conflict(world: World) -> None:
    _, id = await key(world)
    for mutation, more in (("rotateCredential", {"until": UNTIL}), ("revokeCredential", {"reason": "x"})):
        refusals = await why_not(COORDINATOR, mutation, {"credential": id, "version": 7, **more})
        assert refusals == ["Conflict VERSION_CHANGED"]


async def test_a_key_signs_in_until_it_is_revoked_runs_out_or_its_account_is_disabled(
    world: World, time: Time
) -> None:
    secret, id = await key(world)
    who = await LOCAL.sign_in(secret)
    assert (who.actor.login, who.until) == (ACCOUNT, MONDAY + timedelta(days=90))
    assert who.credential_id == key_of(id, Credential)
    await do(COORDINATOR, "revokeCredential", {"credential": id, "reason": "泄露。"})
    assert not await is_good(secret)
    secret, id = await key(world)
    await do(COORDINATOR, "disableMember", {"member": account_id(world), "reason": "停用。"})
    assert not await is_good(secret)
    refusals = await why_not(COORDINATOR, "rotateCredential", {"credential": id, "until": UNTIL})
    assert refusals == ["WrongState MEMBER_DISABLED"]
    refusals = await why_not(
        COORDINATOR, "issueCredential", {"account": account_id(world), "label": "x", "until": UNTIL}
    )
    assert refusals == ["InvalidInput MEMBER_DISABLED account"]
    await Member.filter(login=ACCOUNT).update(disabled_at=None)
    assert await is_good(secret)
    time.pass_to("05-31 09:00")
    assert not await is_good(secret)


async def test_a_key_is_good_beside_an_identity_provider_that_is_away(world: World) -> None:
    secret, _ = await key(world)
    assert (await Auth(PublishedKeys(FAR)).sign_in(secret)).actor.login == ACCOUNT


async def test_a_token_that_names_an_account_is_good_too(world: World) -> None:
    mine = read_settings({"BAODAO_SECRET": SECRET})
    who = await LOCAL.sign_in(make_token(mine, ACCOUNT, timedelta(hours=1)))
    assert (who.actor.login, who.credential_id) == (ACCOUNT, None)


async def test_a_person_has_no_keys_even_if_a_row_says_so(world: World) -> None:
    given = {"account": account_id(world, SECRETARY), "label": "x", "until": UNTIL}
    refusals = await why_not(COORDINATOR, "issueCredential", given)
    assert refusals == ["InvalidInput NOT_A_SERVICE_ACCOUNT account"]
    forged = new_key()
    until = MONDAY + timedelta(days=1)
    await Credential.create(
        id=forged.id, member=world.members[SECRETARY], hash=forged.hash, created_at=MONDAY, until=until
    )
    assert await find_by_key(forged.text, MONDAY) is None


async def test_no_malformed_key_comes_in(world: World) -> None:
    secret, _ = await key(world)
    other, _ = await key(world, label="other")
    id, random = secret[3:29], secret[30:]
    bad = {
        "": "the token",
        secret[:-1]: "the key",
        secret + "A": "the key",
        secret + "\n": "the key",
        f"bd_{id}_{other[30:]}": "the key",
        f"bd_{other[3:29]}_{random}": "the key",
        f"bd_{id}_{random[::-1]}": "the key",
        f"bd_{id}_{'A' * 43}": "the key",
        f"bd_{'0' * 26}_{random}": "the key",
        f"bd_{id.lower()}_{random}": "the key",
        f"bd_{id}_": "the key",
        f"bd_{id}_{Key(id, random).hash}": "the key",
        "bd_": "the key",
        "bd_" + "x" * 8_192: "the key",
        "bd_" + "x" * 1_000_000: "the key",
        f"bd_{id}_{'é' * 43}": "the key",
        f"bd_{id}_{'１' * 43}": "the key",
        f"bd_{id}_{random[:-1]}\ud800": "the key",
        f"bd_{id}_{random[:-1]}\x00": "the key",
        f"bd_' OR 1=1 --_{random}": "the key",
        f"BD_{id}_{random}": "the token",
        f"bx_{id}_{random}": "this is not a token",
        f" {secret}": "this is not a token",
        random: "this is not a token",
        "x" * 8_193: "the token is too long",
    }
    said = {}
    for text in bad:
        with pytest.raises(Unauthenticated) as stranger:
            await LOCAL.sign_in(text)
        said[text] = str(stranger.value)
    keys = {text: words for text, words in said.items() if text.startswith("bd_")}
    assert set(keys.values()) == {"the key is not valid"} and len(keys) > 15
    assert all(text not in words for text, words in said.items() if text)
    assert await is_good(secret)


async def test_a_key_costs_one_query_and_its_account_another(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    secret, _ = await key(world)
    caplog.set_level(logging.DEBUG, logger="tortoise.db_client")
    caplog.clear()
    await LOCAL.sign_in(secret)
    assert len(caplog.records) == 2
    caplog.clear()
    assert not await is_good("bd_nothing")
    assert caplog.records == []


WHO_MANAGES = [
    (COORDINATOR, None),
    ("shunde.org", None),
    ("longjiang.coordinator", "NotFound NOT_FOUND account"),
    (SECRETARY, "NotFound NOT_FOUND account"),
    ("junan.observer", "NotAllowed NO_RULE"),
    (POLICY, "NotAllowed NO_RULE"),
    ("zr.head", "NotFound NOT_FOUND account"),
    (ACCOUNT, "NotAllowed NO_RULE"),
]


@pytest.mark.parametrize(("login", "problem"), WHO_MANAGES)
async def test_keys_are_made_by_who_manages_the_account(
    sqlite_world: World, login: str, problem: str | None
) -> None:
    before = await everything()
    given = {"account": account_id(sqlite_world), "label": "x", "until": UNTIL}
    assert await why_not(login, "issueCredential", given) == ([problem] if problem else [])
    assert (await everything() == before) is (problem is not None)


@pytest.mark.parametrize(("login", "problem"), WHO_MANAGES)
async def test_keys_are_known_only_to_who_manages_the_account(
    sqlite_world: World, login: str, problem: str | None
) -> None:
    """Whoever else sees the account sees no key, and no event of one."""
    _, id = await key(sqlite_world)
    for mutation, more in (("rotateCredential", {"until": UNTIL}), ("revokeCredential", {"reason": "x"})):
        refusals = await why_not(login, mutation, {"credential": id, **more})
        assert refusals == (["NotFound NOT_FOUND credential"] if problem else [])
    events = '{ events(types: ["credential.issued"]) { edges { node { type actor { login } } } } }'
    assert bool((await ask(login, events))["events"]["edges"]) is (problem is None)
    assert ((await ask(login, "query($id: ID!) { node(id: $id) { id } }", id=id))["node"] is None) is (
        problem is not None
    )
    shown = (await ask(login, KEYS, id=account_id(sqlite_world)))["member"]
    assert len(shown["credentials"] if shown else []) == (0 if problem else 3)


async def test_an_account_never_manages_its_own_keys(world: World) -> None:
    """Even if it came to hold the right."""
    await world.hold(ACCOUNT, "town_coordinator", area=TOWN)
    given = {"account": account_id(world), "label": "x", "until": UNTIL}
    assert await why_not(ACCOUNT, "issueCredential", given) == ["NotAllowed OWN_ACCOUNT"]
    first = global_id(world.credentials[ACCOUNT])
    for mutation, more in (("rotateCredential", {"until": UNTIL}), ("revokeCredential", {"reason": "x"})):
        assert await why_not(ACCOUNT, mutation, {"credential": first, **more}) == ["NotAllowed OWN_ACCOUNT"]


async def test_fifty_keys_are_listed_the_newest_first(world: World) -> None:
    account = world.members[ACCOUNT]
    await Credential.bulk_create(
        [
            Credential(
                member=account,
                label=str(day),
                hash="-",
                created_at=clock.now() + timedelta(day),
                until=MONDAY,
            )
            for day in range(1, 61)
        ]
    )
    shown = (await ask(COORDINATOR, KEYS, id=account_id(world)))["member"]["credentials"]
    assert [one["label"] for one in shown] == [str(day) for day in range(60, 10, -1)]


async def test_why_somebody_may_manage_a_key_is_explained(sqlite_world: World) -> None:
    document = 'query($id: ID!) { explain(action: "manage", object: $id) { allowed reasonCode } }'
    first = global_id(sqlite_world.credentials[ACCOUNT])
    assert (await ask(COORDINATOR, document, id=first))["explain"] == {"allowed": True, "reasonCode": None}
    assert (await ask("junan.observer", document, id=first))["explain"] is None


async def test_another_kind_of_id_is_refused(sqlite_world: World) -> None:
    wrong = encoded("Unit", "x1")
    given = {"account": wrong, "label": "x", "until": UNTIL}
    assert await why_not(COORDINATOR, "issueCredential", given) == ["InvalidInput WRONG_ID_TYPE account"]
    document = "mutation($i: IssueCredentialInput!) { issueCredential(input: $i) { secret } }"
    missing = {"account": account_id(sqlite_world), "label": "x"}
    assert await refused(COORDINATOR, document, i=missing) != []


class Ear:
    """The other side of a socket: hears why it is closed."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str]] = []

    async def close(self, code: int, reason: str) -> None:
        self.heard.append((code, reason))


async def test_sockets_end_with_their_keys(world: World, time: Time) -> None:
    ears = {name: Ear() for name in ("revoked", "rotated", "live", "token")}
    ids = {name: (await key(world, label=name))[1] for name in ("revoked", "rotated", "live")}
    sockets = Sockets()
    for name, ear in ears.items():
        credential = key_of(ids[name], Credential) if name in ids else None
        sockets.seats.add(Seat(ear, world.members[ACCOUNT].id, MONDAY + timedelta(days=9), credential))
    await sockets.look()
    assert [ear.heard for ear in ears.values()] == [[], [], [], []]
    await do(COORDINATOR, "revokeCredential", {"credential": ids["revoked"], "reason": "泄露。"})
    await rotate(ids["rotated"], overlap=5)
    await sockets.look()
    assert [ear.heard for ear in ears.values()] == [[(4403, "The key has ended")], [], [], []]
    time.pass_to("03-02 09:05")
    await sockets.look()
    assert ears["rotated"].heard == [(4403, "The key has ended")]
    assert ears["live"].heard == ears["token"].heard == []
    await do(COORDINATOR, "disableMember", {"member": account_id(world), "reason": "停用。"})
    await sockets.look()
    assert ears["live"].heard == ears["token"].heard == [(4403, "This member is disabled")]
    assert len(ears["revoked"].heard) == 1 and sockets.seats == set()


async def test_what_an_account_reads_is_what_its_role_gives(world: World) -> None:
    """Nothing is added by being a system."""
    query = "{ viewer { member { login service } grants { role area { code } } } }"
    shown = (await ask(ACCOUNT, query))["viewer"]
    assert shown["member"] == {"login": ACCOUNT, "service": True}
    assert shown["grants"] == [{"role": "integration_client", "area": {"code": TOWN}}]
    await Grant.filter(member=world.members[ACCOUNT]).update(until=MONDAY)
    assert (await ask(ACCOUNT, "{ summonses { totalCount } }"))["summonses"]["totalCount"] == 0


async def test_a_key_of_nobody_is_a_refusal_and_no_crash(world: World) -> None:
    with pytest.raises(Refusal):
        await issue_credential(await world.actor(COORDINATOR), NewCredential("nobody", "x", MONDAY))

"""Tokens: whom they let in, and every forgery that must not."""

import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.util import urlsafe_b64encode

from baodao.auth import Auth, PublishedKeys, SharedSecret, Unauthenticated, actor_of, auth_by, make_token
from baodao.settings import BadSetting, read_settings
from models import Area, Member, clock

NOW = datetime(2023, 10, 16, 1, tzinfo=UTC)
SECRET = "a secret of more than thirty-two characters"
ISSUER, AUDIENCE = "https://login.example", "baodao"


def key_of(kind: type[RSAKey] | type[ECKey], size: int | str, kid: str) -> RSAKey | ECKey:
    return kind.generate_key(size, {"kid": kid, "use": "sig"})


RSA, EC = key_of(RSAKey, 2048, "rsa-1"), key_of(ECKey, "P-256", "ec-1")
NEXT, STRANGER = key_of(RSAKey, 2048, "rsa-2"), key_of(RSAKey, 2048, "rsa-1")
OCT = OctKey.import_key(SECRET)


@dataclass
class Provider:
    """An identity provider that publishes its keys; `asked` counts how often somebody looked."""

    keys: list[dict[str, object]] = field(default_factory=list)
    asked: int = 0
    status: int = 200
    url: str = ""

    def publish(self, *keys: RSAKey | ECKey) -> None:
        self.keys = [key.as_dict(private=False) for key in keys]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A real one, on a free port of this machine."""
    provider = Provider()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked += 1
            self.send_response(provider.status)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": provider.keys}).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    provider.url = f"http://127.0.0.1:{server.server_port}/keys"
    provider.publish(RSA, EC)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def a_monday_morning() -> Iterator[None]:
    with clock.at(NOW):
        yield


def token(key: RSAKey | ECKey | OctKey = RSA, alg: str = "RS256", **changes: object) -> str:
    """A good token of the provider, but for the changes; None leaves a claim out, `kid` goes to the header."""
    kid = changes.pop("kid", key.kid)
    seconds = int(NOW.timestamp())
    claims = {"sub": "liang", "iss": ISSUER, "aud": AUDIENCE, "iat": seconds, "exp": seconds + 600, **changes}
    header = {"alg": alg, "kid": kid} if kid else {"alg": alg}
    return jwt.encode(
        header, {name: value for name, value in claims.items() if value is not None}, key, [alg]
    )


def segment(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def forged(header: dict[str, object], signature: str = "") -> str:
    claims = {"sub": "liang", "iss": ISSUER, "aud": AUDIENCE, "exp": int(NOW.timestamp()) + 600}
    return f"{segment(header)}.{segment(claims)}.{signature}"


def signed_with_the_public_key() -> str:
    """The classic confusion: the verifier takes the published key for an HMAC secret."""
    unsigned = forged({"alg": "HS256", "kid": RSA.kid}).removesuffix(".")
    digest = hmac.digest(RSA.as_pem(private=False), unsigned.encode(), "sha256")
    return f"{unsigned}.{urlsafe_b64encode(digest).decode()}"


def seconds(offset: float) -> float:
    return NOW.timestamp() + offset


GOOD = {
    "RSA": lambda: token(),
    "elliptic curve": lambda: token(EC, "ES256"),
    "several audiences": lambda: token(aud=["another", AUDIENCE]),
    "expired within the leeway": lambda: token(exp=seconds(-9)),
    "issued a moment ahead": lambda: token(iat=seconds(9)),
    "never expires as far as a date can tell": lambda: token(exp=10**15),
}
BAD = {
    "expired": lambda: token(exp=seconds(-11)),
    "without expiry": lambda: token(exp=None),
    "expiry as text": lambda: token(exp="tomorrow"),
    "expiry not a number": lambda: token(exp=float("nan")),
    "not yet valid": lambda: token(nbf=seconds(60)),
    "issued in the future": lambda: token(iat=seconds(60)),
    "without subject": lambda: token(sub=None),
    "empty subject": lambda: token(sub=""),
    "subject not text": lambda: token(sub=7),
    "other issuer": lambda: token(iss="https://login.example.evil"),
    "without issuer": lambda: token(iss=None),
    "other audience": lambda: token(aud="payroll"),
    "without audience": lambda: token(aud=None),
    "audience only a part": lambda: token(aud="baodao-test"),
    "unsigned": lambda: forged({"alg": "none"}),
    "unsigned, in capitals": lambda: forged({"alg": "NONE", "kid": "rsa-1"}),
    "signature cut off": lambda: token().rpartition(".")[0] + ".",
    "signed with the public key": signed_with_the_public_key,
    "signed with our secret": lambda: token(OCT, "HS256", kid="rsa-1"),
    "signed by a stranger under a known key id": lambda: token(STRANGER),
    "another hash": lambda: token(RSA, "RS512"),
    "RSA key for the curve's algorithm": lambda: forged({"alg": "ES256", "kid": "rsa-1"}, segment("x" * 86)),
    "brings its own key": lambda: forged({"alg": "RS256", "jwk": STRANGER.as_dict(private=False)}, "AAAA"),
    "key id from a list": lambda: forged({"alg": "RS256", "kid": ["rsa-1"]}, "AAAA"),
    "unknown key id": lambda: token(kid="rsa-9"),
    "no key id where there are two keys": lambda: token(kid=""),
    "unknown critical header": lambda: forged(
        {"alg": "RS256", "kid": "rsa-1", "crit": ["x"], "x": 1}, "AAAA"
    ),
    "claims not an object": lambda: f"{segment({'alg': 'RS256', 'kid': 'rsa-1'})}.{segment([1])}.AAAA",
    "nested too deep": lambda: urlsafe_b64encode(b"[" * 400).decode() + ".e30.AAAA",
    "too long": lambda: token(note="x" * 9_000),
    "empty": lambda: "",
    "not a token": lambda: "Bearer",
    "not base64": lambda: "ä.ö.ü",
    "lone surrogate": lambda: "\ud800.e30.AAAA",
    "five parts": lambda: "a.b.c.d.e",
}


def auth(provider: Provider) -> Auth:
    return Auth(PublishedKeys(provider.url), ISSUER, AUDIENCE)


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
async def test_a_good_token_proves_a_login(provider, make):
    assert (await auth(provider).read(make())).login == "liang"


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
async def test_a_bad_token_proves_nothing(provider, make):
    with pytest.raises(Unauthenticated):
        await auth(provider).read(make())


async def test_keys_are_read_once_for_many_tokens(provider):
    checking = auth(provider)
    for _ in range(3):
        await checking.read(token())
    assert provider.asked == 1


async def test_a_new_key_is_found_but_unknown_ones_do_not_make_us_ask_again_and_again(provider):
    checking = Auth(PublishedKeys(provider.url, refresh_at_most_every=0.0), ISSUER, AUDIENCE)
    await checking.read(token())
    provider.publish(RSA, NEXT)
    assert (await checking.read(token(NEXT))).login == "liang"
    checking.keys.refresh_at_most_every = 60
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await checking.read(token(kid="rsa-9"))
    assert provider.asked == 2


async def test_a_key_that_is_no_longer_published_is_no_longer_good(provider):
    checking = Auth(PublishedKeys(provider.url, refresh_at_most_every=0.0), ISSUER, AUDIENCE)
    await checking.read(token())
    provider.publish(NEXT)
    await checking.read(token(NEXT))
    with pytest.raises(Unauthenticated):
        await checking.read(token(RSA))


async def test_keys_stay_when_the_provider_stops_answering(provider):
    checking = Auth(PublishedKeys(provider.url, refresh_at_most_every=0.0), ISSUER, AUDIENCE)
    await checking.read(token())
    provider.status = 500
    with pytest.raises(Unauthenticated):
        await checking.read(token(kid="rsa-9"))
    assert (await checking.read(token())).login == "liang"


async def test_a_published_secret_key_and_nonsense_are_passed_over(provider):
    provider.keys += [OCT.as_dict(kid="oct-1"), {"kty": "RSA", "n": "?"}, {"kty": "new"}]
    assert (await auth(provider).read(token())).login == "liang"
    with pytest.raises(Unauthenticated):
        await auth(provider).read(token(OCT, "HS256", kid="oct-1"))


async def test_the_only_key_needs_no_id(provider):
    provider.publish(EC)
    assert (await auth(provider).read(token(EC, "ES256", kid=""))).login == "liang"


async def test_of_two_keys_without_an_id_none_counts(provider):
    provider.publish(RSA, EC)
    for key in provider.keys:
        del key["kid"]
    for made in (token(EC, "ES256", kid=""), token(RSA, kid="")):
        with pytest.raises(Unauthenticated):
            await auth(provider).read(made)


def local(tmp_path, **variables):
    return read_settings({"BAODAO_DATA": str(tmp_path), "BAODAO_SECRET": SECRET, **variables})


async def test_a_token_of_our_own_lasts_as_long_as_asked(tmp_path):
    mine = local(tmp_path)
    proof = await auth_by(mine).read(make_token(mine, "liang", timedelta(hours=1)))
    assert (proof.login, proof.expires_at) == ("liang", NOW + timedelta(hours=1))


async def test_a_token_of_our_own_names_issuer_and_audience_where_they_are_set(tmp_path):
    mine = local(tmp_path, BAODAO_JWT_ISSUER=ISSUER, BAODAO_JWT_AUDIENCE=AUDIENCE)
    await auth_by(mine).read(make_token(mine, "liang", timedelta(hours=1)))
    with pytest.raises(Unauthenticated):
        await auth_by(mine).read(make_token(local(tmp_path), "liang", timedelta(hours=1)))


async def test_a_token_signed_with_another_secret_is_refused(tmp_path):
    with pytest.raises(Unauthenticated):
        await Auth(SharedSecret("x" * 40)).read(make_token(local(tmp_path), "liang", timedelta(hours=1)))


def test_where_a_provider_signs_we_do_not(tmp_path):
    with pytest.raises(BadSetting, match="BAODAO_JWKS_URL"):
        make_token(local(tmp_path, BAODAO_JWKS_URL=ISSUER), "liang", timedelta(hours=1))


async def test_only_members_who_are_not_disabled_come_in(db, provider):
    area = await Area.create(code="44", name="广东省", level="PROVINCE", path="44.", depth=1)
    place = {"area": area, "area_path": area.path, "created_at": NOW}
    await Member.create(login="liang", name="梁", **place)
    await Member.create(login="gone", name="何", disabled_at=NOW, **place)
    assert (await auth(provider).sign_in(token())).actor.name == "梁"
    for login, why in [
        ("gone", "disabled"),
        ("nobody", "nobody"),
        ("li\x00ang", "nobody"),
        ("LIANG", "nobody"),
    ]:
        with pytest.raises(Unauthenticated, match=why):
            await auth(provider).sign_in(token(sub=login))


async def test_a_proof_ends_with_its_token(db, provider):
    area = await Area.create(code="44", name="广东省", level="PROVINCE", path="44.", depth=1)
    await Member.create(login="liang", name="梁", area=area, area_path=area.path, created_at=NOW)
    proof = await auth(provider).read(token())
    with clock.at(NOW + timedelta(seconds=609)):
        await actor_of(proof)
    with clock.at(NOW + timedelta(seconds=610)), pytest.raises(Unauthenticated, match="expired"):
        await actor_of(proof)

"""Bearer tokens: JSON Web Tokens, signed with our own secret or by an identity provider; and client systems' keys."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from typing import Protocol

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OctKey, RSAKey

from actions.keys import PREFIX, find_by_key
from baodao.settings import BadSetting, Settings, settings
from models import clock
from policies.actor import Actor
from policies.loading import load_actor
from policies.met import actor_with_login

LEEWAY = timedelta(seconds=10)
LONGEST_TOKEN = 8_192
MOST_VERIFIED = 10_000
REFRESH_AT_MOST_EVERY = 30.0
KEYS_STAY_FRESH_FOR = 3_600.0
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)

PublicKey = RSAKey | ECKey
log = logging.getLogger(__name__)


class Unauthenticated(Exception):
    """Nobody we know; the message says why, without repeating the token."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a valid token proves: somebody's login, until a moment."""

    login: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, and until when; `credential_id` when it was with a key."""

    actor: Actor
    until: datetime
    credential_id: str | None = None


class Keys(Protocol):
    """Where the key of a token comes from, and which signatures it may have."""

    algorithms: tuple[str, ...]

    async def find(self, kid: str | None) -> OctKey | PublicKey:
        """Raises Unauthenticated when there is no such key."""


@dataclass(slots=True)
class Verified:
    """What the tokens met last were found to prove, and with which key; by their hash, at most 10,000."""

    _found: OrderedDict[bytes, tuple[Proof, str | None, OctKey | PublicKey]] = field(
        default_factory=OrderedDict
    )

    async def find(self, token: str, keys: Keys) -> Proof | None:
        """None once it has run out, or the key is another one by now."""
        hash = sha256(token.encode("utf-8", "surrogatepass")).digest()
        if hash not in self._found:
            return None
        proof, kid, key = self._found[hash]
        self._found.move_to_end(hash)
        if proof.expires_at > clock.now() and await keys.find(kid) is key:
            return proof
        self._found.pop(hash, None)
        return None

    def keep(self, token: str, proof: Proof, kid: str | None, key: OctKey | PublicKey) -> None:
        self._found[sha256(token.encode()).digest()] = proof, kid, key
        if len(self._found) > MOST_VERIFIED:
            self._found.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Auth:
    """Checks tokens. `exp` and `sub` are required, `iss` and `aud` as well where they are set here."""

    keys: Keys
    issuer: str | None = None
    audience: str | None = None
    verified: Verified = field(default_factory=Verified, compare=False)

    async def sign_in(self, token: str) -> SignedIn:
        """By a token or a key. Raises Unauthenticated, also for disabled members and unknown logins."""
        if token.startswith(PREFIX):
            return await _sign_in_by_key(token)
        proof = await self.read(token)
        return SignedIn(await actor_of(proof), proof.expires_at)

    async def read(self, token: str) -> Proof:
        """Raises Unauthenticated for every token that is not exactly right."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("the token is too long")
        return await self.verified.find(token, self.keys) or await self._verify(token)

    async def _verify(self, token: str) -> Proof:
        try:
            kid = _kid(jws.extract_compact(token.encode()).headers())
            key = await self.keys.find(kid)
            claims = jwt.decode(token, key, algorithms=self.keys.algorithms).claims
            self._rules().validate(claims)
            proof = Proof(_login(claims), _moment(claims["exp"]))
        except JoseError as refused:
            raise Unauthenticated(f"the token is not valid: {refused.error}") from refused
        except (ValueError, TypeError, RecursionError) as malformed:
            raise Unauthenticated("this is not a token") from malformed
        self.verified.keep(token, proof, kid, key)
        return proof

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            sub={"essential": True},
            exp={"essential": True},
            iss=_exactly(self.issuer),
            aud=_exactly(self.audience),
        )


def _exactly(value: str | None) -> jwt.ClaimsOption:
    return {"essential": True, "value": value} if value is not None else {}


def _kid(header: Mapping[str, object]) -> str | None:
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise Unauthenticated("the token names no key")
    return kid


def _login(claims: Mapping[str, object]) -> str:
    login = claims["sub"]
    if not isinstance(login, str) or not login:
        raise Unauthenticated("the token names nobody")
    return login


def _moment(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return FAR_FUTURE


async def actor_of(proof: Proof) -> Actor:
    """The member with this login as the database knows them now. Raises Unauthenticated."""
    if "\x00" in proof.login:
        raise Unauthenticated("nobody has this login")
    actor = await actor_with_login(proof.login, clock.now())
    if actor is None:
        raise Unauthenticated("nobody has this login")
    if actor.disabled:
        raise Unauthenticated("this member is disabled")
    if proof.expires_at + LEEWAY <= clock.now():
        raise Unauthenticated("the token has expired")
    return actor


async def _sign_in_by_key(key: str) -> SignedIn:
    """Never tells what is wrong with it: whoever has half a key learns nothing."""
    credential = await find_by_key(key, clock.now())
    if credential is None:
        raise Unauthenticated("the key is not valid")
    actor = await load_actor(credential.member, clock.now())
    return SignedIn(actor, credential.until, credential.id)


@dataclass(slots=True)
class SharedSecret:
    """Our own secret, when no identity provider is set."""

    secret: str
    algorithms: tuple[str, ...] = ("HS256",)

    async def find(self, kid: str | None) -> OctKey:
        return _imported(self.secret)


@lru_cache(maxsize=8)
def _imported(secret: str) -> OctKey:
    return OctKey.import_key(secret)


@dataclass(slots=True)
class PublishedKeys:
    """The provider's public keys (JWKS), read when needed: a key we do not know makes us look again, but not often."""

    url: str
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    refresh_at_most_every: float = REFRESH_AT_MOST_EVERY
    _keys: dict[str | None, PublicKey] = field(default_factory=dict)
    _asked_at: float = float("-inf")
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, kid: str | None) -> PublicKey:
        if key := self._known(kid, KEYS_STAY_FRESH_FOR):
            return key
        async with self._one_at_a_time:
            if self._age() >= self.refresh_at_most_every:
                await self._refresh()
        if key := self._known(kid, float("inf")):
            return key
        raise Unauthenticated("the token is signed with a key we do not know")

    def _known(self, kid: str | None, at_most: float) -> PublicKey | None:
        """A token without a key id can only mean the one key there is."""
        if self._age() > at_most:
            return None
        return (
            next(iter(self._keys.values())) if kid is None and len(self._keys) == 1 else self._keys.get(kid)
        )

    def _age(self) -> float:
        return time.monotonic() - self._asked_at

    async def _refresh(self) -> None:
        """Keeps the keys it has when the provider does not answer."""
        self._asked_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                answer = await client.get(self.url)
            self._keys = _public_keys(answer.raise_for_status().json()["keys"])
        except (httpx.HTTPError, ValueError, TypeError, KeyError, JoseError) as failed:
            log.warning("cannot read the keys at %s: %s", self.url, failed)


def _public_keys(published: list[dict[str, str | list[str]]]) -> dict[str | None, PublicKey]:
    """By id: keys for signatures only, without those we cannot read; an `oct` key in a public list would be no secret.

    Of several without an id none can be told from the others, so none counts.
    """
    keys: dict[str | None, PublicKey] = {}
    without_id: list[PublicKey] = []
    for one in published:
        with suppress(JoseError, ValueError):
            key = JWKRegistry.import_key(one)
            if isinstance(key, PublicKey) and one.get("use", "sig") == "sig":
                if key.kid is None:
                    without_id.append(key)
                keys[key.kid] = key
    if len(without_id) > 1:
        del keys[None]
    return keys


@cache
def auth() -> Auth:
    """As the settings say. Raises BadSetting."""
    return auth_by(settings())


def auth_by(chosen: Settings) -> Auth:
    if chosen.jwks_url:
        return Auth(PublishedKeys(chosen.jwks_url), chosen.issuer, chosen.audience)
    return Auth(SharedSecret(chosen.signing_secret()), chosen.issuer, chosen.audience)


def make_token(chosen: Settings, login: str, lasting: timedelta) -> str:
    """A token of our own. Raises BadSetting where tokens come from an identity provider."""
    if chosen.jwks_url:
        raise BadSetting("tokens come from the identity provider, because BAODAO_JWKS_URL is set")
    now = int(clock.now().timestamp())
    claims = {"sub": login, "iat": now, "exp": now + int(lasting.total_seconds())}
    if chosen.issuer:
        claims["iss"] = chosen.issuer
    if chosen.audience:
        claims["aud"] = chosen.audience
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(chosen.signing_secret()))

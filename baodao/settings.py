"""Settings: read once from the environment, checked, and never changed afterwards."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from actions.addresses import Allowed, read_allowed

SERVERS = {"postgres", "postgresql"}
DATABASES = {"sqlite", *SERVERS}
SEQUENCER = "sequencer"
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class BadSetting(Exception):
    """A setting cannot be used; the message names the variable and says what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside; the names of the variables stand beside the fields."""

    folder: Path  # BAODAO_DATA, the folder of the embedded database and the secret
    database_url: str  # DATABASE_URL, sqlite:///path/file.db or postgres://user:password@host:5432/name
    replica_url: str | None  # DATABASE_REPLICA_URL, of a streaming replica of it, which then answers queries
    replica_lag: int  # BAODAO_REPLICA_LAG, seconds that answers from there may be behind at most
    secret: str | None  # BAODAO_SECRET, signs our own tokens, 32 characters; else one is made in the folder
    jwks_url: str | None  # BAODAO_JWKS_URL, keys of the identity provider that tokens come from, not ours
    issuer: str | None  # BAODAO_JWT_ISSUER, who must have issued a token
    audience: str | None  # BAODAO_JWT_AUDIENCE, for whom a token must be
    origins: tuple[str, ...]  # BAODAO_CORS_ORIGINS, of pages elsewhere that may ask, separated by commas
    host: str  # BAODAO_HOST, the address to listen on
    port: int  # BAODAO_PORT, the port to listen on
    proxies: tuple[str, ...]  # BAODAO_PROXIES, networks whose X-Forwarded-For counts; *: all, none: nobody's
    certificate: Path | None  # BAODAO_TLS_CERTIFICATE, PEM file of the chain, to speak https without a proxy
    certificate_key: Path | None  # BAODAO_TLS_KEY, PEM file of its key
    ide: bool  # BAODAO_IDE, on or off: the page for browsers at /graphql
    pool_size: int  # BAODAO_POOL_SIZE, connections to PostgreSQL of each process at most
    engine: str  # BAODAO_ENGINE, compiled or reference: who answers queries, with the same answers
    verify: float  # BAODAO_VERIFY, from 0 (off) to 1: the share of decisions asked of Casbin again
    retention: int  # BAODAO_RETENTION, days within which the event log can be read on after a cursor
    order: str  # BAODAO_ORDER, lock, or sequencer on PostgreSQL: how events get their order; alike for all processes
    answers: int  # BAODAO_ANSWERS, megabytes of answers that each process keeps at most; 0: none
    export_hours: int  # BAODAO_EXPORT_HOURS, hours for which the file of an export is kept, and its link good
    webhook_allow: Allowed  # BAODAO_WEBHOOK_ALLOW, hosts and networks inside that webhooks may call
    metrics: str  # BAODAO_METRICS, who may read /metrics: local (from this machine), on (everybody) or off
    metrics_token: str | None  # BAODAO_METRICS_TOKEN; where it is set, whoever has it, from anywhere
    log: str  # BAODAO_LOG, text or json: how each line of the log is written
    traces: bool  # OTEL_EXPORTER_OTLP_ENDPOINT, where traces are sent, if OpenTelemetry is installed

    @property
    def sequenced(self) -> bool:
        """Whether events get their positions after the commit."""
        return self.order == SEQUENCER

    def signing_secret(self) -> str:
        """The secret of our own tokens: BAODAO_SECRET, else the file `secret` in the folder, made when missing."""
        return self.secret or _kept_secret(self.folder / "secret")


@cache
def settings() -> Settings:
    """The process's own. Raises BadSetting."""
    return read_settings(os.environ)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Raises BadSetting for the first value that cannot be used. An empty variable counts as unset."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    folder = Path(given.get("BAODAO_DATA", "~/.local/share/baodao")).expanduser().absolute()
    return Settings(
        folder=folder,
        database_url=(database := _database(given.get("DATABASE_URL", f"sqlite://{folder / 'baodao.db'}"))),
        replica_url=_replica(given.get("DATABASE_REPLICA_URL"), database),
        replica_lag=_number("BAODAO_REPLICA_LAG", given.get("BAODAO_REPLICA_LAG", "5"), 3_600),
        secret=_secret("BAODAO_SECRET", given.get("BAODAO_SECRET"), SHORTEST_SECRET),
        jwks_url=_web_address("BAODAO_JWKS_URL", given.get("BAODAO_JWKS_URL")),
        issuer=given.get("BAODAO_JWT_ISSUER"),
        audience=given.get("BAODAO_JWT_AUDIENCE"),
        origins=_origins(given.get("BAODAO_CORS_ORIGINS", "")),
        host=given.get("BAODAO_HOST", "127.0.0.1"),
        port=_number("BAODAO_PORT", given.get("BAODAO_PORT", "8000"), 65_535),
        proxies=_proxies(given.get("BAODAO_PROXIES", "127.0.0.1, ::1")),
        certificate=_one_of_a_pair(given, "BAODAO_TLS_CERTIFICATE", "BAODAO_TLS_KEY"),
        certificate_key=_one_of_a_pair(given, "BAODAO_TLS_KEY", "BAODAO_TLS_CERTIFICATE"),
        ide=_one_of("BAODAO_IDE", given.get("BAODAO_IDE", "on"), "on", "off") == "on",
        pool_size=_number("BAODAO_POOL_SIZE", given.get("BAODAO_POOL_SIZE", "20"), 1_000),
        engine=_one_of("BAODAO_ENGINE", given.get("BAODAO_ENGINE", "compiled"), "compiled", "reference"),
        verify=_share("BAODAO_VERIFY", given.get("BAODAO_VERIFY", "0")),
        retention=_number("BAODAO_RETENTION", given.get("BAODAO_RETENTION", "90"), 36_500),
        order=_order(given.get("BAODAO_ORDER", "lock"), database),
        answers=_number("BAODAO_ANSWERS", given.get("BAODAO_ANSWERS", "64"), 100_000, least=0),
        export_hours=_number("BAODAO_EXPORT_HOURS", given.get("BAODAO_EXPORT_HOURS", "24"), 720),
        webhook_allow=_allowed(given.get("BAODAO_WEBHOOK_ALLOW", "")),
        metrics=_one_of("BAODAO_METRICS", given.get("BAODAO_METRICS", "local"), "local", "on", "off"),
        metrics_token=_secret("BAODAO_METRICS_TOKEN", given.get("BAODAO_METRICS_TOKEN"), SHORTEST_TOKEN),
        log=_one_of("BAODAO_LOG", given.get("BAODAO_LOG", "text"), "text", "json"),
        traces=_web_address(ENDPOINT, given.get(ENDPOINT)) is not None,
    )


def _database(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme not in DATABASES or not rest:
        raise BadSetting(
            "DATABASE_URL must be sqlite:///path/file.db or postgres://user:password@host:5432/name"
        )
    return url


def _replica(url: str | None, database: str) -> str | None:
    """One server, and not a choice of several: what it was found to have is expected of it from then on."""
    if url is None:
        return None
    scheme, _, rest = url.partition("://")
    if scheme not in SERVERS or not rest or "," in urlsplit(url).netloc:
        raise BadSetting("DATABASE_REPLICA_URL must be postgres://user:password@host:5432/name")
    if database.partition("://")[0] not in SERVERS:
        raise BadSetting("DATABASE_REPLICA_URL needs DATABASE_URL to be a PostgreSQL server too")
    return url


def _order(order: str, database: str) -> str:
    if (
        _one_of("BAODAO_ORDER", order, "lock", SEQUENCER) == SEQUENCER
        and database.partition("://")[0] not in SERVERS
    ):
        raise BadSetting("BAODAO_ORDER=sequencer needs DATABASE_URL to be a PostgreSQL server")
    return order


def _secret(name: str, secret: str | None, shortest: int) -> str | None:
    if secret is not None and len(secret) < shortest:
        raise BadSetting(f"{name} must have at least {shortest} characters")
    return secret


def _web_address(name: str, url: str | None) -> str | None:
    if url is not None and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise BadSetting(f"{name} must be an http:// or https:// address, not {url!r}")
    return url


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    for origin in origins:
        if origin != "*" and (not _web_address("BAODAO_CORS_ORIGINS", origin) or urlsplit(origin).path):
            raise BadSetting(
                f"BAODAO_CORS_ORIGINS must hold origins such as https://example.org, not {origin!r}"
            )
    return origins


def _allowed(text: str) -> Allowed:
    try:
        return read_allowed(part.strip() for part in text.split(",") if part.strip())
    except ValueError as fault:
        raise BadSetting(
            f"BAODAO_WEBHOOK_ALLOW must hold hosts or networks such as hooks.lan, 10.1.0.0/16: {fault}"
        ) from fault


def _proxies(text: str) -> tuple[str, ...]:
    if text in ("none", "*"):
        return () if text == "none" else ("*",)
    proxies = tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return tuple(proxy for proxy in proxies if ip_network(proxy))
    except ValueError as odd:
        raise BadSetting(
            f"BAODAO_PROXIES must hold addresses such as 10.0.0.7 or 10.0.0.0/24: {odd}"
        ) from odd


def _one_of_a_pair(given: Mapping[str, str], name: str, other: str) -> Path | None:
    """The file so named, or none; neither is of use without the other."""
    if name not in given:
        return None
    if other not in given:
        raise BadSetting(f"{name} needs {other} too")
    file = Path(given[name]).expanduser().absolute()
    if not file.is_file():
        raise BadSetting(f"{name} must name a file, not {str(file)!r}")
    return file


def _number(name: str, text: str, most: int, least: int = 1) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise BadSetting(f"{name} must be a number from {least} to {most}, not {text!r}")
    return int(text)


def _one_of(name: str, text: str, *choices: str) -> str:
    if text not in choices:
        raise BadSetting(f"{name} must be {' or '.join(choices)}, not {text!r}")
    return text


def _share(name: str, text: str) -> float:
    if not re.fullmatch(r"0|1|[01]?\.\d+", text, re.ASCII) or float(text) > 1:
        raise BadSetting(f"{name} must be a number from 0 to 1, such as 0.01, not {text!r}")
    return float(text)


def _kept_secret(file: Path) -> str:
    """Several workers may start at once: the first one writes, by linking a finished file into place."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        _link_unless_there(draft, file)
    secret = file.read_text().strip()
    if len(secret) < SHORTEST_SECRET:
        raise BadSetting(
            f"{file} must hold at least {SHORTEST_SECRET} characters; delete it to have a new one made"
        )
    return secret


def _link_unless_there(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

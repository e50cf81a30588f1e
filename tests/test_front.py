"""What stands before the service: whose word is taken for who asks, and TLS of its own."""

import asyncio
import contextlib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from test_cli import PROTOCOL, ROOT, Shell
from websockets.asyncio.client import connect

from baodao.front import front
from baodao.settings import BadSetting, read_settings
from models import clock


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A key and a certificate of its own making for 127.0.0.1, as settings."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), clock.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return {
        "BAODAO_TLS_CERTIFICATE": str(folder / "chain.pem"),
        "BAODAO_TLS_KEY": str(folder / "key.pem"),
    }


@contextmanager
def served(folder: Path, url: str, **more: str) -> Iterator[int]:
    """Where `baodao serve` listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = Shell(folder, url).environment(BAODAO_PORT=str(port), PYTHONUNBUFFERED="1", **more)
    command = [sys.executable, "-m", "baodao", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.1)
    raise TimeoutError("the service does not start")


@pytest.mark.long
def test_it_speaks_tls_and_nothing_else_where_it_has_a_certificate(pair, sqlite_url, tmp_path):
    trusting = ssl.create_default_context(cafile=pair["BAODAO_TLS_CERTIFICATE"])
    with served(tmp_path, sqlite_url, **pair) as port:
        with httpx.Client(base_url=f"https://localhost:{port}", verify=trusting) as client:
            assert client.get("/healthz").status_code == 200
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://localhost:{port}/healthz")
        asyncio.run(greet(f"wss://localhost:{port}/graphql", trusting))


async def greet(url: str, trusting: ssl.SSLContext) -> None:
    async with connect(url, subprotocols=[PROTOCOL], ssl=trusting) as one:
        assert one.subprotocol == PROTOCOL


@pytest.mark.parametrize(
    ("text", "proxies"),
    [
        ("", ["127.0.0.1", "::1"]),
        ("10.0.0.7, 10.1.0.0/16", ["10.0.0.7", "10.1.0.0/16"]),
        ("*", ["*"]),
        ("none", []),
    ],
)
def test_whose_word_is_taken_is_a_setting(text, proxies):
    told = front(read_settings({"BAODAO_PROXIES": text}))
    assert (told["forwarded_allow_ips"], told["proxy_headers"]) == (proxies, bool(proxies))


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"BAODAO_PROXIES": "proxy.example"}, "BAODAO_PROXIES must hold addresses"),
        ({"BAODAO_PROXIES": "10.0.0.7/24"}, "BAODAO_PROXIES must hold addresses"),
        ({"BAODAO_TLS_CERTIFICATE": __file__}, "BAODAO_TLS_CERTIFICATE needs BAODAO_TLS_KEY too"),
        ({"BAODAO_TLS_KEY": __file__}, "BAODAO_TLS_KEY needs BAODAO_TLS_CERTIFICATE too"),
        ({"BAODAO_TLS_KEY": __file__, "BAODAO_TLS_CERTIFICATE": "/no/file"}, "must name a file"),
    ],
)
def test_a_front_that_cannot_be_is_refused(variables, complaint):
    with pytest.raises(BadSetting, match=complaint):
        read_settings(variables)


def test_a_certificate_that_is_none_ends_the_command_in_one_line(sqlite_url, tmp_path):
    (tmp_path / "none.pem").write_text("no certificate")
    both = {name: str(tmp_path / "none.pem") for name in ("BAODAO_TLS_CERTIFICATE", "BAODAO_TLS_KEY")}
    [line] = Shell(tmp_path, sqlite_url).bad("serve", **both)
    assert line.startswith("baodao: ")

"""Posting to strangers' addresses: which answers count, and that no trick leads to an address that is not allowed."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from receiver import Receiver, receiving

from actions.addresses import Allowed, allow, is_public, may_connect, read_allowed, url_fault
from baodao import posting
from baodao.posting import Post, Posted
from models import clock

NOT_PUBLIC = "this address is not public, and the operator does not allow it"


@pytest.fixture(autouse=True)
def nothing_allowed() -> Any:
    yield
    allow(Allowed())


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with Post() as post:
        yield post


async def send(post: Post, url: str) -> Posted:
    return await post.send(url, {"content-type": "application/json"}, b"{}")


GOOD = [
    "https://hooks.example/a?b=c",
    "https://hooks.example:8443/",
    "https://hooks.example.",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://中文.example/",
]
BAD = {
    "URL_MALFORMED": [
        *("ftp://a.example/", "javascript:alert(1)", "//a.example", "a.example", "https:///x", "https://"),
        *("https://a.example:0/", "https://a.example:65536/", "https://a b.example/", "https://a..b/"),
        *("https://a.example\\@b.example/", "https://a.example/\n", "https://a.example/#part"),
        *("https://%31%32%37.0.0.1/", "https://256.256.256.256/", "https://1.2.3.4.5/", "https://[::1/"),
    ],
    "URL_WITH_CREDENTIALS": ["https://name:word@a.example/", "https://name@a.example/"],
    "URL_NOT_HTTPS": ["http://a.example/", "http://127.0.0.1/", "http://8.8.8.8/"],
    "URL_NOT_PUBLIC": [
        *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/"),
        *("https://0x7f.0.0.1/", "https://127.0.0.1./", "https://127。0。0。1/", "https://0/"),
        *("https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/"),
        *("https://169.254.169.254/latest/", "https://224.0.0.1/", "https://255.255.255.255/"),
        *("https://192.0.2.1/", "https://198.18.0.1/", "https://240.0.0.1/", "https://99999999999/"),
        *("https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/"),
        *("https://[::127.0.0.1]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/"),
        *(
            "https://[fec0::1]/",
            "https://[ff02::1]/",
            "https://[2002:7f00:1::]/",
            "https://[64:ff9b::7f00:1]/",
        ),
        *(
            "https://[2001:0:7f00:1::]/",
            "https://[2001:db8::1]/",
            "https://localhost/",
            "https://LocalHost./",
        ),
        *(
            "https://a.localhost/",
            "https://metadata.google.internal/",
            "https://printer.local/",
            "https://db/",
        ),
    ],
    "EMPTY": ["", " \n"],
    "TOO_LONG": ["https://a.example/" + "x" * 500],
    "NUL_CHARACTER": ["https://a.example/\x00"],
    "BROKEN_CHARACTER": ["https://a.example/\ud800"],
}


@pytest.mark.parametrize("url", GOOD)
def test_an_address_is_good(url: str) -> None:
    assert url_fault(url) is None


@pytest.mark.parametrize(("fault", "url"), [(fault, url) for fault, urls in BAD.items() for url in urls])
def test_an_address_is_refused(fault: str, url: str) -> None:
    assert url_fault(url) == fault


def test_numbers_with_a_leading_zero_are_never_taken_for_public() -> None:
    """Some read 0177 as 127, others as 177."""
    assert url_fault("https://0177.0.0.1/") in {"URL_MALFORMED", "URL_NOT_PUBLIC"}
    assert url_fault("https://010.8.8.8/") in {"URL_MALFORMED", "URL_NOT_PUBLIC"}


def test_the_operator_allows_hosts_and_networks_also_without_tls() -> None:
    allow(read_allowed(["hooks.lan", "10.1.0.0/16", "fd00::/8", "192.168.7.7"]))
    for host in ("hooks.lan", "10.1.2.3", "[fd00::1]", "192.168.7.7", "[::ffff:10.1.2.3]"):
        assert [url_fault(f"{scheme}://{host}/") for scheme in ("http", "https")] == [None, None], host
    for host in ("other.lan", "10.2.0.1", "a.hooks.lan"):
        assert url_fault(f"http://{host}/") == "URL_NOT_HTTPS"
    assert may_connect("hooks.lan", ip_address("10.9.9.9"), tls=False)
    assert may_connect("any.example", ip_address("::ffff:10.1.2.3"), tls=True)
    assert not may_connect("any.example", ip_address("10.2.0.1"), tls=True)
    assert not may_connect("any.example", ip_address("8.8.8.8"), tls=False)


@pytest.mark.parametrize(
    "part", ["10.0.0.0/33", "10.0.0.1/8", "a b", "-x", "http://a.example", "999.1.1.1/8"]
)
def test_what_is_neither_a_host_nor_a_network_cannot_be_allowed(part: str) -> None:
    with pytest.raises(ValueError):
        read_allowed([part])


def test_every_special_address_is_known() -> None:
    special = ["0.0.0.0", "127.255.255.255", "169.254.0.1", "::ffff:10.0.0.1", "64:ff9b:1::1", "100::1"]
    assert [is_public(ip_address(one)) for one in special] == [False] * len(special)
    assert is_public(ip_address("1.1.1.1")) and is_public(ip_address("::ffff:1.1.1.1"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "[::1]"])
async def test_nothing_is_sent_where_nothing_may_be(receiver: Receiver, post: Post, host: str) -> None:
    for scheme in ("http", "https"):
        posted = await send(post, f"{scheme}://{host}:{receiver.port}/hook")
        assert (posted.status, posted.error) == (None, NOT_PUBLIC)
    assert receiver.got == []


class Resolver:
    """A name server that changes its mind."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.answers, self.asked = list(answers), 0
        monkeypatch.setattr(socket, "getaddrinfo", self.look_up)

    def look_up(self, host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        if ip_literal(str(host)):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.answers.pop(0), port))]


def ip_literal(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


async def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(read_allowed(["127.0.0.1"]))
    resolver = Resolver(monkeypatch, "127.0.0.1", "10.0.0.1")
    url = f"http://hooks.example:{receiver.port}/hook"
    assert (await send(post, url)).status == 204
    assert (resolver.asked, receiver.got[0].headers["host"]) == (1, f"hooks.example:{receiver.port}")
    async with Post() as other:
        assert (await send(other, url)).error == NOT_PUBLIC
    assert (resolver.asked, len(receiver.got)) == (2, 1)


async def test_the_next_address_is_tried_when_one_does_not_answer(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "NEXT_ADDRESS_AFTER", 0.2)
    allow(read_allowed(["127.0.0.0/8"]))
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, receiver.port)) for ip in ("127.0.0.2", "127.0.0.1")
    ]
    with ExitStack() as open_ones, socket.socket() as deaf:
        deaf.bind(("127.0.0.2", receiver.port))
        deaf.listen(0)
        for _ in range(3):  # more than it lets wait, so that it says nothing to whoever comes
            waiting = open_ones.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.2", receiver.port))
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *_, **__: found if host == "hooks.example" else [found[host == "127.0.0.1"]],
        )
        assert (await send(post, f"http://hooks.example:{receiver.port}/hook")).status == 204


async def test_names_that_are_not_answered_for_hold_up_no_others(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(read_allowed(["127.0.0.1"]))
    answered, look_up = threading.Event(), socket.getaddrinfo

    def slow(host: Any, *args: Any, **more: Any) -> Any:
        if str(host).endswith(".example"):
            answered.wait(20)
        return look_up("127.0.0.1", *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    waiting = [asyncio.create_task(send(post, f"http://{n}.example:{receiver.port}/")) for n in range(12)]
    try:
        await asyncio.sleep(0.1)  # they have their threads
        async with asyncio.timeout(5):
            assert (await asyncio.to_thread(socket.getaddrinfo, "localhost", receiver.port))[0]
            assert (await send(post, f"http://127.0.0.1:{receiver.port}/hook")).status == 204
    finally:
        answered.set()
        await asyncio.gather(*waiting)


async def test_a_public_name_that_leads_inside_is_not_followed(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    Resolver(monkeypatch, "127.0.0.1")
    assert (await send(post, f"https://hooks.example:{receiver.port}/hook")).error == NOT_PUBLIC
    assert receiver.got == []


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What serves as that name, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    day, builder = timedelta(days=1), x509.CertificateBuilder()
    signed = (
        builder.subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - day)
        .not_valid_after(clock.now() + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = signed.public_bytes(serialization.Encoding.PEM)
    form = serialization.PrivateFormat.PKCS8
    (folder / "pem").write_bytes(pem + key.private_bytes(serialization.Encoding.PEM, form, plain))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "pem")
    return serving, ssl.create_default_context(cadata=pem.decode())


async def test_the_certificate_must_be_the_names_although_the_address_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(read_allowed(["127.0.0.1"]))
    serving, trusting = certificate(tmp_path, "hooks.example")
    Resolver(monkeypatch, "127.0.0.1", "127.0.0.1", "127.0.0.1")
    async with receiving(serving) as receiver, Post(trusting) as post, Post() as strict:
        assert (await send(post, f"https://hooks.example:{receiver.port}/")).status == 204
        for poster, host in ((post, "other.example"), (strict, "hooks.example")):
            error = (await send(poster, f"https://{host}:{receiver.port}/")).error
            assert error and "CERTIFICATE_VERIFY_FAILED" in error
        assert len(receiver.got) == 1


async def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(read_allowed(["127.0.0.1"]))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await send(post, receiver.url)).status == 204


async def test_who_is_not_there_is_told(post: Post) -> None:
    allow(read_allowed(["127.0.0.1"]))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        posted = await send(post, f"http://127.0.0.1:{closed.getsockname()[1]}/")
    assert posted.status is None and posted.error and posted.error.startswith("ConnectError")


async def test_who_does_not_answer_in_time_is_given_up(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(read_allowed(["127.0.0.1"]))
    monkeypatch.setattr("baodao.posting.ANSWER_WITHIN", 0.1)
    receiver.answer = lambda got: None
    assert (await send(post, receiver.url)).error == "no answer within 0.1 s"


ODD = [
    b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:%d/elsewhere\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
    b"rubbish\r\n\r\n",
    b"HTTP/1.1 200",
    b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
]


async def test_only_a_2xx_answer_counts_and_redirects_are_not_followed(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(read_allowed(["127.0.0.1"]))
    monkeypatch.setattr("baodao.posting.ANSWER_WITHIN", 0.5)
    for answer in ODD:
        told = answer.replace(b"%d", str(receiver.port).encode())
        receiver.answer = lambda got, told=told: told  # type: ignore[misc]
        posted = await send(post, receiver.url)
        assert posted.status is None or posted.status >= 300, answer
    assert {got.target for got in receiver.got} == {"/hook"}


@pytest.mark.parametrize("body", [b"x" * 100_000, b"x"])
async def test_an_endless_answer_is_not_read(
    receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    allow(read_allowed(["127.0.0.1"]))
    monkeypatch.setattr("baodao.posting.READ_WITHIN", 0.1)
    receiver.answer = lambda got: b"HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n" + body
    assert (await send(post, receiver.url)).status == 200

"""The page that browsers find at /graphql, and the files it loads: nothing from elsewhere, nothing for others."""

import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from baodao.asgi import application
from baodao.auth import auth
from baodao.settings import BadSetting, read_settings, settings

ROOT = Path(__file__).parent.parent
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FILE = "/static/ruru-9.9.9/ruru.js"
OUTSIDE = re.compile(r"""https?:|wss?:|["'(]//|@import""")


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test's own."""
    monkeypatch.setenv("BAODAO_SECRET", "a secret of more than thirty-two characters")
    for read in (settings, auth):
        read.cache_clear()
    yield monkeypatch
    for read in (settings, auth):
        read.cache_clear()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Where GraphiQL would be, had it been fetched."""
    return tmp_path / "static"


@pytest.fixture
def built(bare: Path) -> Path:
    """As `make ide` leaves it, with one file."""
    (bare / "ruru-9.9.9").mkdir(parents=True)
    (bare / "ruru-9.9.9" / "ruru.js").write_text("export const React = 1;")
    (bare.parent / "secret.js").write_text("secret")
    return bare


async def get(static: Path, path: str = "/graphql", accept: str = BROWSER, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(application(static))
    async with httpx.AsyncClient(transport=transport, base_url="http://baodao.test") as client:
        return await client.get(path, headers={"accept": accept, **headers})


def policy(page: httpx.Response) -> dict[str, list[str]]:
    directives = [part.split() for part in page.headers["content-security-policy"].split(";")]
    return {name: sources for name, *sources in directives}


def hashes(element: str, html: str) -> list[str]:
    """As a browser reckons them, of each block of this kind."""
    blocks = re.findall(rf"<{element}\b[^>]*>(.*?)</{element}>", html, re.DOTALL)
    return [f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'" for block in blocks]


async def test_without_graphiql_a_browser_gets_the_explorer(bare: Path) -> None:
    page = await get(bare)
    assert page.status_code == 200
    assert "explorer</title>" in page.text
    assert policy(page)["style-src"] == ["'self'", *hashes("style", page.text)]
    assert " style=" not in page.text, "the policy knows blocks, not attributes"


async def test_with_graphiql_a_browser_gets_it_from_here(built: Path) -> None:
    page = await get(built)
    assert page.status_code == 200
    assert "GraphiQL</title>" in page.text
    named = set(re.findall(r"""["`](/[\w./-]*)""", page.text))
    assert named == {"/graphql", "/static/ruru-9.9.9/", "/static/ruru-9.9.9/ruru.css", FILE}


@pytest.mark.parametrize("folder", ["bare", "built"])
async def test_the_page_and_its_policy_name_nobody_outside(
    folder: str, request: pytest.FixtureRequest
) -> None:
    page = await get(request.getfixturevalue(folder))
    assert not OUTSIDE.search(page.text)
    assert not OUTSIDE.search(page.headers["content-security-policy"])
    assert policy(page)["default-src"] == policy(page)["frame-ancestors"] == ["'none'"]
    assert policy(page)["script-src"] == ["'self'", *hashes("script", page.text)]
    assert len(hashes("script", page.text)) == 1
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["vary"] == "accept"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json"])
async def test_a_client_gets_no_page(built: Path, accept: str) -> None:
    answer = await get(built, accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json")


async def test_a_question_in_the_address_gets_no_page(built: Path) -> None:
    assert (await get(built, "/graphql?query={__typename}")).status_code == 401


async def test_the_files_are_kept_for_ever_under_their_version(built: Path) -> None:
    file = await get(built, FILE)
    assert (file.status_code, file.text) == (200, "export const React = 1;")
    assert file.headers["content-type"].partition(";")[0] in {"text/javascript", "application/javascript"}
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert file.headers["x-content-type-options"] == "nosniff"
    again = await get(built, FILE, **{"if-none-match": file.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/static/..%2fsecret.js", "/static/%2e%2e/secret.js", "/static/ruru-9.9.9/..%2f..%2fsecret.js"]
)
async def test_no_path_leads_out_of_the_folder(built: Path, path: str) -> None:
    assert (await get(built, path)).status_code == 404


@pytest.mark.parametrize("path", ["/static/", "/static/ruru-9.9.9", "/static/ruru-9.9.9/other.js"])
async def test_what_is_no_file_is_not_found(built: Path, path: str) -> None:
    assert (await get(built, path)).status_code == 404


async def test_without_graphiql_there_are_no_files(bare: Path) -> None:
    assert (await get(bare, FILE)).status_code == 404


async def test_switched_off_there_is_neither_page_nor_file(built: Path, chosen: pytest.MonkeyPatch) -> None:
    chosen.setenv("BAODAO_IDE", "off")
    settings.cache_clear()
    assert (await get(built)).status_code == 401
    assert (await get(built, FILE)).status_code == 404


def test_the_switch_knows_on_and_off() -> None:
    assert read_settings({}).ide
    assert not read_settings({"BAODAO_IDE": "off"}).ide
    with pytest.raises(BadSetting, match="BAODAO_IDE must be on or off, not 'no'"):
        read_settings({"BAODAO_IDE": "no"})


@pytest.mark.long
def test_graphiql_travels_in_the_wheel_though_no_commit_holds_it(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "static", "build", "dist", "tests", "docs")
    shutil.copytree(ROOT, checkout, ignore=left_out)
    shutil.copy(ROOT / ".gitignore", checkout)
    build = checkout / "baodao" / "static" / "ruru-9.9.9"
    build.mkdir(parents=True)
    (build / "ruru.js").touch()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    packed = ZipFile(wheel).namelist()
    assert {"baodao/static/ruru-9.9.9/ruru.js", "baodao/graphiql.html", "baodao/explorer.html"} <= set(packed)

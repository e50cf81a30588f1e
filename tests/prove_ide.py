"""The pages at /graphql in a real browser that can reach nobody else: `make prove-ide`, no part of `make test`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from test_readme import free_port, wait_for

from baodao.ide import STATIC

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "build"
AREAS = "code,name,level,parent_code\n44,广东省,PROVINCE,\n4406,佛山市,CITY,44\n440606,顺德区,DISTRICT,4406\n"
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
ONLY_US = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
SERVE = (
    "import sys, pathlib, uvicorn; from baodao.asgi import application; "
    "uvicorn.run(application(pathlib.Path(sys.argv[1])), port=int(sys.argv[2]), log_level='warning')"
)


@dataclass
class Visit:
    """A page in the browser, the addresses it asked, and what the browser complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.context.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def offences(self) -> list[str]:
        """Complaints; that a stranger is turned away is none."""
        return [text for text in self.complaints if "status of 401" not in text]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, "Missing: Chromium (Debian, Ubuntu: apt install chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[ONLY_US])
        yield browser
        browser.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a new district with one administrator."""
    (tmp_path / "areas.csv").write_text(AREAS, "utf-8")
    environment = os.environ | {
        "BAODAO_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite://{tmp_path / 'baodao.db'}",
    }
    baodao(environment, "import", "areas", str(tmp_path / "areas.csv"))
    baodao(environment, "bootstrap", "li.lei", "--area", "440606")
    return environment


def baodao(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "baodao", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=-1, text=True).stdout.strip()


@contextmanager
def visit(browser: Browser, environment: dict[str, str], static: Path) -> Iterator[Visit]:
    """Opens the page of a service with these files; afterwards nobody else may have been asked."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(static), str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            one = Visit(browser.new_page(viewport={"width": 1400, "height": 850}))
            one.page.goto(f"http://127.0.0.1:{port}/graphql")
            yield one
            one.page.close()
            assert {urlsplit(url).netloc for url in one.asked} <= {f"127.0.0.1:{port}", ""}  # "": data:
        finally:
            server.terminate()


def test_the_explorer_answers(browser: Browser, environment: dict[str, str], tmp_path: Path) -> None:
    with visit(browser, environment, static=tmp_path / "none") as one:
        one.page.get_by_label("Token").fill(baodao(environment, "token", "li.lei"))
        one.page.get_by_role("button", name="Run").click()
        expect(one.page.locator("#answer")).to_contain_text('"name": "li.lei"')
        expect(one.page.locator("#schema")).to_contain_text("Summons")
        one.page.screenshot(path=PICTURES / "explorer.png")
    assert one.offences() == []


def test_graphiql_answers_and_listens(browser: Browser, environment: dict[str, str]) -> None:
    with visit(browser, environment, STATIC) as one:
        sign_in(one.page, baodao(environment, "token", "li.lei"))
        one.page.get_by_label("Show Documentation Explorer").click()
        expect(one.page.get_by_text("Root Types")).to_be_visible()
        press_run(one.page)
        expect(answer(one.page)).to_contain_text("li.lei")
        one.page.screenshot(path=PICTURES / "graphiql.png")
        edit(one.page, "subscription Changes { taskUpdates { cursor } }")
        expect(
            one.page.get_by_role("tab", name="Changes")
        ).to_be_visible()  # from then on it knows what this is
        press_run(one.page)
        expect(answer(one.page)).to_contain_text("cursor")
    assert [url for url in one.asked if url.startswith("ws:")]
    assert one.offences() == []


def test_the_browser_keeps_the_policy(browser: Browser, environment: dict[str, str]) -> None:
    with visit(browser, environment, STATIC) as one:
        said = one.page.evaluate("fetch('http://127.0.0.2/').then(() => 'left', () => 'stayed')")
    assert said == "stayed"
    assert "Content Security Policy" in " ".join(one.offences())


def sign_in(page: Page, token: str) -> None:
    """As the page says: the token goes behind "Bearer ", before the last three characters."""
    page.get_by_role("region", name="Headers").get_by_role("code").click()
    page.keyboard.press("Control+End")
    for _ in '" }':
        page.keyboard.press("ArrowLeft")
    page.keyboard.insert_text(token)
    page.get_by_label("Re-fetch GraphQL schema").click()


def edit(page: Page, document: str) -> None:
    page.get_by_role("region", name="Operation Editor").get_by_role("code").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(document)


def press_run(page: Page) -> None:
    page.get_by_label("Execute query").click()


def answer(page: Page) -> Locator:
    return page.get_by_role("region", name="Result Window")

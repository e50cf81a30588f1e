"""What the documents say of the rules and the settings follows from them."""

import re
import runpy
from dataclasses import fields
from pathlib import Path

import pytest
from api import published

from baodao.settings import Settings
from docs.settings import told_settings
from policies.rules import packaged
from policies.vocabulary import RELATIONS, ROLES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "permissions.md").read_text("utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
WRITER = runpy.run_path(str(ROOT / "docs" / "write.py"))


def test_the_page_about_permissions_is_current() -> None:
    assert WRITER["written"](PAGE) == PAGE, "run: make docs"


def test_the_page_about_figures_is_current_and_names_each() -> None:
    page = (ROOT / "docs" / "observability.md").read_text("utf-8")
    assert WRITER["written"](page, "observability.md") == page, "run: make docs"
    stale = page.replace("| `baodao_orphans`", "| `baodao_orfans`")
    assert WRITER["written"](stale, "observability.md") == page
    assert "| `baodao_mutations_total` | counter | name, outcome |" in page


def test_a_page_that_is_not_current_is_noticed() -> None:
    assert WRITER["written"](PAGE.replace("issue", "isue")) != PAGE.replace("issue", "isue")


def test_every_role_and_relation_is_on_the_page() -> None:
    assert [word for word in (*ROLES, *RELATIONS) if f"`{word}`" not in PAGE] == []
    matrix = PAGE.partition("## The matrix")[2]
    missing = {rule.action for rule in packaged().rules if not re.search(rf"\b{rule.action}\b", matrix)}
    assert missing == set()


OPERATION = re.compile(r"`([a-z]+[A-Z]\w+)(?:\(.*?\))?`")


def test_every_operation_that_the_page_names_exists() -> None:
    graph = published()
    fields = {name for kind in (graph.query_type, graph.mutation_type) if kind for name in kind.fields}
    named = set(OPERATION.findall(PAGE))
    assert named - fields == {"availableActions"}
    assert {"draftPolicy", "publishPolicy", "revokeGrant", "policyMatrix"} <= named


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`baodao ([a-z]+ [a-z]+)", PAGE))))
def test_every_command_that_the_page_names_exists(command: str) -> None:
    from typer.testing import CliRunner

    from baodao.cli import app

    assert CliRunner().invoke(app, [*command.split(), "--help"]).exit_code == 0


def test_the_readme_leads_to_the_pages() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"docs/{page}" in readme for page in WRITER["PAGES"])


def test_the_page_about_operating_is_current() -> None:
    assert WRITER["written"](OPERATING, "operating.md") == OPERATING, "run: make docs"


def test_every_setting_is_told_with_words_and_its_default() -> None:
    told = {one.name: one for one in told_settings()}
    assert len(told) == len(fields(Settings))
    assert [one.name for one in told.values() if not one.words] == []
    defaults = {
        name: told[name].default for name in ("BAODAO_PORT", "BAODAO_IDE", "BAODAO_DATA", "BAODAO_SECRET")
    }
    assert list(defaults.values()) == ["`8000`", "`on`", "`~/.local/share/baodao`", "–"]
    named = set(re.findall(r"`((?:BAODAO|DATABASE)_[A-Z_]+)`", OPERATING))
    assert named - set(told) == set()


@pytest.mark.parametrize(
    "words", sorted(set(re.findall(r"(?:^|`)baodao ([a-z]+(?: verify)?)", OPERATING, re.M)))
)
def test_every_command_that_operators_are_told_exists(words: str) -> None:
    from typer.testing import CliRunner

    from baodao.cli import app

    assert CliRunner().invoke(app, [*words.split(), "--help"]).exit_code == 0


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:docs|bench|policies)/[\w./-]+)`", OPERATING))))
def test_every_file_that_operators_are_told_of_is_there(path: str) -> None:
    assert (ROOT / path).exists()

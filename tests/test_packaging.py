"""The wheel: one top-level name, every file of the bundled folders, its own schema beside the index's."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
BUNDLED = ["schema", "resolvers", "actions", "policies", "models"]
STRANGER = 'raise ImportError("the schema of the package index")\n'


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> str:
    done = subprocess.run(command, cwd=cwd, env=os.environ | env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the freshly built wheel installed, and nothing else."""
    wheels, site = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("site")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels)
    [wheel] = wheels.glob("*.whl")
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", site, wheel)
    return site


@pytest.fixture
def beside_the_stranger(site: Path) -> Iterator[Path]:
    """The same folder with the index's package named `schema` installed into it too."""
    stranger = site / "schema"
    stranger.mkdir()
    (stranger / "__init__.py").write_text(STRANGER)
    yield site
    shutil.rmtree(stranger)


def baodao(site: Path, *words: str) -> str:
    """What the installed command prints, run with no way back to the checkout."""
    path = os.pathsep.join([str(site), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    no_pth = "-S"  # an editable install leads to the checkout by a .pth file
    return run(sys.executable, no_pth, site / "bin" / "baodao", *words, cwd=site, PYTHONPATH=path)


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def test_the_wheel_installs_one_package_and_no_generic_name(site: Path) -> None:
    assert {path.name.partition("-")[0] for path in site.iterdir()} == {"baodao", "bin"}


@pytest.mark.parametrize("folder", BUNDLED)
def test_every_file_of_the_folder_travels_in_the_wheel(site: Path, folder: str) -> None:
    assert files(ROOT / folder), f"{folder}/ is empty"
    assert files(site / "baodao" / "bundled" / folder) == files(ROOT / folder)


def test_the_command_serves_our_schema_beside_the_stranger(beside_the_stranger: Path) -> None:
    ours = run(sys.executable, "-m", "baodao", "schema")
    assert "type Query" in ours
    assert baodao(beside_the_stranger, "schema") == ours

"""The files in docs/deploy can be used as they are: systemd knows every word, and the container has what it copies."""

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baodao.cli import app

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("baodao*"))
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
PROXY = (DEPLOY / "nginx.conf").read_text("utf-8")
COMMAND = "/opt/baodao/venv/bin/baodao"


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with the program of this test run in the place of the installed one."""
    folder = tmp_path_factory.mktemp("units")
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8")
        (folder / name).write_text(
            text.replace(COMMAND, str(Path(sys.executable).parent / "baodao")), "utf-8"
        )
    return folder


@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_the_unit(units: Path, name: str) -> None:
    if program := shutil.which("systemd-analyze"):
        done = subprocess.run([program, "verify", units / name], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    else:
        sections = read(name).sections()
        assert sections[0] == "Unit" and {"Service", "Timer"} & set(sections)


def read(name: str) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.read(DEPLOY / name, "utf-8")
    return unit


def test_the_service_has_longer_to_stop_than_it_takes_and_its_backup_sees_its_files() -> None:
    service, backup = read("baodao.service")["Service"], read("baodao-backup.service")["Service"]
    assert int(service["TimeoutStopSec"]) > 15
    assert all(
        service[name] == backup[name] for name in ("User", "DynamicUser", "Environment", "EnvironmentFile")
    )
    assert service["StateDirectory"] == backup["StateDirectory"].split()[0] == "baodao"


@pytest.mark.parametrize("file", [*UNITS, "Containerfile"])
def test_every_command_in_it_exists(file: str) -> None:
    text = (DEPLOY / file).read_text("utf-8")
    ran = re.findall(rf"{COMMAND} (\w+)", text) + re.findall(r'\["baodao", "(\w+)"', text)
    assert ran or file.endswith(".timer")
    for command in ran:
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_what_starts_by_itself_fits_the_embedded_database() -> None:
    """Which is what there is without any setting: it serves one worker."""
    service = read("baodao.service")["Service"]
    assert "WORKERS=1" in service["Environment"].split()
    assert service["ExecStart"] == f"{COMMAND} serve --workers ${{WORKERS}}"
    assert re.findall("^CMD (.*)$", CONTAINER, re.MULTILINE) == ['["baodao", "serve"]']


def test_the_container_s_sources_are_there_and_make_the_wheel(tmp_path: Path) -> None:
    source, wheels = tmp_path / "source", tmp_path / "wheels"
    source.mkdir()
    for line in re.findall(r"^COPY (?!--from)(.*)$", CONTAINER, re.MULTILINE):
        *names, _ = line.split()
        for name in names:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, source / name)
    words = ["-m", "hatchling", "build", "-t", "wheel", "-d", wheels]
    subprocess.run([sys.executable, *words], cwd=source, check=True, capture_output=True)
    assert len(list(wheels.glob("baodao-*.whl"))) == 1


def test_the_container_is_built_of_debian_and_the_package_index_alone() -> None:
    assert set(re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)) == {
        "docker.io/library/debian:bookworm-slim"
    }
    assert not re.search(r"https?://|\bADD\b|curl|wget", CONTAINER)
    assert "--require-hashes" in CONTAINER


def test_the_proxy_lets_sockets_and_quiet_streams_through() -> None:
    from resolvers.stream import BOOKMARK_EVERY

    assert "proxy_set_header Upgrade" in PROXY and "proxy_buffering off" in PROXY
    read_timeout = re.search(r"proxy_read_timeout (\d+)s", PROXY)
    assert read_timeout and int(read_timeout[1]) > 3 * BOOKMARK_EVERY
    assert PROXY.count("{") == PROXY.count("}")

"""The proof is worth something: plant a fault into the rules' source, and the comparison of the sides finds it.

With BAODAO_PROVE set, all faults; else the worst.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pytest
from four_sides import Compiler, Counterexample, Exam
from planted_faults import CORE, MORE, Planted
from random_policies import RandomPolicy
from random_world import RandomWorld

import policies
from models import PolicyState, PolicyVersion

SOURCE, TESTS = Path(policies.__file__).parent, Path(__file__).parent
THOROUGH = "BAODAO_PROVE" in os.environ
PLANTED = CORE + MORE if THOROUGH else CORE
ENOUGH = 4000 if THOROUGH else 1500
SOME = 300
COPIES = count()


@contextmanager
def copy_of_policies(folder: Path, *planted: Planted) -> Iterator[str]:
    """The name of a package like `policies`, but for the planted faults. A text that is not there once is an error."""
    name = f"policies_{next(COPIES)}"
    shutil.copytree(SOURCE, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (folder / name).rglob("*.py"):
        file.write_text(speaking_of(name, file), "utf-8")
    for fault in planted:
        file = folder / name / fault.file
        text = file.read_text("utf-8")
        assert text.count(fault.old) == 1, f"no longer once in {fault.file}: {fault.old}"
        file.write_text(text.replace(fault.old, fault.new), "utf-8")
    sys.path.insert(0, str(folder))
    try:
        yield name
    finally:
        sys.path.remove(str(folder))
        for module in [module for module in sys.modules if module.split(".")[0] == name]:
            del sys.modules[module]


def speaking_of(package: str, file: Path) -> str:
    """The source, with another package in the place of `policies`."""
    return re.sub(r"\b(from|import) policies\b", rf"\1 {package}", file.read_text("utf-8"))


def fails(test: str, package: str) -> bool:
    """Whether a test ("file.function") of `policies` fails on the package."""
    file, _, function = test.partition(".")
    names: dict[str, Callable[[], None]] = {"__file__": __file__}  # type: ignore[dict-item]
    exec(speaking_of(package, TESTS / f"{file}.py"), names)
    try:
        names[function]()
    except AssertionError:
        return True
    return False


async def made() -> RandomWorld:
    """Without stored rules, which each copy would have to read."""
    world = RandomWorld(seed=11)
    await world.build()
    await PolicyVersion.filter(state=PolicyState.PUBLISHED).delete()
    return world


async def policies_until_noticed(world: RandomWorld, package: str, enough: int = ENOUGH) -> int | None:
    """How many random policies it took; None when that many were not enough. Casbin is no side of it."""
    exam = Exam(world, Compiler(package), stock=False)
    await exam.prepare()
    for number in range(1, enough + 1):
        try:
            await exam.check(RandomPolicy(Random(f"mutant {number}"), exam.words).case())
        except Counterexample:
            return number
    return None


async def test_every_planted_fault_is_noticed(sqlite_db: str, tmp_path: Path) -> None:
    world = await made()
    noticed: dict[str, object] = {}
    for planted in PLANTED:
        with copy_of_policies(tmp_path, planted) as package:
            if planted.found_by:
                noticed[planted.fault] = fails(planted.found_by, package)
            else:
                noticed[planted.fault] = await policies_until_noticed(world, package)
    print(*(f"{fault}: {found}" for fault, found in noticed.items()), sep="\n")
    assert [fault for fault, found in noticed.items() if not found] == []


def test_every_fault_can_be_planted(tmp_path: Path) -> None:
    """Also those that only the thorough run plants: a change of the source must not lose them."""
    for planted in CORE + MORE:
        with copy_of_policies(tmp_path, planted):
            pass


@pytest.mark.parametrize("test", sorted({planted.found_by for planted in CORE + MORE} - {""}))
def test_what_finds_faults_finds_none_where_none_is_planted(test: str, tmp_path: Path) -> None:
    with copy_of_policies(tmp_path) as package:
        assert not fails(test, package)


async def test_nothing_is_noticed_where_no_fault_is_planted(sqlite_db: str, tmp_path: Path) -> None:
    world = await made()
    with copy_of_policies(tmp_path) as package:
        assert await policies_until_noticed(world, package, SOME) is None


def test_a_fault_that_cannot_be_planted_is_an_error(tmp_path: Path) -> None:
    impossible = copy_of_policies(tmp_path, Planted("", "book.py", "no such text", ""))
    with pytest.raises(AssertionError, match="no longer once in book"), impossible:
        pass

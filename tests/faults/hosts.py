"""Services in processes of their own on one database, as several hosts are behind a balancer."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
SECRET = "of the fault tests alone, 32 characters or more"
STARTS_WITHIN = 90.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Host:
    """`baodao serve`, perhaps with a planted bug or a wrong clock; it can be killed and started again."""

    def __init__(
        self,
        url: str,
        folder: Path,
        bug: str = "none",
        skew: float = 0.0,
        order: str = "lock",
        workers: int = 1,
    ) -> None:
        self.port, self.bug, self.skew, self.number = free_port(), bug, skew, workers
        self._log = folder / f"{self.port}.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BAODAO_")},
            **{"DATABASE_URL": url, "BAODAO_DATA": str(folder), "BAODAO_SECRET": SECRET, "BAODAO_IDE": "off"},
            "BAODAO_ORDER": order,
            "BAODAO_WEBHOOK_ALLOW": "127.0.0.1",
            "TMPDIR": str(folder),
        }
        self.start()

    def start(self) -> None:
        workers = ["--workers", str(self.number)] if self.number > 1 else []
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                self._command("serve", "--port", str(self.port), *workers),
                cwd=ROOT,
                env=self._planted(),
                stderr=log,
                stdout=log,
                start_new_session=True,  # so that workers are ended with their parent
            )

    def run(self, *words: str) -> None:
        """Another command of the program, with the same bug."""
        subprocess.run(self._command(*words), cwd=ROOT, env=self._planted(), check=True, timeout=60)

    @staticmethod
    def _command(*words: str) -> list[str]:
        return [sys.executable, str(Path(__file__).with_name("bugs.py")), *words]

    def _planted(self) -> dict[str, str]:
        return {**self._environment, "FAULT_BUG": self.bug, "FAULT_SKEW": str(self.skew)}

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.address}/healthz")
                return
            except httpx.TransportError:
                assert self.process.poll() is None, self.log
                time.sleep(0.05)
        raise TimeoutError(self.log)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def memory(self) -> int:
        """Resident bytes."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * resource.getpagesize()

    @property
    def workers(self) -> list[int]:
        """Those who live, the oldest first."""
        return list(filter(_lives, map(int, re.findall(r"Started server process \[(\d+)\]", self.log))))

    @property
    def ready(self) -> int:
        """How many processes there ever were that were ready to answer."""
        return self.log.count("Application startup complete")

    def kill_worker(self) -> None:
        """The oldest, if one is left."""
        for worker in self.workers[:1]:
            os.kill(worker, signal.SIGKILL)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def terminate(self) -> float:
        """As a supervisor does; the seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        return time.monotonic() - begun

    def limit_files(self, most: int) -> None:
        """Bytes that a file may have, as if the disk were full then."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _lives(pid: int) -> bool:
    """A process that has ended is there until its parent has noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

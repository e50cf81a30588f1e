"""Services in processes of their own on one database, as several hosts are behind a balancer."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
SECRET = "of the fault tests alone, 32 characters or more"
STARTS_WITHIN = 30.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Host:
    """`baodao serve`, perhaps with a planted bug or a wrong clock; it can be killed and started again."""

    def __init__(
        self, url: str, folder: Path, bug: str = "none", skew: float = 0.0, order: str = "lock"
    ) -> None:
        self.port, self.bug, self.skew = free_port(), bug, skew
        self._log = folder / f"{self.port}.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BAODAO_")},
            **{"DATABASE_URL": url, "BAODAO_DATA": str(folder), "BAODAO_SECRET": SECRET, "BAODAO_IDE": "off"},
            "BAODAO_ORDER": order,
            "BAODAO_WEBHOOK_ALLOW": "127.0.0.1",
        }
        self.start()

    def start(self) -> None:
        program = [str(Path(__file__).with_name("bugs.py")), self.bug, str(self.skew)]
        command = [sys.executable, *program, "serve", "--port", str(self.port)]
        with self._log.open("a") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stderr=log, stdout=log)

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

    def kill(self) -> None:
        self.process.kill()
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

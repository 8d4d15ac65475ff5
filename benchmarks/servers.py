"""The course, or one of the floors, in a process of its own on a port of this machine."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = Path(__file__).parent / "floors"
PATIENCE = 120.0  # seconds for a server to come up


@dataclass(frozen=True)
class Server:
    """Where it is and which process it is."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def course(port: int, for_class: bool = False) -> Iterator[Server]:
    """The course, ready to be visited. For a class it is warm by then; otherwise nothing is imported yet."""
    settings = {"CLEARHEAD_PORT": str(port)} | ({"CLEARHEAD_SERVE": "1"} if for_class else {})
    with _running([sys.executable, "asgi.py"], port, "/readyz", settings) as server:
        yield server


@contextmanager
def floor(name: str, port: int) -> Iterator[Server]:
    """A trivial Streamlit app from floors/, served by Streamlit alone."""
    command = [sys.executable, "-m", "streamlit", "run", str(FLOORS / f"{name}.py"), f"--server.port={port}"]
    flags = ("server.headless=true", "server.address=127.0.0.1", "browser.gatherUsageStats=false")
    command += [f"--{flag}" for flag in (*flags, "server.fileWatcherType=none")]
    with _running(command, port, "/_stcore/health", {"PYTHONPATH": str(ROOT)}) as server:
        yield server


def memory(server: Server) -> float:
    """Resident memory of the server in MB (Linux)."""
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def _running(command: list[str], port: int, sign: str, settings: dict[str, str]) -> Iterator[Server]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CLEARHEAD")}
    process = subprocess.Popen(command, cwd=ROOT, env=inherited | settings, **quiet)
    try:
        _await(f"http://127.0.0.1:{port}{sign}", process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server of {address} ended with {process.returncode}; is the port taken?")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)
    raise TimeoutError(f"No answer from {address}")

"""A real server and a real Chromium that can reach no other host."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PATIENCE = 120  # seconds for a server to answer on a loaded machine
expect.set_options(timeout=60_000)  # and for a page


@dataclass
class Seen:
    """What a page asked of other hosts, and what it complained about."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def start_server(folder: Path = ROOT) -> tuple[subprocess.Popen, str]:
    """The course as learners get it, on a free port; returns once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**_clean_environment(), "CLEARHEAD_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "asgi.py"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/livez", timeout=2):
                return process, address
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise TimeoutError("the course did not start")


def stop_server(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the course is served, for all tests that do not need a fresh server."""
    process, where = start_server()
    yield where
    stop_server(process)


@pytest.fixture
def cold_address() -> Iterator[str]:
    """A server that nobody has opened a page of."""
    process, where = start_server()
    yield where
    stop_server(process)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None) or (MAC if Path(MAC).exists() else None)
    assert path, "no Chromium: `make test` installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(chromium: Browser, seen: Seen) -> Iterator[Page]:
    """A page 1280 wide, in English; whatever it asks of another host is refused and noted in `seen`."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    yield watched(context, seen)
    context.close()


def watched(context: BrowserContext, seen: Seen) -> Page:
    """A page of the context; whatever it asks of another host is refused and noted in `seen`."""
    context.set_default_timeout(60_000)
    context.route("**/*", lambda route: _watch(route, seen))
    page = context.new_page()
    page.on("console", lambda message: _note(message, seen))
    return page


def _watch(route, seen: Seen) -> None:
    if urlsplit(route.request.url).hostname in ("127.0.0.1", None):
        route.continue_()
    else:
        seen.outside.append(route.request.url)
        route.abort()


def _note(message: ConsoleMessage, seen: Seen) -> None:
    if message.type == "error":
        seen.errors.append(message.text)


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "CLEARHEAD_"))}


@contextmanager
def served(script: str) -> Iterator[str]:
    """The address of a plain Streamlit server of one of the scripts beside this file, up and answering."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", f"tests/browser/{script}", f"--server.port={port}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            break
        except OSError:
            time.sleep(0.2)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    """A server of lens_app.py."""
    with served("lens_app.py") as address:
        yield address


@pytest.fixture
def show(app: str, page: Page, seen):
    """Open a case; at the end nothing was asked of other hosts and nothing was complained about."""

    page.set_default_timeout(180_000)

    def opened(case: str, link: str = "") -> Page:
        page.goto(f"{app}/?case={case}{link}")
        page.get_by_text("runs ").wait_for()
        return page

    yield opened
    assert seen.outside == []
    assert seen.errors == []

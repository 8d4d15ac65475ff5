"""A server of decoding_app.py, and steps that the tests of the tree and the sampler share."""

import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ROOT


@pytest.fixture(scope="module")
def parts():
    """A server of decoding_app.py."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "tests/browser/decoding_app.py", f"--server.port={port}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
            break
        except OSError:
            time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def show(parts: str, page: Page, seen):
    """Open a case; at the end nothing was asked of other hosts and nothing was complained about."""
    page.set_default_timeout(180_000)

    def opened(case: str, link: str = "") -> Page:
        page.goto(f"{parts}/?case={case}{link}")
        page.get_by_text("runs ").wait_for()
        page.locator(".tree .node, .sampler .pair").first.wait_for()
        return page

    yield opened
    assert seen.outside == []
    assert seen.errors == []


def rows(page: Page, part: str) -> list[str]:
    return page.locator(f".sampler .pair:not(.head) .{part}").all_text_contents()


def moved(page: Page, slider: int, keys: str, times: int) -> None:
    page.get_by_role("slider").nth(slider).focus()
    for _ in range(times):
        page.keyboard.press(keys)

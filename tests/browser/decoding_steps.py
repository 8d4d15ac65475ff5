"""A server of decoding_app.py, and steps that the tests of the tree and the sampler share."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import served


@pytest.fixture(scope="module")
def parts():
    """A server of decoding_app.py."""
    with served("decoding_app.py") as address:
        yield address


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

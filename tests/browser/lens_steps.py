"""Steps that the browser tests of the lens share."""

from pathlib import Path

from playwright.sync_api import Locator, Page


def lens_of(page: Page) -> Locator:
    page.locator(".lens .overview").first.wait_for()
    page.locator(".lens[data-draw-ms]").wait_for()
    return page.locator(".lens")


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()

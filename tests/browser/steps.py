"""What a visitor does, and how a page shows that it has done what they asked."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from lessons import checks, discover, read

PATIENCE = 120_000  # ms: a loaded machine is slow, not wrong
expect.set_options(timeout=60_000)
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"


def uncovered(slug: str) -> dict[str, str]:
    """The part of a link that opens every demo which waits for a prediction; {} for a page that is no lesson."""
    if slug not in discover():
        return {}
    return {f"{slug}.{check.demo}": "1" for check in checks(slug, "en") if check.demo}


def opened(page: Page, address: str, path: str = "/", **link: str) -> None:
    """Open a page and wait until all of it is there."""
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}{path}?{urlencode(link)}")
    page.get_by_role("heading", level=1).wait_for()
    at_rest(page)


def at_rest(page: Page) -> None:
    """Wait until the last thing asked for has begun and ended."""
    page.wait_for_timeout(400)
    page.locator(AT_REST).wait_for(state="attached", timeout=PATIENCE)


def typed(page: Page, box: Locator, text: str) -> None:
    """Type into a box and send it off."""
    box.fill(text)
    box.press("Enter")
    at_rest(page)


def words_of(lens: Locator) -> list[str]:
    """The words over a lens."""
    return lens.locator(".word bdi").all_text_contents()


def reads(lens: Locator, text: str) -> None:
    """Wait until a lens shows this text, however its model cuts it, after the token that begins every text."""
    expected = "".join(text.split())
    for _ in range(PATIENCE // 500):
        if "".join(words_of(lens)[1:]) == expected:
            return
        lens.page.wait_for_timeout(500)
    assert "".join(words_of(lens)[1:]) == expected


def demo(page: Page, slug: str, name: str) -> Locator:
    """A demo of a lesson, by the name of its function."""
    blocks = [(block.kind, block.content) for block in read(slug, "en").blocks]
    return page.locator(f".st-key-demo-block-{blocks.index(('demo', name))}")


def item(page: Page, number: int) -> Locator:
    """A check of the lesson."""
    return page.locator(f".st-key-item-{number}")


def answered(page: Page, slug: str, number: int, button: str) -> None:
    """Choose the right option of a check and press the button under it."""
    check = next(check for check in checks(slug, "en") if check.number == number)
    place = next(place for place, option in enumerate(check.options) if option.right)
    item(page, number).get_by_role("radio").nth(place).check(force=True)
    at_rest(page)
    item(page, number).get_by_role("button", name=button).click()
    at_rest(page)


def visible_text(page: Page) -> str:
    """All text on the page that is no code, components included, a line for each piece."""
    return page.evaluate(
        """() => {
            const found = [], NAMES = ["aria-label", "title", "placeholder", "alt"];
            const walk = (node) => {
                if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent.trim());
                if (node.nodeType === Node.ELEMENT_NODE) {
                    if (["SCRIPT", "STYLE", "CODE", "PRE", "NOSCRIPT"].includes(node.tagName)) return;
                    for (const name of NAMES) found.push(node.getAttribute(name) ?? "");
                    if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
                }
                node.childNodes.forEach(walk);
            };
            walk(document.body);
            return found.filter(Boolean).join("\\n");
        }"""
    )


def pieces(sentence: str) -> list[str]:
    """A sentence without its {braces}, in the parts around them."""
    return [part.strip() for part in re.split(r"\{\w+\}", sentence) if part.strip()]

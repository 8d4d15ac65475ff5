"""A real Chromium with nothing but this machine to talk to, and how long something takes to be painted in it."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

PATIENCE = 120_000  # ms for anything to appear
WIDTH, HEIGHT = 1280, 1400
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Resolves with the time from the next key press or click to the frame in which the figure was painted. Plotly's own
# event is lost when Streamlit draws the figure in a new element: what is watched is the drawing inside its container.
ARM = """
({selector, event}) => {
  const place = document.querySelector(selector);
  window.begun = 0;
  const begin = () => { window.begun = performance.now(); };
  document.addEventListener(event, begin, { capture: true, once: true });
  window.painted = new Promise((resolve) => {
    const watch = new MutationObserver((changes) => {
      const drawn = changes.some((change) => change.target.closest?.(".main-svg") ||
        [...change.addedNodes].some((node) => node.querySelector?.(".main-svg")));
      if (!window.begun || !drawn) return;
      watch.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - window.begun)));
    });
    watch.observe(place, { childList: true, subtree: true, attributes: true });
  });
}
"""

# Keeps, for each selector, the time from the request of the page to the frame in which it first stood there. Asked from
# outside, the answer would wait until the page is done with everything else.
WATCH = """
(selectors) => {
  window.shown = {};
  const watch = new MutationObserver(() => {
    for (const selector of selectors) {
      if (selector in window.shown || !document.querySelector(selector)) continue;
      window.shown[selector] = new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now()))));
    }
    if (Object.keys(window.shown).length === selectors.length) watch.disconnect();
  });
  watch.observe(document, { childList: true, subtree: true, attributes: true });
}
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless; host names other than this machine's do not resolve."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", rules])
        yield browser
        browser.close()


def opened(browser: Browser, address: str, watched: Sequence[str] = ()) -> Page:
    """A fresh visitor's page; `first_shown` tells when each of the `watched` selectors stood there."""
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    page.set_default_timeout(PATIENCE)
    if watched:
        page.add_init_script(f"({WATCH})({json.dumps(watched)})")
    page.goto(address)
    return page


def first_shown(page: Page, selector: str) -> float:
    """Seconds from the request of the page to the frame that first showed `selector`, one of those watched."""
    page.wait_for_selector(selector)
    return page.evaluate("(selector) => window.shown[selector]", selector) / 1000


def settled(page: Page) -> None:
    """Wait until no script run is going on and the page has been still for a second."""
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(1000)


def key_to_paint(page: Page, selector: str, key: str) -> float:
    """ms from a key press to the painted Plotly figure inside `selector` that it changes."""
    page.evaluate(ARM, {"selector": selector, "event": "keydown"})
    page.keyboard.press(key)
    return page.evaluate("window.painted")

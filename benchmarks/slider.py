"""From a slider to a painted heatmap: the attention lesson against a trivial app, step by step in turn."""

from playwright.sync_api import Browser, Page

from benchmarks.browser import chromium as started
from benchmarks.browser import key_to_paint, opened, settled
from benchmarks.report import Row, Table, percentile
from benchmarks.servers import course, floor

STEPS, WARM_UP = 30, 5
NOTE = (
    "The slider for the width d of the attention lesson, which draws the softmax of random scores anew as a "
    "heatmap and a curve beside it, against a page of one slider and one heatmap of random numbers. From the key "
    "press to the frame with the new map; one step here, one there, in turn. Both wait as long as Streamlit "
    "itself waits for a slider to come to rest."
)


def measure() -> Table:
    """ms a step, median and p95."""
    with course(8621) as ours, floor("one_heatmap", 8622) as theirs, started() as browser:
        lesson = _ready(
            browser, f"{ours.address}/attention?lang=en&attention.saturation_width=65", "attention.saturation_width"
        )
        trivial = _ready(browser, theirs.address, "floor.number")
        seen = [
            (
                _step(lesson, "attention.saturation_width", "attention.saturation_weights", n),
                _step(trivial, "floor.number", "floor.map", n),
            )
            for n in range(WARM_UP + STEPS)
        ]
    mine, floors = ([pair[side] for pair in seen[WARM_UP:]] for side in (0, 1))
    rows = tuple(
        Row(f"slider to painted heatmap, p{p}", percentile(mine, p), percentile(floors, p), "ms", bar)
        for p, bar in ((50, 1.3), (95, None))
    )
    return Table("slider", "A slider and its heatmap", NOTE, rows)


def _ready(browser: Browser, address: str, slider: str) -> Page:
    page = opened(browser, address)
    page.wait_for_selector("h1")
    settled(page)
    page.locator(_handle(slider)).scroll_into_view_if_needed()
    settled(page)
    return page


def _step(page: Page, slider: str, figure: str, number: int) -> float:
    """One press of an arrow key, to and fro."""
    page.locator(_handle(slider)).focus()
    return key_to_paint(page, f".st-key-{_class(figure)}", "ArrowRight" if number % 2 else "ArrowLeft")


def _handle(slider: str) -> str:
    return f".st-key-{_class(slider)} input[type=range]"


def _class(key: str) -> str:
    """The class that Streamlit gives an element with a key."""
    return key.replace(".", "-")

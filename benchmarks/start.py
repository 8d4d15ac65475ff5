"""From a server that nobody has visited to the first text and the first figure, against an empty app."""

from benchmarks.browser import chromium, first_shown, opened, settled
from benchmarks.report import Row, Table, percentile
from benchmarks.servers import course, floor

ROUNDS = 3
FIGURE = "[data-draw-ms], .js-plotly-plot"
NOTE = (
    "A fresh server each time, just able to answer; a fresh browser page. To the title, against the title of an "
    "app that has nothing else; to the first figure (the lens with a live run, torch and the model loaded on the "
    "way), against the one heatmap of a trivial app. Medians of {rounds} rounds in turn. Warm: the second visitor"
    " of the same server."
)


def measure() -> Table:
    """Seconds, cold and warm."""
    seen: dict[str, list[float]] = {}
    with chromium() as browser:
        for _ in range(ROUNDS):
            for page in ("", "attention"):
                with course(8625) as server:
                    for visitor in ("cold", "warm"):
                        text, figure = _visit(browser, f"{server.address}/{page}?lang=en", figure=True)
                        seen.setdefault(f"{page} {visitor} text", []).append(text)
                        seen.setdefault(f"{page} {visitor} figure", []).append(figure)
            for name, figure in (("empty", False), ("one_heatmap", True)):
                with floor(name, 8626) as server:
                    for visitor in ("cold", "warm"):
                        text, shown = _visit(browser, server.address, figure)
                        seen.setdefault(f"{name} {visitor}", []).append(shown if figure else text)
    middle = {name: percentile(times, 50) for name, times in seen.items()}
    rows = tuple(
        Row(
            f"{title}, first {what}, {visitor}",
            middle[f"{page} {visitor} {what}"],
            middle[f"{app} {visitor}"],
            "s",
            1.2 if what == "text" and visitor == "cold" else None,
        )
        for page, title in (("", "course map"), ("attention", "attention lesson"))
        for visitor in ("cold", "warm")
        for what, app in (("text", "empty"), ("figure", "one_heatmap"))
    )
    return Table("start", "The first page", NOTE.format(rounds=ROUNDS), rows)


def _visit(browser: object, address: str, figure: bool) -> tuple[float, float]:
    """Seconds to the title and to the first figure of a page that was never opened."""
    page = opened(browser, address, ["h1"])
    text = shown = first_shown(page, "h1")
    if figure:
        page.wait_for_selector(FIGURE)  # it may stand in a component's own tree, where nobody can watch from outside
        shown = page.evaluate("performance.now()") / 1000
    settled(page)  # the next visitor finds a server that is done with this one
    page.context.close()
    return text, shown

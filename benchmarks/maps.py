"""144 heads drawn by the lens, by BertViz and by Plotly, at 16, 64 and 128 tokens."""

from dataclasses import dataclass

from playwright.sync_api import Browser, WebSocket
from playwright.sync_api import TimeoutError as TooSlow

from benchmarks.browser import chromium, settled
from benchmarks.report import Row, Table
from benchmarks.servers import Server, floor

TOKENS = (16, 64, 128)
RIVALS = ("bertviz", "plotly")
PATIENCE = 60_000  # ms for one drawing
BARS = {64: {"drawn": 300.0, "sent": 1.0}}  # of the lens alone: ms and MB

# Whether all maps of a kind are drawn, looked at every 10 ms and cheaply; then every element of the page, of its
# components' shadow trees and of its frames is counted.
WATCH = """
(kind) => {
  const shadows = () => [...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  const drawn = {
    lens: () => [document, ...shadows()].some((root) => root.querySelector("[data-draw-ms]")),
    plotly: () => document.querySelectorAll(".heatmaplayer image").length === 144,
    bertviz: () => document.querySelector("iframe")?.contentDocument?.querySelectorAll("line").length > 144,
  }[kind];
  const count = (root) => [...root.querySelectorAll("*")].reduce((sum, one) => sum + 1 +
    (one.shadowRoot ? count(one.shadowRoot) : 0) + (one.contentDocument ? count(one.contentDocument) : 0), 0);
  document.addEventListener("click", () => { window.begun = performance.now(); }, { capture: true, once: true });
  const done = () => { window.seen = [performance.now() - window.begun, count(document)]; };
  const look = () => (window.begun && drawn() ?
    requestAnimationFrame(() => requestAnimationFrame(done)) : setTimeout(look, 10));
  look();
}
"""
NOTE = (
    "12 x 12 heads over random numbers, from the press of a button to the frame in which all 144 maps stand: "
    "Python, network and browser together, and how much of it the lens itself draws; what came over the WebSocket; "
    "elements in the page, its components and frames. BertViz is its model view with d3 and jQuery inside, Plotly is "
    "one `make_subplots` figure of 144 heatmaps. The floor is the other drawing, so a ratio under 1 is in favour of "
    "the lens."
)


@dataclass(frozen=True)
class Cost:
    """What one drawing took."""

    milliseconds: float
    megabytes: float
    nodes: int
    drawn: float = 0.0  # ms of it in the lens's own drawing, as it says itself


def measure() -> Table:
    """Each kind once to warm up, then once for each number of tokens, in a fresh page each."""
    with floor("maps", 8623) as server, chromium() as browser:
        for kind in ("lens", *RIVALS):
            _drawn(browser, server, kind, TOKENS[0])
        costs = {(kind, n): _drawn(browser, server, kind, n) for n in TOKENS for kind in ("lens", *RIVALS)}
    rows = [row for n in TOKENS for row in _alone(n, costs["lens", n])]
    rows += [row for n in TOKENS for rival in RIVALS for row in _beside(n, rival, costs["lens", n], costs[rival, n])]
    return Table("maps", "144 heads at a glance", NOTE, tuple(rows))


def _alone(tokens: int, lens: Cost) -> list[Row]:
    bars = BARS.get(tokens, {})
    return [
        Row(f"{tokens} tokens, drawn in the browser", lens.drawn, None, "ms", bars.get("drawn")),
        Row(f"{tokens} tokens, painted", lens.milliseconds, None, "ms"),
        Row(f"{tokens} tokens, sent", lens.megabytes, None, "MB", bars.get("sent")),
    ]


def _beside(tokens: int, rival: str, lens: Cost, other: Cost | None) -> list[Row]:
    if other is None:
        return [Row(f"{tokens} tokens, {rival} did not finish in {PATIENCE // 1000} s", lens.milliseconds, None, "ms")]
    return [
        Row(f"{tokens} tokens, painted, against {rival}", lens.milliseconds, other.milliseconds, "ms"),
        Row(f"{tokens} tokens, sent, against {rival}", lens.megabytes, other.megabytes, "MB"),
        Row(f"{tokens} tokens, elements, against {rival}", lens.nodes, other.nodes, ""),
    ]


def _drawn(browser: Browser, server: Server, kind: str, tokens: int) -> Cost | None:
    """One drawing in a page of its own; None when it takes longer than PATIENCE."""
    received: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: received.append(len(payload)))

    page = browser.new_context(viewport={"width": 1280, "height": 1400}).new_page()
    page.set_default_timeout(PATIENCE)
    page.on("websocket", listen)
    try:
        page.goto(f"{server.address}/?kind={kind}&tokens={tokens}")
        button = page.get_by_role("button", name="draw")
        button.wait_for()
        settled(page)
        page.evaluate(WATCH, kind)
        received.clear()
        button.click()
        page.wait_for_function("() => window.seen")
        milliseconds, nodes = page.evaluate("window.seen")
        drawn = page.locator("[data-draw-ms]").first.get_attribute("data-draw-ms") if kind == "lens" else 0
        return Cost(milliseconds, sum(received) / 1e6, nodes, float(drawn))
    except TooSlow:
        return None
    finally:
        page.context.close()

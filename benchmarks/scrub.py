"""Scrubbing the lens: from an arrow key to the frame with the next head, in the browser alone."""

from playwright.sync_api import Browser

from benchmarks.browser import chromium, opened, settled
from benchmarks.report import Row, Table, percentile
from benchmarks.servers import Server, floor

TOKENS = (16, 64, 128)
STEPS = 200
NOTE = (
    "An arrow key on the overview of 12 x 12 heads chooses the next head: from the key to the frame in which the "
    "large map, the caption and the words are drawn anew; nothing is asked of the server. A step cannot be seen "
    "sooner than the next frame of the screen, up to 16.7 ms away, whatever is drawn in it: the floor is a dot that "
    "moves on the same page. The bar is on the time that the lens itself takes, its painting included, in a "
    "Chromium that paints without a GPU."
)

# One step after another, each at another moment of a frame; [to the frame, the lens's own time] in ms.
SCRUB = """
async ([steps, dotted]) => {
  const find = (root) => [...root.querySelectorAll("*")].map((one) => one.matches("canvas.overview") ? one :
    one.shadowRoot ? find(one.shadowRoot) : null).find(Boolean);
  const canvas = find(document);
  document.querySelector(".dot")?.remove();
  const dot = document.body.appendChild(document.createElement("div"));
  dot.className = "dot";
  dot.style.cssText = "position:fixed;top:0;width:4px;height:4px;background:red";
  const keys = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp"];
  const seen = [];
  for (let step = 0; step < steps; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20 + (step * 7) % 17));
    const key = keys[step % keys.length];
    const begun = performance.now();
    if (dotted) dot.style.left = `${step % 9}px`;
    else canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const handled = performance.now() - begun;
    const before = await new Promise((resolve) => requestAnimationFrame(resolve)); // after the lens's own
    const channel = new MessageChannel();
    const drawn = new Promise((resolve) => { channel.port1.onmessage = () => resolve(performance.now()); });
    channel.port2.postMessage(null);
    const ended = await drawn;
    seen.push([ended - begun, handled + (ended - Math.max(before, begun))]);
  }
  return seen;
}
"""


def measure() -> Table:
    """ms a step."""
    with floor("maps", 8624) as server, chromium() as browser:
        rows = [row for tokens in TOKENS for row in _rows(browser, server, tokens)]
    return Table("scrub", "Scrubbing the lens", NOTE, tuple(rows))


def _rows(browser: Browser, server: Server, tokens: int) -> list[Row]:
    page = opened(browser, f"{server.address}/?kind=lens&tokens={tokens}")
    page.get_by_role("button", name="draw").click()
    page.locator("canvas.overview").wait_for()
    settled(page)
    page.evaluate(SCRUB, [20, False])
    seen, dots = (page.evaluate(SCRUB, [STEPS, dotted]) for dotted in (False, True))
    page.context.close()
    to_frame, own = ([pair[side] for pair in seen] for side in (0, 1))
    return [
        Row(f"{tokens} tokens, the lens's own time, p95", percentile(own, 95), None, "ms", 20),
        Row(
            f"{tokens} tokens, key to frame, p95", percentile(to_frame, 95), percentile([d[0] for d in dots], 95), "ms"
        ),
    ]

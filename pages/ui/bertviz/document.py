"""BertViz's drawings as one closed HTML document: no network, no page around it, token text only as text. Pure.

BertViz returns a page that fetches require.js, d3 and jQuery from a public server, and writes its data into a script as
it is: a token `</script><script>...` would run. Here the libraries stand in the document (their npm packages, licences
beside them in `vendor/`), nothing in a script can end it, and a policy forbids every request. The frame that shows the
document is sandboxed too (`frame.js`).
"""

import unicodedata
import warnings
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Literal

import numpy as np

from model_utils.types import AttentionTrace, Trace

View = Literal["head", "model"]
Theme = Literal["light", "dark"]

MOST_TOKENS = 24
MOST_WEIGHTS = 40_000  # lines in one drawing; above it browsers stutter
LONGEST = 14  # characters of a token
HIDDEN, JOINER = ("Cc", "Cf", "Cs", "Zl", "Zp"), "\u200d"
DIGITS = 4  # a weight is a line's opacity here
VENDOR = Path(__file__).parent / "vendor"
LIBRARIES = ("jquery-2.2.4.min.js", "d3-5.7.0.min.js")
STAND_IN = "var require = {config: function () {}};\nfunction requirejs(names, run) { run(window.jQuery, window.d3); }"
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
COLOURS = {"light": ("#fdfcf9", "#1f2430"), "dark": ("#15171c", "#ece9e1")}
_SCRIPT, _END = '<script type="text/javascript">\n', "\n</script>\n"


@dataclass(frozen=True)
class Drawing:
    """An HTML document, its height in pixels, and what of the run is in it."""

    html: str
    height: int
    tokens: int
    layers: tuple[int, ...]


def drawing(run: Trace, view: View, theme: Theme, first_layer: int = 0) -> Drawing:
    """BertViz's head or model view of the first tokens of a run, from `first_layer` on, as many layers as fit."""
    from bertviz import head_view, model_view

    groups = {kind: [a for a in run.attentions if a.kind == kind] for kind in ("self", "encoder", "cross")}
    count = min(len(group) for group in groups.values() if group)
    layers = tuple(range(min(first_layer, count - 1), count))[: _fitting(run)]
    settings = {"include_layers": list(layers), "prettify_tokens": False, "html_action": "return"}
    draw = partial(model_view, display_mode=theme) if view == "model" else head_view
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # BertViz leaves the file of its own script open
        html = draw(**_sides(run, groups), **settings).data
    tokens = min(MOST_TOKENS, max(len(run.tokens), len(run.source_tokens or ())))
    return Drawing(close(html, view, theme), _height(run, view, tokens, len(layers)), tokens, layers)


def _fitting(run: Trace) -> int:
    """How many layers can be drawn at once."""
    heads, rows, columns = run.attentions[0].attn_weights.shape
    return max(1, MOST_WEIGHTS // (heads * min(rows, MOST_TOKENS) * min(columns, MOST_TOKENS)))


def _sides(run: Trace, groups: dict[str, list[AttentionTrace]]) -> dict[str, object]:
    """BertViz's arguments for one text, or for a source and a target."""
    tokens = [_word(token) for token in run.tokens[:MOST_TOKENS]]
    if not groups["cross"]:
        only = groups["self"] or groups["encoder"]
        return {"attention": [_weights(a) for a in only], "tokens": tokens}
    return {
        "encoder_attention": [_weights(a) for a in groups["encoder"]] or None,
        "decoder_attention": [_weights(a) for a in groups["self"]] or None,
        "cross_attention": [_weights(a) for a in groups["cross"]],
        "encoder_tokens": [_word(token) for token in (run.source_tokens or ())[:MOST_TOKENS]],
        "decoder_tokens": tokens,
    }


def _word(token: str) -> str:
    """A token that fits BertViz's column: controls and direction marks in sight, long ones cut."""
    seen = "".join(f"‹{ord(c):04X}›" if unicodedata.category(c) in HIDDEN and c != JOINER else c for c in token)
    return seen if len(seen) <= LONGEST else seen[: LONGEST - 1] + "…"


def _weights(attention: AttentionTrace) -> object:
    """(1, H, T, S) as BertViz wants them; float64, or the rounded numbers would be written with twenty digits."""
    import torch

    shown = attention.attn_weights[None, :, :MOST_TOKENS, :MOST_TOKENS].astype(np.float64)
    return torch.from_numpy(np.round(shown, DIGITS))


def close(html: str, view: View, theme: Theme) -> str:
    """The document: BertViz's markup and script without its loader, with the libraries inside."""
    start = html.index(_SCRIPT)
    markup = html[html.index("</script>") + len("</script>") : start]
    script = html[start + len(_SCRIPT) : html.rindex(_END)]
    paper, ink = COLOURS[theme]
    for theirs in ("white", "black"):
        script = script.replace(f"'background': '{theirs}'", f"'background': '{paper}'")
    style = f"body {{ margin: 0; background: {paper}; color: {ink}; }} text {{ fill: {ink}; }}"
    parts = (*_libraries(), STAND_IN, script)
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<style>{style}</style></head><body>{markup}"
        + "".join(f"<script>{in_script(part)}</script>" for part in parts)
        + "</body></html>"
    )


def in_script(code: str) -> str:
    """Code that cannot end its script element or open a comment in it; in strings `\\/` and `\\!` mean `/` and `!`."""
    return code.replace("</", "<\\/").replace("<!--", "<\\!--")


@cache
def _libraries() -> tuple[str, ...]:
    return tuple((VENDOR / name).read_text(encoding="utf-8") for name in LIBRARIES)


def _height(run: Trace, view: View, tokens: int, layers: int) -> int:
    """Pixels, by BertViz's own constants."""
    if view == "head":
        return int(tokens * 22.5 + 30 + 60)
    heads = run.attentions[0].attn_weights.shape[0]
    return int(max(layers * (tokens * 7 * 12 / heads + 10) + 38, tokens * 18 + 55) + 40)

"""One tree for all decoding strategies: it grows, strategies go and come, and a token opens into its choices.

The tree is sent once and drawn in the browser; Python hears only which token was chosen.
"""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path as File

import streamlit as st

from lessons import Lesson
from model_utils.decoding.values import Choice, Node, Path, Tree
from pages.ui.address import keep, seed
from pages.ui.bundle import bundle
from pages.ui.controls import key_of
from pages.ui.language import words_of

HERE = File(__file__).parent
UI = HERE.parent
SCRIPTS = ("marks", "layout", "figure", "legend", "growth", "panel", "list", "export", "keys", "stage", "tree")
FILES = (
    *(UI / "lens" / f"{name}.js" for name in ("text", "colour", "dom")),
    UI / "tools" / "share.js",
    UI / "tools" / "files.js",
    UI / "sampler" / "pairs.js",
    *(HERE / f"{name}.js" for name in SCRIPTS),
)
STYLES = (UI / "lens" / "lens.css", UI / "sampler" / "pairs.css", HERE / "tree.css")


def tree(lesson: Lesson, name: str, tree: Tree, names: Mapping[str, str], steps: int | None = None) -> int | None:
    """Draw the tree; return the id of the token that was clicked, None before that.

    names: what each strategy is called, in the order in which they get their colours and marks. steps: how many steps
    of it an untouched page shows (None: all). The choice stays in the link as `<slug>.<name>`.
    """
    key, ids = key_of(lesson, name), {node.id for node in tree.nodes}
    seed(key, None, lambda asked: int(asked) if _is_id(asked, ids) else None)

    def chose() -> None:
        said = st.session_state[f"{key}.drawn"].node
        st.session_state[key] = said if _is_id(said, ids) else None

    if st.session_state[key] not in ids:  # another text, another tree
        st.session_state[key] = None
    chosen = st.session_state[key]
    data = {**packed(tree, names, steps), "name": key, "words": words_of(lesson.language, "tree"), "chosen": chosen}
    _component()(key=f"{key}.drawn", data=data, on_node_change=chose)
    keep(key, chosen, None, shown=data["words"]["none"])
    return chosen


def packed(tree: Tree, names: Mapping[str, str], steps: int | None) -> dict[str, object]:
    """A tree for the browser: paths and strategies by their place, tokens as plain text."""
    order = {strategy: place for place, strategy in enumerate(names)}
    for path in tree.paths:
        order.setdefault(path.strategy, len(order))
    places = {path.id: place for place, path in enumerate(tree.paths)}
    last = {path: node.id for node in tree.nodes for path in node.paths}  # where each ends
    early = (place for place, node in enumerate(tree.nodes) if steps is not None and node.step > steps)
    return {
        "nodes": [_node(node, places) for node in tree.nodes],
        "paths": [_path(path, order[path.strategy], last.get(path.id, 0)) for path in tree.paths],
        "strategies": [{"name": names.get(strategy, strategy)} for strategy in order],
        "choices": {str(node): [_choice(one, places) for one in choices] for node, choices in tree.choices.items()},
        "start": next(early, len(tree.nodes)),
    }


def _path(path: Path, strategy: int, last: int) -> dict[str, object]:
    ranked = path.score != 0 and path.dropped_at is None  # only beams that lived to the end are ranked
    says_more = ranked and not math.isclose(path.score, path.log_probability)
    return {"strategy": strategy, "dropped": path.dropped_at, "last": last, "score": path.score if says_more else None}


def _node(node: Node, places: Mapping[str, int]) -> dict[str, object]:
    return {
        "id": node.id, "parent": node.parent, "token": node.token, "token_id": node.token_id, "step": node.step,
        "log_probability": node.log_probability, "probability": node.probability, "truth": node.truth,
        "paths": [places[path] for path in node.paths], "end": node.end,
        "cut": {str(places[path]): mass for path, mass in node.cut.items()},
    }  # fmt: skip


def _choice(choice: Choice, places: Mapping[str, int]) -> dict[str, object]:
    return {
        "token": choice.token, "token_id": choice.token_id, "probability": choice.probability, "truth": choice.truth,
        "chance": choice.chance,
        "chances": {str(places[path]): chance for path, chance in choice.chances.items() if path in places},
    }  # fmt: skip


def _is_id(said: object, ids: set[int]) -> bool:
    """Whether a link or the browser names a token of this tree."""
    text = str(said)
    return text.isascii() and text.isdigit() and len(text) < 7 and int(text) in ids


@cache
def _component() -> object:
    css = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    return st.components.v2.component(
        "clearhead_tree", html='<div class="lens tree"></div>', css=css, js=bundle(*FILES)
    )

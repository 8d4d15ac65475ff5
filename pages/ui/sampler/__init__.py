"""Temperature, top-k, top-p and min-p on one distribution, moved in the browser over the whole vocabulary.

The logits are sent once; what the sliders do to them is computed beside them, by the script that is shown with them.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from lessons import Lesson, ui_text
from model_utils.types import Floats
from pages.ui.address import keep
from pages.ui.address import seed as seeded
from pages.ui.bundle import bundle
from pages.ui.controls import key_of
from pages.ui.language import words_of

HERE = Path(__file__).parent
LENS = HERE.parent / "lens"
TOOLS = HERE.parent / "tools"
SCRIPTS = ("cuts", "draws", "pairs", "sliders", "facts", "rows", "drawing", "export", "sampler")
FILES = (
    *(LENS / f"{name}.js" for name in ("text", "colour", "dom")),
    *(TOOLS / f"{name}.js" for name in ("share", "files")),
    *(HERE / f"{name}.js" for name in SCRIPTS),
)
STYLES = (LENS / "lens.css", HERE / "pairs.css", HERE / "sampler.css")
ARITHMETIC = "\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("cuts", "draws")).rstrip()
NAMED = 2000  # of the likeliest tokens; others are called by their id
FEW, MOST = 12, 60  # rows at first, and at most
_SETTINGS = re.compile(r"[0-9](\.[0-9]{1,3})?_[0-9]{1,7}_[01](\.[0-9]{1,3})?_[01](\.[0-9]{1,3})?")
STANDARD = "1_0_1_0"  # temperature, top-k (0: all), top-p, min-p: nothing is changed


def sampler(
    lesson: Lesson,
    name: str,
    logits: Floats,
    vocabulary: Sequence[str],
    truth: Mapping[str, float] | None = None,
    seed: int = 0,
) -> None:
    """What could come next under the learner's own settings. logits: (V,), the model's own; vocabulary: V tokens.

    truth: exact probabilities of words, as `next_word_probabilities` gives them, or of tokens; seed: of the draws.
    The settings stay in the link as `<slug>.<name>=temperature_k_p_minp`.
    """
    key = key_of(lesson, name)
    seeded(key, STANDARD, read_settings)

    def let_go() -> None:
        st.session_state[key] = read_settings(st.session_state[f"{key}.sliders"].settings) or STANDARD

    data = {**packed(logits, vocabulary, truth), "seed": seed, "few": FEW, "most": MOST, "name": key}
    data["words"] = words_of(lesson.language, "sampler")
    _component()(key=f"{key}.sliders", data=data, on_settings_change=let_go)
    keep(key, st.session_state[key], STANDARD, shown=data["words"]["unchanged"])
    with st.popover(ui_text(lesson.language)["tools.code"], type="tertiary"):
        st.code(ARITHMETIC, language="javascript")


def packed(logits: Floats, vocabulary: Sequence[str], truth: Mapping[str, float] | None) -> dict[str, object]:
    """The logits' own float32 bytes, the names of the likeliest, and the truth by token id."""
    likeliest = np.argsort(-logits, kind="stable")[:NAMED]
    return {
        "logits": base64.b64encode(logits.astype("<f4").tobytes()).decode("ascii"),
        "ids": [int(one) for one in likeliest],
        "tokens": [vocabulary[one] for one in likeliest],
        "truth": None if truth is None else _by_id(truth, vocabulary),
    }


def _by_id(truth: Mapping[str, float], vocabulary: Sequence[str]) -> list[tuple[int, float]]:
    """Words as a model's tokens, with a space before them where it has such a token; what it has not is left out."""
    places = {token: place for place, token in enumerate(vocabulary)}
    found = ((places.get(f" {word}", places.get(word)), probability) for word, probability in truth.items())
    return [(place, float(probability)) for place, probability in found if place is not None]


def read_settings(text: object) -> str | None:
    """Settings as they stand in a link, or None for what no slider can say."""
    if not isinstance(text, str) or not re.fullmatch(
        r"\d{1,3}(\.\d{1,3})?_\d{1,7}_\d(\.\d{1,3})?_\d(\.\d{1,3})?", text
    ):
        return None
    temperature, _, p, share = (float(number) for number in text.split("_"))
    return text if 0.1 <= temperature <= 3 and 0.05 <= p <= 1 and share <= 0.5 else None


@cache
def _component() -> object:
    css = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    return st.components.v2.component(
        "clearhead_sampler", html='<div class="lens sampler"></div>', css=css, js=bundle(*FILES)
    )

"""A page with one lens, BertViz or figure on it, for test_lens.py. `?case=` says which."""

from types import SimpleNamespace

import numpy as np
import streamlit as st

from lessons.figures import AxisWords, heatmap
from pages.ui.bertviz import bertviz_head, bertviz_model
from pages.ui.figure import figure
from pages.ui.lens import attention_arcs, lens
from pages.ui.translation import translation
from tests.lens.runs import HOSTILE, run, translator
from tests.pages import translations

CASES = {
    "small": lambda: run(3, 4, 8, 16),
    "bias": lambda: run(2, 2, 7, 8, bias=0.4),
    "big": lambda: run(12, 12, 64, 64),
    "translator": translator,
    "hostile": lambda: run(tokens=HOSTILE),
}
LESSON = SimpleNamespace(slug="test", language="en")


@st.fragment
def demo(case: str) -> None:
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    if case in CASES:
        lens(LESSON, "lens", CASES[case]())
    elif case == "beside":
        lens(LESSON, "lens", run(2, 2, 6, 8), beside=run(2, 2, 6, 8, causal=False))
    elif case == "arcs":
        attention_arcs("test.arcs", run(2, 2, 6, 8), [(" Paris", 0.75), ("<b>", 0.25)], language="en")
    elif case == "bertviz":
        bertviz_head(LESSON, "head", run(tokens=HOSTILE))
        bertviz_model(LESSON, "model", run(tokens=HOSTILE))
    elif case.startswith("written-"):
        translation(LESSON, "written", getattr(translations, case.removeprefix("written-"))(), (1, 2), start=1)
    elif case == "figure":
        tokens = HOSTILE[:5]
        words = AxisWords("looks at", "looks from", "weight")
        figure(LESSON, "map", heatmap(np.eye(5, dtype=np.float32) / 3, tokens, tokens, words, "light"), heatmap)
    st.text(f"runs {st.session_state['runs']}")
    st.slider("something else", 0, 9, key="else")


st.set_page_config(layout="wide")
demo(st.query_params.get("case", "small"))

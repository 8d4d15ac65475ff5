"""A page with one tree or one sampler on it, for the tests of both. `?case=` says which."""

from types import SimpleNamespace

import streamlit as st

from pages.ui.sampler import sampler
from pages.ui.tree import tree
from tests.pages.trees import NAMES, logits_of, long_tree, small_tree, vocabulary_of

LESSON = SimpleNamespace(slug="test", language="en")
TRUTH = {"word40": 0.75, "word7": 0.25}
TREES = {"tree": small_tree, "long": long_tree}


@st.fragment
def demo(case: str) -> None:
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    if case in TREES:
        chosen = tree(
            LESSON, "tree", TREES[case](), NAMES if case == "tree" else {f"s{n}": f"way {n}" for n in range(6)}
        )
        st.text(f"chosen {chosen}")
    else:
        sampler(LESSON, "sampler", logits_of(), vocabulary_of(), TRUTH if case == "truth" else None)
    st.text(f"runs {st.session_state['runs']}")


st.set_page_config(layout="wide")
demo(st.query_params.get("case", "tree"))

"""The decoding lesson: each demo is widgets -> a pure call -> drawing. Those that break it are in pages/breaking."""

import numpy as np
import streamlit as st

from lessons import Lesson, decoding
from pages import ui
from pages.breaking import decoding_tree as shared
from pages.breaking.decoding import cache, confident, endless, five, hot
from pages.ui.live import opening


def tree(lesson: Lesson) -> None:
    if run := ui.live(lesson, "tree", decoding.SENTENCE, ("causal",)):
        chosen = shared.strategies(lesson, "tree_which", decoding.SIX)
        with st.expander(lesson.labels["settings"]):
            own = [name for strategy in chosen for name in shared.OF_STRATEGY.get(strategy, ())]
            found = shared.sliders(lesson, "tree", ("seed", "steps", "samples", *own), seed=decoding.SEED)
        shared.drawn(lesson, "tree", run, decoding.strategies.Settings(chosen, **found), worked=True)
        ui.ran(run)


def bars(lesson: Lesson) -> None:
    if run := ui.live(lesson, "bars", decoding.UNEVEN, ("causal",)):
        vocabulary = ui.vocabulary_of(run.model_id)
        truth = decoding.opened.truth_by_token(run, vocabulary, shared.reads_meadow(run.model_id))
        ui.sampler(lesson, "bars_sampler", run.logits[-1], vocabulary, truth)
        if np.isfinite(run.logits[-1]).sum() > 1:
            st.latex(decoding.formula.worked_ratio(run.logits[-1]))
        ui.ran(run)


def loops(lesson: Lesson) -> None:
    if run := ui.live(lesson, "loops", lesson.labels["loops_text"], ("causal",), opens_on=opening(None)):
        found = shared.sliders(lesson, "loops", ("penalty", "ngram", "steps"), steps=24)
        asked = decoding.strategies.Settings(("greedy", "penalty", "no_repeat"), **found)
        shared.drawn(lesson, "loops", run, asked)
        ui.ran(run)


def beams(lesson: Lesson) -> None:
    if run := ui.live(lesson, "beams", decoding.WIDE, ("causal",)):
        found = shared.sliders(lesson, "beams", ("beams", "alpha", "steps"), steps=12)
        asked = decoding.strategies.Settings(("greedy", "beam"), **found)
        if grown := shared.drawn(lesson, "beams", run, asked):
            st.latex(decoding.formula.worked_scores(grown, asked.alpha))
        ui.ran(run)


DEMOS = (tree, bars, hot, loops, beams, five, endless, confident, cache)
ui.lesson_page("decoding", {demo.__name__: demo for demo in DEMOS})

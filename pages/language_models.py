"""The language models lesson: each demo is widgets -> a pure call -> drawing. The others are in pages/breaking."""

import streamlit as st

from lessons import Lesson, language_models
from pages import ui
from pages.breaking.language_models import likelihood, own_text, own_texts, pick_source, smoothing, sparsity
from pages.breaking.language_models_hidden import states, trellis
from pages.breaking.language_models_seven import bits, looked_up, side_by_side


def counting(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.counting
    source = pick_source(lesson, "counting", "own")
    own_text(lesson, shown=source == "own")
    left, right = st.columns(2)
    with left:
        n = int(ui.slider(lesson, "counting_n", words["n"], 1, 5, 2))
    with right:
        way = ui.choice(lesson, "counting_way", words["smoothing"], ours.SMOOTHINGS, show=lambda one: words[one])
    k = ui.slider(lesson, "counting_k", words["k"], 0.05, 2.0, 1.0, 0.05) if way == "add_k" else 1.0
    examples, label = words[f"counting_{source}"].split("|"), words["beginning"]
    typed = ui.prompt(
        lesson, f"counting_{source}_start", "minilm", default=examples[0], sentences=examples, label=label
    )
    texts = () if source == "meadow" else own_texts(lesson)
    if not texts and source == "own":
        return
    asked = ("language_models.next", source, texts, n, typed, way, k)
    found = ui.computed(
        asked, "meadow-gpt", lambda model, report: ours.next_words(ours.of_source(source, texts, n), typed, way, k)
    )
    if found:
        st.text(words["history"].format(history=found.history or "—", times=f"{found.counts.sum():,.0f}"))
        if found.probs.any():
            ui.draw(lesson, "counting_next", language_models.figures.next_figure, found.vocabulary, found.probs)
        else:
            st.text(words["never"])
        st.latex(language_models.formula.worked(found, way, k))


def writing(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.counting
    seed = int(ui.slider(lesson, "writing_seed", words["seed"], 0, 20, 1))
    if texts := own_texts(lesson):
        for n in ours.LENGTHS:
            found = ours.write(ours.counted(texts, n), seed)
            st.caption(words["written"].format(n=n, words=found.words, copied=found.copied))
            st.text(found.text)


DEMOS = (counting, writing, likelihood, sparsity, smoothing, states, trellis, side_by_side, bits, looked_up)
ui.lesson_page("language_models", {demo.__name__: demo for demo in DEMOS})

"""Demos of the language models lesson about hidden states: learnt round by round, and a sentence's way through them."""

from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, language_models
from pages import ui
from pages.breaking.language_models import own_texts, pick_source

if TYPE_CHECKING:
    from lessons.language_models.hidden import Hidden


def states(lesson: Lesson) -> None:
    if model := _learnt(lesson, "states", 10):
        ui.draw(lesson, "states_rounds", language_models.figures.rounds_figure, model)
        ui.draw(lesson, "states_words", language_models.figures.states_figure, model)
        st.text(language_models.hidden.in_words(model, lesson.labels))


def trellis(lesson: Lesson) -> None:
    words = lesson.labels
    model = _learnt(lesson, "trellis", 6)
    source = st.session_state[ui.key_of(lesson, "trellis_source")]
    examples = words[f"trellis_{source}"].split("|")
    typed = ui.prompt(lesson, f"trellis_{source}_text", "minilm", default=examples[0], sentences=examples)
    way = ui.choice(lesson, "trellis_way", words["way"], ("viterbi", "forward"), show=lambda one: words[one])
    text = language_models.cutting.words(typed)[: language_models.hidden.LONGEST_TRELLIS]
    if model is None or not text:
        return
    found = language_models.hidden.trellis(model, text)
    if found.unknown:
        st.text(words["unknown_hidden"].format(words=" ".join(found.unknown)))
    ui.draw(lesson, "trellis_steps", language_models.moving.trellis_figure, found, way)
    place = ui.pick_word(lesson, "trellis_word", words["formula_word"], found.words, 1)
    st.latex(language_models.formula.forward_step(found, model.A, place, int(found.alpha[place].argmax())))
    st.text(language_models.hidden.work_in_words(found, words))


def _learnt(lesson: Lesson, name: str, default: int) -> "Hidden | None":
    """A model with so many states as the learner wants, or None after a sentence was drawn."""
    words = lesson.labels
    source = pick_source(lesson, name, "meadow")
    left, right = st.columns(2)
    with left:
        count = int(ui.slider(lesson, f"{name}_states", words["states"], 2, 12, default))
    with right:
        seed = int(ui.slider(lesson, f"{name}_seed", words["seed"], 0, 9, 0))
    texts = own_texts(lesson) if source == "own" else ()
    if source == "own" and not texts:
        st.text(ui.words()["errors.empty_text"])
        return None
    asked = ("language_models.hidden", texts, count, seed)
    ours = language_models.hidden
    return ui.computed(asked, "meadow-gpt", lambda model, report: ours.of_source(source, texts, count, seed))

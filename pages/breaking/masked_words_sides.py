"""Demos of the lesson on masked words that ask a causal and a masked model for the same gap."""

import streamlit as st

from lessons import Lesson, masked_words
from model_utils.types import Trace
from pages import ui
from pages.ui.live import of_kind

MEADOW = ("meadow-gpt", "meadow-bert")
STORYBOOK = ("storybook-gpt", "storybook-bert")


def sides(lesson: Lesson) -> None:
    """The same gap in Meadow, beside the truth of each way of asking."""
    texts = (masked_words.FROM_BEHIND, masked_words.FROM_THE_RIGHT, masked_words.CAPITAL, masked_words.SENTENCE)
    _same_gap(lesson, "sides", MEADOW, masked_words.FROM_BEHIND, texts)


def real(lesson: Lesson) -> None:
    """The same in real English."""
    _same_gap(lesson, "real", STORYBOOK, masked_words.IN_A_BOOK, None)


def _same_gap(
    lesson: Lesson, name: str, models: tuple[str, str], default: str, sentences: tuple[str, ...] | None
) -> None:
    """The causal model reads what stands to the left of the gap, the masked one the whole text."""
    left, right = st.columns(2)
    with left:
        causal = ui.model_picker(lesson, f"{name}_causal", ("causal",), lesson.labels["left"], models[0])
    with right:
        masked = ui.masked_model(lesson, name, models[1], lesson.labels["both"])
    if masked is None:
        return
    text = ui.prompt(lesson, f"{name}_text", masked.id, default=default, sentences=sentences)
    covered = ui.blanks(lesson, f"{name}_cover", text, masked.tokenizer.mask_token)
    before = covered.text.partition(masked_words.steps.MASK)[0].rstrip()
    if text and (len(covered.answers) != 1 or not before):
        st.text(lesson.labels["one_gap"])
        return
    both = ui.filled(masked, covered)
    alone = both and ui.traced(causal, before)
    if alone and of_kind(alone, ("causal",)):
        _draw(lesson, name, alone, both)


def _draw(lesson: Lesson, name: str, alone: Trace, both: ui.Gaps) -> None:
    steps, figures, words = masked_words.steps, masked_words.figures, lesson.labels
    vocabulary = ui.vocabulary_of(alone.model_id)
    if vocabulary is None:
        return
    said = (
        steps.by_word(alone.logits[-1], vocabulary),
        steps.by_word(both.run.logits[both.places[0]], both.model.vocabulary),
    )
    left_truth = steps.truth_of_next(alone.text) if ui.reads_meadow(alone.model_id) else None
    exact = ui.truths_of(both)
    found = steps.sides(*said, left_truth, exact[0] if exact else None)
    for column, side, model, truth in zip(
        st.columns(2), ("left", "both"), (found.left, found.both), (found.left_truth, found.both_truth), strict=True
    ):
        with column:
            st.caption(words[f"from_{side}"])
            ui.draw(lesson, f"{name}_{side}", figures.side_figure, found.words, model, truth)
    ui.ran(alone)
    ui.ran(both.run)

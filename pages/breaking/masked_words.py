"""Demos of the lesson on masked words that break it: the right side hidden, everything covered, all places counted."""

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, masked_words
from lessons.masked_words import recording
from lessons.next_words import distance, over_vocabulary
from lessons.numbers import readable
from model_utils.interventions import OwnMask
from model_utils.live_training import FillingEvent
from pages import ui
from pages.ui.blanks.covering import cover, in_own_words, pieces, without_masks

if TYPE_CHECKING:
    import plotly.graph_objects as go


def right_hidden(lesson: Lesson) -> None:
    """A model that learnt with both sides, and a mask that hides the right one from it."""
    from lessons.next_words import next_words

    found = ui.gaps(lesson, "right_hidden", masked_words.SENTENCE)
    if not found:
        return
    steps, words, vocabulary = masked_words.steps, lesson.labels, found.model.vocabulary
    hidden = ui.filled(found.model, found.covered, (OwnMask(steps.leftwards(len(found.run.tokens))),))
    if hidden:
        place = found.places[0]
        intact, broken = (steps.probs_at(one.run, place) for one in (found, hidden))
        rows, names = next_words(intact, vocabulary, 6, broken), (words["both"], words["right_covered"])
        ui.draw(lesson, "right_hidden_bars", masked_words.figures.gap_figure, rows, names)
        before = found.covered.text.partition(steps.MASK)[0].rstrip()
        truth = steps.truth_of_next(before) if before and ui.reads_meadow(found.model.id) else None
        if truth and all(f" {word}" in vocabulary or word in vocabulary for word in truth):
            far = readable(distance(broken, over_vocabulary(truth, vocabulary)), 2)
            st.text(words["far_from_left"].format(distance=far))
        ui.ran(hidden.run)


def everything(lesson: Lesson) -> None:
    """Cover more and more words, then let the model write them all at once, or the surest first."""
    words, work = lesson.labels, masked_words.everything
    model = ui.masked_model(lesson, "everything")
    if model is None:
        return
    text = ui.prompt(lesson, "everything_text", model.id, default=masked_words.WHOLE)
    text = without_masks(text)
    found = pieces(text)[: work.MOST_GAPS]
    if not found:
        st.text(words["no_words"])
        return
    count = int(ui.slider(lesson, "everything_count", words["how_many"], 1, max(2, len(found)), len(found)))
    seed = int(ui.number(lesson, "everything_seed", words["seed"], 0, 99, 0))
    covered = cover(text, found, work.order(len(found), seed)[:count])
    own = in_own_words(covered.text, model.tokenizer.mask_token)
    key = ("everything", own, covered.answers)
    written = ui.computed(key, model.id, lambda model, report: work.write(model, own, covered.answers, report))
    if written:
        for name, said in (("reads", own), ("at_once", written.at_once), ("surest_first", written.in_turn)):
            st.text(words[f"{name}_text"].format(text=said))
        figure = masked_words.figures.everything_figure
        ui.draw(
            lesson, "everything_bars", figure, covered.answers[: len(written.alone)], written.alone, written.chained
        )


def training(lesson: Lesson) -> None:
    """Two arms of one small encoder, trained live: the loss at the chosen places, and at all places."""
    words = lesson.labels
    source = ui.choice(lesson, "training_source", words["source"], ("meadow", "own_text"), show=words.get)
    seed = int(ui.slider(lesson, "training_seed", words["seed"], 0, 9, 0))
    text = ui.training_text(lesson, "training_text") if source == "own_text" else ""
    if text is not None:
        request = recording.request(text, seed)
        kept = recording.recorded() if request == recording.request() else ()
        ui.training(lesson, "training", request, _arms, kept)


@lru_cache(maxsize=64)  # a whole class may watch one training: each moment of it is drawn once, sent to each
def _curves(lesson: Lesson, events: tuple[FillingEvent, ...], theme: str) -> "go.Figure":
    return masked_words.curves.losses_figure(events, recording.STEPS, lesson.labels, theme)


def _arms(lesson: Lesson, events: tuple[FillingEvent, ...]) -> None:
    """The curves of both arms, what each gets right, and how each fills the gaps of one line."""
    latest, curves = {event.everywhere: event for event in events}, masked_words.curves
    alt = recording.in_words(latest, lesson.labels)
    figure = _curves(lesson, events, ui.theme())
    if events is recording.recorded():
        st.caption(lesson.labels["recorded"])
    ui.figure(lesson, "training_losses", figure, curves.losses_figure, alt=alt)
    ui.draw(lesson, "training_scores", curves.scores_figure, latest)
    st.text(lesson.labels["line"].format(text=recording.gapped(events[-1])))
    ui.draw(lesson, "training_line", curves.line_figure, latest)

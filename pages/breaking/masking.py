"""Demos of the masking lesson that take a mask away, from a trained model, from training, from padding; and [MASK]."""

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, masking
from lessons.masking.recording import recorded
from model_utils.interventions import Unmasked
from model_utils.live_training import TrainingEvent, TrainingRequest
from model_utils.types import Trace
from pages import ui

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from lessons.masking.steps import Way


def unmasked(lesson: Lesson) -> None:
    intact = ui.live(lesson, "unmasked", masking.PROMPT, ("causal",))
    broken = intact and ui.traced(intact.model_id, intact.text, (Unmasked(),))
    if broken:
        for column, run, name in zip(st.columns(2), (intact, broken), ("with_mask", "without_mask"), strict=True):
            with column:
                st.caption(lesson.labels[name])
                ui.next_words(lesson, f"unmasked_{name}", run)
        ui.lens(lesson, "unmasked_lens", intact, beside=broken)
        ui.ran(broken)


def training(lesson: Lesson) -> None:
    words = lesson.labels
    source = ui.choice(lesson, "training_source", words["source"], ("meadow", "own_text"), show=words.get)
    seed = ui.slider(lesson, "training_seed", words["seed"], 0, 9, 0)
    text = ui.training_text(lesson, "training_text") if source == "own_text" else ""
    if text is not None:
        request = TrainingRequest(text, seed)
        ui.training(lesson, "training", request, _arms, recorded() if request == TrainingRequest() else ())


@lru_cache(maxsize=64)  # a whole class may watch one training: each moment of it is drawn once, sent to each
def _curves(lesson: Lesson, events: tuple[TrainingEvent, ...], theme: str) -> "go.Figure":
    return masking.figures.loss_figure(events, TrainingRequest().steps, lesson.labels, theme)


@lru_cache(maxsize=64)
def _looks(lesson: Lesson, event: TrainingEvent, theme: str) -> "go.Figure":
    return masking.figures.peek_figure(event, lesson.labels, theme)


def _arms(lesson: Lesson, events: tuple[TrainingEvent, ...]) -> None:
    """The curves of both arms, and what each writes and looks at now."""
    latest = {event.masked: event for event in events}
    figure, drawn_by = _curves(lesson, events, ui.theme()), masking.figures.loss_figure
    ui.figure(lesson, "training_losses", figure, drawn_by, alt=masking.recording.in_words(latest, lesson.labels))
    for column, masked in zip(st.columns(2), (True, False), strict=True):
        with column:
            ui.training_sample(lesson.labels["with_mask" if masked else "without_mask"], latest.get(masked))
    for column, event in zip(st.columns(2), (latest.get(masked) for masked in (True, False)), strict=True):
        with column:
            if event:
                figure = _looks(lesson, event, ui.theme())
                ui.figure(lesson, f"training_looks_{event.masked}", figure, code=masking.figures.peek_figure)


def padding(lesson: Lesson) -> None:
    words, steps = lesson.labels, masking.steps
    alone = ui.live(lesson, "padding", masking.PROMPT, ("causal", "encoder"))
    companion = ui.prompt(lesson, "padding_long", "meadow-gpt", default=masking.COMPANION, label=words["long_text"])
    other = alone and ui.traced(alone.model_id, companion)
    if not other:
        return
    batches = {name: _batch(alone, companion, way) for name, way in steps.ways(alone).items()}
    if None not in batches.values():
        sentences = {name: steps.unpadded(alone, batch[0], name) for name, batch in batches.items()}
        distances = [steps.moved(alone, sentence) for sentence in sentences.values()]
        ui.draw(lesson, "padding_moved", masking.figures.moved_figure, [words[name] for name in sentences], distances)
        name = ui.choice(lesson, "padding_way", words["way"], tuple(sentences), "left_open", show=words.get)
        cells = steps.layout(batches[name], (len(alone.tokens), len(other.tokens)), name)
        tokens = [run.tokens for run in batches[name]]
        ui.draw(lesson, "padding_batch", masking.figures.batch_figure, tokens, *cells)
        names = (words["alone"], words["in_batch"])
        ui.next_words(lesson, "padding_next", alone, beside=sentences[name], names=names)
        ui.ran(batches[name][0])


def _batch(alone: Trace, companion: str, way: "Way") -> tuple[Trace, ...] | None:
    texts = (alone.text, companion)
    return ui.traced_batch(alone.model_id, texts, way.side, way.told, positions=way.positions)


def blank(lesson: Lesson) -> None:
    """[MASK] is no mask on attention: the gap sees both sides."""
    if found := ui.gaps(lesson, "blank", masking.BLANK):
        ui.gap_bars(lesson, "blank", found)
        ui.lens(lesson, "blank_lens", found.run)
        ui.ran(found.run)

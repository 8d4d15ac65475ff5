"""Demos of the decoding lesson that turn something up too far, leave something out, or ask for too much."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, decoding
from model_utils.queueing import Report
from model_utils.types import Model
from pages import ui
from pages.breaking import decoding_tree as shared

if TYPE_CHECKING:
    from lessons.decoding.caching import Caching
    from lessons.decoding.sequences import Answers


def hot(lesson: Lesson) -> None:
    if run := ui.live(lesson, "hot", kinds=("causal",)):
        temperature = ui.choice(lesson, "hot_temperature", lesson.labels["set_temperature"], decoding.HEATS, "0.7")
        found = shared.sliders(lesson, "hot", ("samples", "steps", "seed"), samples=4, steps=16)
        asked = decoding.strategies.Settings(("temperature",), temperature=float(temperature), **found)
        shared.drawn(lesson, "hot", run, asked)
        ui.ran(run)


def endless(lesson: Lesson) -> None:
    if run := ui.live(lesson, "endless", decoding.SENTENCE, ("causal",)):
        may_end = not ui.switch(lesson, "endless_off", lesson.labels["no_end"], True)
        found = shared.sliders(lesson, "endless", ("steps", "seed"), steps=16)
        asked = decoding.strategies.Settings(("greedy", "sample"), may_end=may_end, **found)
        shared.drawn(lesson, "endless", run, asked)
        ui.ran(run)


def five(lesson: Lesson) -> None:
    run = ui.live(lesson, "five", decoding.SENTENCE, ("causal",))

    def work(model: Model, report: Report) -> "Answers | tuple[()]":
        return decoding.sequences.ask(model, run.text, decoding.FIVE_STEPS, report) or ()

    found = run and ui.computed(("decoding five", run.text), run.model_id, work)
    if found == ():
        st.text(lesson.labels["no_room"])
    if not found:
        return
    words = lesson.labels
    _asked(words["call_greedy"], words["answers_greedy"], (found.refusal,))
    _asked(words["call_five_times"], words["answers_five_times"], found.greedy)
    scored = [f"{score:.4f}  {text}" for text, score in found.beams]
    _asked(words["call_beams"], words["answers_beams"], scored)
    apart = max(abs(one - other) for (_, one), (_, other) in zip(found.beams, found.ours, strict=False))
    same = [text for text, _ in found.beams] == [text for text, _ in found.ours]
    st.text(words["ours_same" if same else "ours_apart"].format(difference=f"{apart:.1g}"))
    ui.ran(run)


def _asked(call: str, said: str, answers: Sequence[str]) -> None:
    """A call, what it does in a sentence, and what came back, as plain text."""
    st.code(call, language="python")
    st.text(said)
    st.code("\n".join(answer.strip() for answer in answers), language=None, wrap_lines=True)


def confident(lesson: Lesson) -> None:
    if run := ui.live(lesson, "confident", decoding.WRONG, ("causal",)):
        ui.next_words(lesson, "confident_next", run)
        ui.ran(run)


def cache(lesson: Lesson) -> None:
    run = ui.live(lesson, "cache", kinds=("causal",))
    steps = int(shared.sliders(lesson, "cache", ("steps",), steps=24)["steps"])

    def work(model: Model, report: Report) -> "Caching | tuple[()]":
        return decoding.caching.measured(model, run.text, steps, report) or ()

    found = run and ui.computed(("decoding cache", run.text, steps), run.model_id, work)
    if found == ():
        st.text(lesson.labels["no_room"])
    if not found:
        return
    ui.draw(lesson, "cache_cost", decoding.figures.cost_figure, found)
    st.text(decoding.caching.in_words(found, lesson.labels))
    st.code(found.text, language=None, wrap_lines=True)
    if found.by_hand:
        counts = tuple(int(each[-1]) for each in found.by_hand)
        st.latex(decoding.formula.worked_cost(found.shape, found.prompt, steps_written(found), counts))
    ui.ran(run)


def steps_written(found: "Caching") -> int:
    return len(found.cached.ids)

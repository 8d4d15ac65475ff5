"""The masking lesson: each demo is widgets -> a pure call -> drawing. Those that break it are in pages/breaking."""

import streamlit as st

from lessons import Lesson, masking
from model_utils.interventions import OwnMask, Unmasked
from pages import ui
from pages.breaking.masking import blank, padding, training, unmasked

SENTENCE, SHOWN = masking.SENTENCE, masking.SHOWN


def stages(lesson: Lesson) -> None:
    if run := ui.live(lesson, "stages", SENTENCE, ("causal", "encoder")):
        found = masking.steps.stages(run, *ui.pick_head(lesson, "stages", run, SHOWN))
        for name, scores, weights in masking.steps.before_and_after(found):
            left, right = st.columns(2)
            with left:
                st.caption(lesson.labels[f"scores_{name}"])
                ui.draw(lesson, f"stages_{name}", masking.figures.scores_figure, run.tokens, scores, found.reach)
            with right:
                st.caption(lesson.labels[f"weights_{name}"])
                ui.draw(lesson, f"stages_weights_{name}", masking.figures.weights_figure, run.tokens, weights)
        ui.ran(run)


def row(lesson: Lesson) -> None:
    if run := ui.live(lesson, "row", kinds=("causal",)):
        found = masking.steps.stages(run, *ui.pick_head(lesson, "row", run, SHOWN))
        place = ui.pick_word(lesson, "row_from", lesson.labels["from_word"], run.tokens, len(run.tokens) // 2)
        one = masking.steps.row_of(found, place)
        ui.draw(lesson, "row_weights", masking.figures.row_figure, run.tokens, one)
        st.latex(masking.formula.worked(one, place, int(one.weights.argmax())))
        ui.ran(run)


def in_step(lesson: Lesson) -> None:
    switches = () if ui.switch(lesson, "in_step_mask", lesson.labels["mask_on"], True) else (Unmasked(),)
    plain = ui.live(lesson, "in_step", kinds=("causal",))
    if run := plain and ui.traced(plain.model_id, plain.text, switches):
        beginnings = masking.steps.prefixes(run)
        alone = {place: ui.traced(run.model_id, text, switches) for place, text in beginnings.items()}
        if None not in alone.values():
            pairs = masking.steps.in_step(run, alone)
            ui.draw(lesson, "in_step_pairs", masking.figures.in_step_figure, pairs)
            st.text(lesson.labels["largest_difference"].format(difference=f"{pairs.largest_difference:.1g}"))
            ui.ran(run)


def paint(lesson: Lesson) -> None:
    if run := ui.live(lesson, "paint", masking.PROMPT, ("causal",)):
        visible = ui.mask_painter(lesson, "paint_mask", run.tokens, masking.steps.hide(2, len(run.tokens)))
        if painted := visible and ui.traced(run.model_id, run.text, (OwnMask(visible),)):
            names = (lesson.labels["causal"], lesson.labels["with_yours"])
            ui.next_words(lesson, "paint_next", run, beside=painted, names=names)
            ui.ran(painted)


DEMOS = (stages, row, in_step, unmasked, training, paint, padding, blank)
ui.lesson_page("masking", {demo.__name__: demo for demo in DEMOS})

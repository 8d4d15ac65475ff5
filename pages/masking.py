"""The masking lesson: each demo is widgets -> a pure call -> drawing."""

from collections.abc import Sequence

import streamlit as st

from lessons import Lesson
from lessons.masking.recording import recorded
from model_utils.interventions import OwnMask, Unmasked
from model_utils.live_training import TrainingEvent, TrainingRequest
from pages import ui

SENTENCE, PROMPT = "The dogs near the tree are hungry", "The dogs near the tree"
COMPANION = "The dogs near the tree are hungry. They are sleeping. The capital of France is"


def stages(lesson: Lesson) -> None:
    from lessons.masking import figures, steps

    if (run := ui.live(lesson, "stages", SENTENCE, ("causal", "encoder"))) is not None:
        found = steps.stages(run, *ui.pick_head(lesson, "stages", run))
        left, right = st.columns(2)
        for name, scores, weights in steps.before_and_after(found):
            title = lesson.labels[name]
            with left:
                ui.draw(lesson, f"stages_{name}_scores", figures.scores_figure, run.tokens, scores, title, found.reach)
            with right:
                ui.draw(lesson, f"stages_{name}_weights", figures.weights_figure, run.tokens, weights, title)
        ui.ran(run)


def row(lesson: Lesson) -> None:
    from lessons.masking import figures, formula, steps

    if (run := ui.live(lesson, "row", SENTENCE, ("causal",))) is not None:
        found = steps.stages(run, *ui.pick_head(lesson, "row", run))
        place = ui.pick_word(lesson, "row_from", lesson.labels["from_word"], run.tokens, len(run.tokens) // 2)
        one = steps.row_of(found, place)
        ui.draw(lesson, "row_weights", figures.row_figure, run.tokens, one)
        st.latex(formula.worked(one, place, int(one.weights.argmax())))
        ui.ran(run)


def in_step(lesson: Lesson) -> None:
    from lessons.masking import figures, steps

    switches = () if ui.switch(lesson, "in_step_mask", lesson.labels["mask_on"], True) else (Unmasked(),)
    plain = ui.live(lesson, "in_step", SENTENCE, ("causal",))
    run = ui.traced(plain.model_id, plain.text, switches) if plain is not None else None
    if run is None:
        return
    alone = {place: ui.traced(run.model_id, text, switches) for place, text in steps.prefixes(run).items()}
    if None not in alone.values():
        pairs = steps.in_step(run, alone)
        ui.draw(lesson, "in_step_pairs", figures.in_step_figure, pairs)
        st.text(lesson.labels["largest_difference"].format(difference=f"{pairs.largest_difference:.1g}"))
        ui.ran(run)


def unmasked(lesson: Lesson) -> None:
    intact = ui.live(lesson, "unmasked", PROMPT, ("causal",))
    broken = ui.traced(intact.model_id, intact.text, (Unmasked(),)) if intact is not None else None
    if broken is not None:
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


def _arms(lesson: Lesson, events: Sequence[TrainingEvent]) -> None:
    from lessons.masking import figures

    ui.draw(lesson, "training_losses", figures.loss_figure, events)
    for column, masked in zip(st.columns(2), (True, False), strict=True):
        latest = [event for event in events if event.masked == masked][-1:]
        for event in latest:
            with column:
                st.caption(lesson.labels["with_mask" if masked else "without_mask"])
                ui.training_sample(event)
                ui.draw(lesson, f"training_peek_{masked}", figures.peek_figure, event)


def paint(lesson: Lesson) -> None:
    from lessons.masking import steps

    if (run := ui.live(lesson, "paint", PROMPT, ("causal",))) is None:
        return
    if (T := len(run.tokens)) > ui.MOST_PAINTED:
        st.text(lesson.labels["too_long"].format(most=ui.MOST_PAINTED))
        return
    visible = ui.mask_painter(lesson, "paint_mask", run.tokens, steps.hide(min(2, T - 1), T))
    if (painted := ui.traced(run.model_id, run.text, (OwnMask(visible),))) is not None:
        ui.next_words(lesson, "paint_next", run, beside=painted)
        ui.ran(painted)


def padding(lesson: Lesson) -> None:
    from lessons.masking import figures, steps

    words = lesson.labels
    alone = ui.live(lesson, "padding", PROMPT, ("causal", "encoder"))
    companion = ui.prompt(lesson, "padding_long", "meadow-gpt", default=COMPANION, label=words["long_text"])
    if alone is None:
        return
    batches = {
        name: ui.traced_batch(alone.model_id, (alone.text, companion), way.side, way.told, positions=way.positions)
        for name, way in steps.ways(alone).items()
    }
    if None not in batches.values():
        sentences = {name: steps.unpadded(alone, batch[0], name) for name, batch in batches.items()}
        distances = [steps.moved(alone, sentence) for sentence in sentences.values()]
        ui.draw(lesson, "padding_moved", figures.moved_figure, [words[name] for name in sentences], distances)
        name = ui.choice(lesson, "padding_way", words["way"], tuple(sentences), "left_open", show=words.get)
        ui.next_words(lesson, "padding_next", alone, beside=sentences[name])
        ui.ran(batches[name][0])


DEMOS = (stages, row, in_step, unmasked, training, paint, padding)
ui.lesson_page("masking", {demo.__name__: demo for demo in DEMOS})

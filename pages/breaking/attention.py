"""Demos of the attention lesson that change one thing: a word, a piece taken out, or what a piece is for."""

import streamlit as st

from lessons import Lesson, attention
from model_utils.interventions import HeadOff, Unscaled
from pages import ui

SENTENCE, SHOWN = attention.SENTENCE, attention.SHOWN


def compared(lesson: Lesson) -> None:
    if runs := ui.compare(lesson, "compared", attention.ONE_CHANGE):
        layer, head = ui.pick_head(lesson, "compared", runs[0], SHOWN)
        maps = [attention.steps.map_of(run, layer, head) for run in runs]
        shown = [(run.tokens, weights) for run, weights in zip(runs, maps, strict=True)]
        ui.draw_both(lesson, "compared_map", attention.figures.map_figure, runs, shown)
        ui.draw_difference(lesson, "compared_difference", runs, *maps)
        ui.ran(runs[1])


def saturation(lesson: Lesson) -> None:
    width = ui.slider(lesson, "saturation_width", lesson.labels["width"], 1, 512, 64)
    ui.draw(
        lesson, "saturation_weights", attention.figures.random_weights_figure, *attention.steps.random_weights(width)
    )
    ui.draw(lesson, "saturation_curves", attention.figures.saturation_figure, attention.steps.saturation())


def unscaled(lesson: Lesson) -> None:
    intact = ui.live(lesson, "unscaled", attention.BREAKS)
    broken = intact and ui.traced(intact.model_id, intact.text, (Unscaled(),))
    if broken:
        ui.lens(lesson, "unscaled_lens", intact, beside=broken)
        bits = (attention.steps.layer_entropies(intact), attention.steps.layer_entropies(broken))
        ui.draw(lesson, "unscaled_entropy", attention.figures.layer_entropy_figure, *bits)
        ui.next_words(lesson, "unscaled_next", intact, beside=broken)
        ui.ran(broken)


def two_ways(lesson: Lesson) -> None:
    run = ui.live(lesson, "two_ways", SENTENCE)
    if model := run and ui.model_of(run.model_id):
        layer, head, place = ui.pick_query(lesson, "two_ways", lesson.labels["from_word"], run, SHOWN)
        if made := attention.tables.projected(model, run, layer, head):
            ui.draw(lesson, "two_ways_strips", attention.figures.strips_figure, made, place)
        st.caption(attention.tables.in_words(made, lesson.labels))
        scores = run.attentions[layer].attn_scores[head]
        key = ui.pick_word(lesson, "two_ways_at", lesson.labels["at_word"], run.tokens, 2)
        st.latex(attention.formula.both_directions(scores, place, key))
        difference = attention.steps.score_asymmetry(scores)
        ui.draw(lesson, "two_ways_difference", attention.figures.asymmetry_figure, run.tokens, difference)
        ui.ran(run)


def heads_off(lesson: Lesson) -> None:
    words, heads = lesson.labels, attention.NUMBER_HEADS
    how_many = ui.choice(
        lesson, "heads_off_which", words["off_which"], ["one", "four"], show=lambda n: words[f"off_{n}"]
    )
    intact = ui.traced("meadow-gpt", SENTENCE)
    off = heads if how_many == "four" else heads[:1]
    broken = intact and ui.traced("meadow-gpt", SENTENCE, [HeadOff(layer, head) for layer, head in off])
    if broken:
        ui.next_words(lesson, "heads_off_next", intact, beside=broken)
        ui.ran(broken)

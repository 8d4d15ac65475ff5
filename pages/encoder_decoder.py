"""The encoder-decoder lesson: each demo is widgets -> a pure call -> drawing. Those that break it: pages/breaking."""

import streamlit as st

from lessons import Lesson, attention, encoder_decoder
from pages import ui
from pages.breaking.encoder_decoder import TRANSLATORS, blind, changed, forced, smaller, translation_of
from pages.breaking.encoder_decoder_jobs import jobs
from pages.ui.live import of_kind

BOTH, SENTENCE, EXAMPLES = encoder_decoder.BOTH, encoder_decoder.SENTENCE, encoder_decoder.EXAMPLES


def looks(lesson: Lesson) -> None:
    text = ui.prompt(lesson, "looks_text", BOTH, default=SENTENCE, sentences=EXAMPLES)
    for column, (name, kinds, opens_on) in zip(st.columns(3), encoder_decoder.MACHINES, strict=True):
        with column:
            model_id = ui.model_picker(lesson, f"looks_{name}", kinds, lesson.labels[name], opens_on)
            run = ui.traced(model_id, text)
            whole = of_kind(run, kinds) and (translation_of(run)[0] if name == "both" else run)
            if whole:
                found = encoder_decoder.steps.looks(whole)
                if len(found.tokens) > encoder_decoder.MOST_SHOWN:
                    st.text(lesson.labels["too_long"].format(most=encoder_decoder.MOST_SHOWN))
                    continue
                ui.draw(lesson, f"looks_{name}_map", encoder_decoder.figures.looks_figure, found)


def word_by_word(lesson: Lesson) -> None:
    run, found = translation_of(ui.live(lesson, "word_by_word", SENTENCE, TRANSLATORS, BOTH))
    if found:
        best = encoder_decoder.steps.best_head(found)
        ui.translation(lesson, "word_by_word_steps", found, best)
        ui.lens(lesson, "word_by_word_lens", encoder_decoder.steps.only_cross(run), shown=best)
        ui.ran(run)


def alignment(lesson: Lesson) -> None:
    run, found = translation_of(ui.live(lesson, "alignment", SENTENCE, TRANSLATORS, BOTH))
    if found:
        steps, crossed = encoder_decoder.steps, encoder_decoder.steps.only_cross(run)
        layer, head = ui.pick_head(lesson, "alignment", crossed, steps.best_head(found))
        shown = (steps.attended(run, layer, head, len(found.ids)), found.links, found.source, found.tokens)
        ui.draw(lesson, "alignment_map", encoder_decoder.figures.alignment_figure, *shown)
        errors = steps.errors(found)
        if errors is None:
            st.text(lesson.labels["no_gold"])
        else:
            ui.draw(lesson, "alignment_errors", encoder_decoder.figures.errors_figure, errors)
        place = ui.pick_word(lesson, "alignment_at", lesson.labels["written_word"], found.tokens, 0)
        one = attention.steps.steps(crossed, layer, head, place)
        st.latex(attention.formula.worked(one, one.strongest))
        ui.ran(run)


DEMOS = (looks, jobs, word_by_word, alignment, changed, forced, blind, smaller)
ui.lesson_page("encoder_decoder", {demo.__name__: demo for demo in DEMOS})

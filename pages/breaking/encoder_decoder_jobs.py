"""One sentence, three models: the encoder fills in, the decoder goes on, the encoder-decoder translates."""

from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, encoder_decoder
from pages import ui
from pages.breaking.encoder_decoder import continued, spelt, translation_of
from pages.ui.live import of_kind

if TYPE_CHECKING:
    from lessons.encoder_decoder.jobs import Hidden
    from lessons.next_words import NextWords
    from model_utils.types import Model, Trace


def jobs(lesson: Lesson) -> None:
    text = ui.prompt(
        lesson, "jobs_text", encoder_decoder.BOTH, default=encoder_decoder.SENTENCE, sentences=encoder_decoder.EXAMPLES
    )
    if words := encoder_decoder.jobs.words_of(text):
        place = ui.pick_word(lesson, "jobs_at", lesson.labels["hide"], words, encoder_decoder.HIDDEN)
        hidden = encoder_decoder.jobs.hide(text, place)
        for column, draw in zip(st.columns(3), (fills_in, goes_on, translates), strict=True):
            with column:
                draw(lesson, hidden)
    else:
        st.text(lesson.labels["no_words"])


def fills_in(lesson: Lesson, hidden: "Hidden") -> None:
    """Both sides of the word are there, the word is not."""
    model = _picked(lesson, "encoder")
    if model and model.tokenizer.mask_token is None:
        st.text(lesson.labels["no_blank"])
        return
    text = model and hidden.filled(model.tokenizer.mask_token)
    run = model and ui.traced(model.id, text)
    if of_kind(run, ("masked",)) and (rows := encoder_decoder.jobs.at_blank(run, model)):
        st.text(text)
        _bars(lesson, "jobs_encoder_bars", rows)
        _chance(lesson, run, model, hidden.word)


def goes_on(lesson: Lesson, hidden: "Hidden") -> None:
    """Only what stands left of the word is there."""
    model = _picked(lesson, "decoder")
    text = hidden.left.rstrip()
    run = model and ui.traced(model.id, text)
    if of_kind(run, ("causal",)):
        st.text(f"{text} …")
        _bars(lesson, "jobs_decoder_bars", encoder_decoder.jobs.at_end(run, model.vocabulary))
        _chance(lesson, run, model, hidden.word)
        if line := continued(run):
            spelt(lesson, "jobs_decoder_line", line)


def translates(lesson: Lesson, hidden: "Hidden") -> None:
    """The whole sentence is there, and another one is written."""
    model = _picked(lesson, "both")
    text = hidden.filled(hidden.word)
    run = model and ui.traced(model.id, text)
    if of_kind(run, ("seq2seq",)):
        st.text(text)
        _bars(lesson, "jobs_both_bars", encoder_decoder.jobs.at_end(run, model.vocabulary))
        _, found = translation_of(run)
        if found:
            st.caption(lesson.labels["writes"])
            ui.chips(lesson, "jobs_both_line", found.tokens, ids=found.ids)


def _picked(lesson: Lesson, name: str) -> "Model | None":
    kinds, opens_on = next((kinds, opens_on) for each, kinds, opens_on in encoder_decoder.MACHINES if each == name)
    st.caption(lesson.labels[f"job_{name}"])
    return ui.model_of(ui.model_picker(lesson, f"jobs_{name}", kinds, lesson.labels[name], opens_on))


def _bars(lesson: Lesson, name: str, rows: "NextWords") -> None:
    ui.draw(lesson, name, encoder_decoder.figures.guesses_figure, rows.tokens, rows.first)


def _chance(lesson: Lesson, run: "Trace", model: "Model", word: str) -> None:
    """The probability of the word that really stood there."""
    found = encoder_decoder.jobs.chance(run, model, word)
    if found is not None:
        st.text(lesson.labels["really"].format(word=word, probability=f"{found:.2g}"))

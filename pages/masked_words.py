"""The lesson on masked words: each demo is widgets -> a pure call -> drawing. More of them are in pages/breaking."""

import streamlit as st

from lessons import Lesson, masked_words
from pages import ui
from pages.breaking.masked_words import everything, right_hidden, training
from pages.breaking.masked_words_sides import real, sides
from pages.breaking.masked_words_texts import follows, two_gaps

MOST_SEEDS = 999
MOST_READ = 160  # characters: each token is a row


def fill_in(lesson: Lesson) -> None:
    sentences = (masked_words.SENTENCE, masked_words.CAPITAL, masked_words.FROM_THE_RIGHT, masked_words.WHALE)
    if found := ui.gaps(lesson, "fill_in", masked_words.SENTENCE, sentences=sentences):
        ui.gap_bars(lesson, "fill_in", found)
        ui.ran(found.run)


def looks(lesson: Lesson) -> None:
    if found := ui.gaps(lesson, "looks", masked_words.SENTENCE):
        shares = masked_words.steps.looks(found.run, found.places[0])
        ui.draw(lesson, "looks_shares", masked_words.figures.looks_figure, shares)
        ui.lens(lesson, "looks_lens", found.run, shown=masked_words.steps.telling_head(found.run, found.places[0]))
        ui.ran(found.run)


def recipe(lesson: Lesson) -> None:
    words, work = lesson.labels, masked_words.recipe
    left, right = st.columns([1, 2])
    with left:
        model = ui.masked_model(lesson, "recipe")
    if model is None:
        return
    with right:
        text = ui.prompt(lesson, "recipe_text", model.id, default=masked_words.STORY, limit=MOST_READ)
    seed = int(ui.number(lesson, "recipe_seed", words["seed"], 0, MOST_SEEDS, masked_words.SEED))
    share = ui.slider(lesson, "recipe_share", words["share"], 5, 100, 15, 5, format="%d%%") / 100
    key = ("recipe", text, share, seed)
    if taught := ui.computed(key, model.id, lambda model, report: work.taught(model, text, share, seed)):
        ui.draw(lesson, "recipe_table", masked_words.figures.recipe_figure, taught)
        st.latex(masked_words.formula.loss(taught))
        st.text(words["loss_everywhere"].format(loss=f"{taught.loss_everywhere:.3g}"))


DEMOS = (fill_in, sides, real, looks, right_hidden, two_gaps, everything, recipe, training, follows)
ui.lesson_page("masked_words", {demo.__name__: demo for demo in DEMOS})

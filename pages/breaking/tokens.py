"""Demos of the tokens lesson that set tokenisers side by side, and the one that deals out new ids."""

from dataclasses import replace

import streamlit as st

from lessons import Lesson, tokens
from pages import ui

LONGEST = 2000  # characters of a text to learn from
IN_LINK = 400  # characters of it that a link carries


def own_text(lesson: Lesson) -> str:
    """The text that merges are learnt from: the lesson's own until a learner puts theirs there."""
    words = lesson.labels
    key, default = ui.key_of(lesson, "merges_text"), words["merges_default"]
    ui.seed(key, default, lambda asked: asked[:LONGEST])
    typed = st.text_area(words["own_text"], key=key, height=130, max_chars=LONGEST, persist_state="session")
    text = ui.clean(typed[:LONGEST])
    ui.keep(key, text if len(text) <= IN_LINK else default, default, shown=default[:IN_LINK])
    if not text:
        st.text(ui.words()["errors.empty_text"])
    return text


def learner_text(lesson: Lesson) -> str:
    """The same text, for the demos that use what was learnt from it."""
    typed = st.session_state.get(ui.key_of(lesson, "merges_text"), "")
    return ui.clean(typed[:LONGEST]) or lesson.labels["merges_default"]


def side_by_side(lesson: Lesson) -> None:
    from model_utils import catalogue

    words, sentences = lesson.labels, lesson.labels["side_by_side_examples"].split("|")
    text = ui.prompt(lesson, "side_by_side_text", "minilm", default=sentences[0], sentences=sentences)
    for name, start in (("first", "minilm"), ("second", catalogue.opening(lesson.language).id)):
        model_id = ui.model_picker(lesson, f"side_by_side_{name}", label=words[name], default=start)
        _with_counts(lesson, f"side_by_side_{name}_strip", ui.tokeniser_of(model_id), text)
    base = st.session_state.get(ui.key_of(lesson, "merges_base"), tokens.BASES[0])
    st.caption(words["just_trained"])
    _with_counts(lesson, "side_by_side_own", tokens.training.learnt("bpe", learner_text(lesson), 60, base), text)


def _with_counts(lesson: Lesson, name: str, tokeniser: object, text: str) -> None:
    """A strip, and under it how many tokens the text costs."""
    if found := ui.token_strip(lesson, name, tokeniser, text):
        facts = {"tokens": tokens.steps.cost(found), "characters": len(tokens.maths.graphemes(found.text))}
        lost = tokens.steps.lost(tokeniser, found)
        said = lesson.labels["counted"].format(size=len(tokeniser.vocabulary), **facts)
        st.text(said + (lesson.labels["lost"].format(unknown=lost) if lost else ""))


def languages(lesson: Lesson) -> None:
    from model_utils import catalogue

    words, sentences = lesson.labels, tokens.steps.sentences()
    picked = ui.model_picker(lesson, "languages_model", default="minilm")
    asked = dict.fromkeys([*(card.id for card in catalogue.embedded()), picked])
    opened = {model_id: found for model_id in asked if (found := ui.tokeniser_of(model_id))}
    names = [words[f"language_{one.language}"] for one in sentences]
    if opened:
        counted = tokens.steps.costs(tuple(opened.values()), tuple(one.text for one in sentences))
        ui.draw(lesson, "languages_costs", tokens.figures.costs_figure, names, [*opened], *counted)
    if picked in opened:
        place = ui.pick_word(lesson, "languages_which", words["language"], names, 7 if lesson.language == "zh" else 0)
        _with_counts(lesson, "languages_strip", opened[picked], sentences[place].text)


def permuted(lesson: Lesson) -> None:
    words = lesson.labels
    rows = ui.choice(lesson, "permuted_rows", words["rows"], ("along", "stay"), show=lambda way: words[f"rows_{way}"])
    run = ui.live(lesson, "permuted", tokens.FACT, ("causal",))
    if model := run and ui.model_of(run.model_id):
        found = tokens.permuting.permuted(model, run, rows_too=rows == "along")
        if found is None:
            st.text(words["too_large"])
            return
        st.caption(words["old_ids"])
        ui.chips(lesson, "permuted_old", run.tokens, ids=run.token_ids, text=run.text, spans=run.spans, show_ids=True)
        st.caption(words[f"new_ids_{rows}"])
        ui.chips(lesson, "permuted_new", found.rows_read, ids=found.new_ids, show_ids=True)
        again = replace(run, logits=found.logits)
        ui.next_words(lesson, "permuted_next", run, beside=again, names=(words["as_trained"], words["renumbered"]))
        difference = tokens.permuting.largest_difference(run, found)
        st.text(words["largest_difference"].format(difference=f"{difference:.2g}", words=run.logits.shape[1]))
        ui.ran(run)

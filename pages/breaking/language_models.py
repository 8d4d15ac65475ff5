"""Demos of the language models lesson that move a probability, count what was never seen, and leave smoothing out."""

import streamlit as st

from lessons import Lesson, language_models
from pages import ui

IN_LINK = 400  # characters of a learner's text that a link carries


def own_text(lesson: Lesson, shown: bool = True) -> None:
    """The box for the text that is counted: the lesson's own until a learner puts theirs there."""
    if not shown:
        return
    words, longest = lesson.labels, language_models.LONGEST
    key, default = ui.key_of(lesson, "counting_text"), words["own_default"]
    ui.seed(key, default, lambda asked: asked[:longest])
    typed = st.text_area(words["own_text"], key=key, height=150, max_chars=longest, persist_state="session")
    text = ui.clean(typed[:longest])
    ui.keep(key, text if len(text) <= IN_LINK else default, default, shown=default[:IN_LINK])
    if not text:
        st.text(ui.words()["errors.empty_text"])


def own_texts(lesson: Lesson) -> "tuple[language_models.cutting.Words, ...]":
    """The sentences of the same text, as words, for every demo that counts it. () when it is empty."""
    typed = st.session_state.get(ui.key_of(lesson, "counting_text"), lesson.labels["own_default"])
    return language_models.cutting.sentences(ui.clean(typed[: language_models.LONGEST]))


def pick_source(lesson: Lesson, name: str, default: str) -> str:
    """The learner's own text, or the sample of Meadow."""
    words = lesson.labels
    return ui.choice(
        lesson, f"{name}_source", words["source"], ("own", "meadow"), default, show=lambda one: words[f"source_{one}"]
    )


def likelihood(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.likelihood
    texts = own_texts(lesson)
    histories = ours.histories(texts)
    if not histories:
        st.text(words["too_short"])
        return
    left, right = st.columns(2)
    counts = language_models.counting.counted(texts, 2)
    with left:
        history = histories[ui.pick_word(lesson, "likelihood_history", words["history_word"], histories, 0)]
    after = ours.likelihood(counts, history).words[: ours.MOST_SHOWN]
    with right:
        word = after[ui.pick_word(lesson, "likelihood_word", words["moved_word"], after, 0)]
    found = ours.likelihood(counts, history, word)
    ui.draw(lesson, "likelihood_curve", language_models.moving.likelihood_figure, found)
    st.latex(language_models.formula.likelihood(found))


def sparsity(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.counting
    train, held = ours.split(own_texts(lesson))
    own = ours.unseen(train, held) if held else None
    shares = ui.computed("language_models.unseen", "meadow-gpt", lambda model, report: ours.meadow_unseen())
    if own is None:
        st.text(words["nothing_held_out"])
    if shares is not None:
        ui.draw(lesson, "sparsity_unseen", language_models.figures.unseen_figure, ours.SAMPLE_SIZES, shares, own)
        n = int(ui.slider(lesson, "sparsity_n", "n", 1, 5, 3))
        counts = ours.of_meadow(1)
        read = sum(map(len, counts.texts))
        st.latex(language_models.formula.possible(len(counts.vocabulary), n))
        st.text(words["read"].format(read=f"{read:,}", documents=f"{len(counts.texts):,}"))


def smoothing(lesson: Lesson) -> None:
    words, ours = lesson.labels, language_models.surprise
    source = pick_source(lesson, "smoothing", "own")
    left, right = st.columns(2)
    with left:
        n = int(ui.slider(lesson, "smoothing_n", words["n"], 1, 5, 2))
    with right:
        k = ui.slider(lesson, "smoothing_k", words["k"], 0.05, 2.0, 1.0, 0.05)
    examples = words[f"smoothing_{source}"].split("|")
    typed = ui.prompt(lesson, f"smoothing_{source}_text", "minilm", default=examples[0], sentences=examples)
    texts = own_texts(lesson)
    if not typed or not (texts or source == "meadow"):
        st.text(ui.words()["errors.empty_text"])
        return
    asked = ("language_models.surprises", source, texts if source == "own" else (), n, k, typed)
    found = ui.computed(asked, "meadow-gpt", lambda model, report: ours.of_source(source, texts, n, typed, k))
    if found is not None:
        if found.unknown:
            st.text(words["unknown"].format(words=" ".join(found.unknown)))
        ui.draw(lesson, "smoothing_bits", language_models.figures.surprises_figure, found)
        st.text(language_models.surprise.in_words(found, words))
        st.latex(language_models.formula.perplexity(found.bits[-1]))

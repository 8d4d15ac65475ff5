"""Demos of the embeddings lesson that test a belief: what is near, what adds up, what turns."""

from collections.abc import Sequence

import streamlit as st

from lessons import Lesson, embeddings
from model_utils.types import Model
from pages import ui

KINDS = embeddings.KINDS
LONGEST, MOST_LINES = 1_200, 6  # characters of a text of several lines; sentences in a matrix


def neighbours(lesson: Lesson) -> None:
    words, steps = lesson.labels, embeddings.steps
    if not (model := opened(lesson, "neighbours")):
        return
    place = one_word(lesson, "neighbours_word", model)
    if place is None:
        return
    for column, by in zip(st.columns(2), ("cosine", "product"), strict=True):
        with column:
            st.caption(words[f"by_{by}"])
            found = steps.neighbours(model, place, by)
            ui.draw(lesson, f"neighbours_{by}", embeddings.figures.nearest_figure, found, by)
    rows = embeddings.table.rows_of(model)
    nearest = steps.neighbours(model, place)
    other = embeddings.table.place_of(nearest.words[0], model.vocabulary)
    st.text(words["with_nearest"].format(word=model.vocabulary[place].strip(), other=nearest.words[0].strip()))
    st.latex(embeddings.formula.worked_cosine(rows[place].numpy(), rows[other].numpy(), nearest.scores[0]))


def centred(lesson: Lesson) -> None:
    run = ui.live(lesson, "centred", embeddings.UNRELATED, KINDS, opens_on="minilm")
    if model := run and ui.model_of(run.model_id):
        ui.draw(lesson, "centred_layers", embeddings.figures.layers_figure, *embeddings.steps.mean_cosines(run))
        pairs = ui.prompt(
            lesson, "centred_pairs", "minilm", default=embeddings.PAIRS, sentences=(embeddings.PAIRS,),
            label=lesson.labels["pairs"],
        )  # fmt: skip
        names, raw, without = embeddings.steps.pairs_of(model, pairs)
        if names:
            ui.draw(lesson, "centred_pairs_bars", embeddings.figures.pairs_figure, names, raw, without)
        else:
            st.text(lesson.labels["no_pairs"])
        ui.ran(run)


def analogy(lesson: Lesson) -> None:
    words = lesson.labels
    if not (model := opened(lesson, "analogy", "minilm")):
        return
    sums = embeddings.ANALOGIES
    typed = ui.prompt(lesson, "analogy_sum", model.id, default=sums[0], sentences=sums, label=words["sum"], limit=80)
    left_out = ui.switch(lesson, "analogy_left_out", words["leave_out"])
    asked = embeddings.steps.terms(typed)
    ids = asked and tuple(embeddings.table.place_of(word, model.vocabulary) for word in asked)
    if ids is None:
        st.text(words["no_sum"])
    elif None in ids:
        _tell_pieces(lesson, model, asked[ids.index(None)])
    else:
        found = embeddings.steps.analogy(model, ids, left_out)
        ui.draw(lesson, "analogy_nearest", embeddings.figures.nearest_figure, found, "cosine")
    if rates := _hits(model, model.id):
        ui.draw(lesson, "analogy_hits", embeddings.figures.hits_figure, rates)


def contexts(lesson: Lesson) -> None:
    words = lesson.labels
    left, right = st.columns([2, 1])
    with left:
        model_id = ui.model_picker(lesson, "contexts_model", KINDS, default="minilm")
    texts, word = _suiting(model_id, words)
    with right:
        word = ui.prompt(
            lesson, "contexts_word", model_id, default=word, sentences=(word,), label=words["word"], limit=30
        )
    typed = []
    for number, (column, text) in enumerate(zip(st.columns(len(texts)), texts, strict=True), start=1):
        with column:
            label = f"{words['sentence']} {number}"
            typed.append(
                ui.prompt(lesson, f"contexts_{number}", model_id, default=text, sentences=(text,), label=label)
            )
    runs = [ui.traced(model_id, text) for text in typed]
    if None in runs:
        return
    states = [embeddings.contexts.states_of(run, word) for run in runs]
    if any(state is None for state in states):
        st.text(words["not_there"].format(word=word))
    else:
        cosines = embeddings.contexts.by_layer(states)
        ui.draw(lesson, "contexts_fan", embeddings.clouds.fan_figure, cosines)
        ui.ran(runs[0])


def rotation(lesson: Lesson) -> None:
    words, asking = lesson.labels, embeddings.contexts
    if not (model := opened(lesson, "rotation")):
        return
    known = embeddings.table.suggestions(model, embeddings.steps.split(embeddings.ROTATED))
    default = ", ".join(known)
    typed = ui.prompt(lesson, "rotation_words", model.id, default=default, sentences=(default,), label=words["words"])
    turns = ("off", *embeddings.SEEDS[:3])
    seed = ui.choice(lesson, "rotation_seed", words["turn"], turns, "0", show=lambda turn: words.get(turn, turn))
    ids, _ = embeddings.table.places_of(embeddings.steps.split(typed)[:8], model.vocabulary)
    turn = None if seed == "off" else int(seed)
    if ids:
        found = asking.turned(embeddings.table.rows_of(model)[list(ids.values())].numpy(), turn)
        ui.draw(lesson, "rotation_coordinates", embeddings.figures.rotated_figure, list(ids), found)
        for column, cosines in zip(st.columns(2), (found.cosines_before, found.cosines_after), strict=True):
            with column:
                name = "learnt" if cosines is found.cosines_before else "rotated"
                st.caption(words[name])
                ui.draw(lesson, f"rotation_{name}", embeddings.figures.cosines_figure, list(ids), cosines)
        st.caption(words["moved"].format(moved=f"{found.moved:.2g}", turned=f"{found.turned:.1g}"))
    else:
        st.text(words["no_words"])
    if parted := _separations(model, model.id, turn):
        ui.draw(lesson, "rotation_axes", embeddings.figures.separation_figure, parted)


def opened(lesson: Lesson, name: str, default: str = "meadow-gpt") -> Model | None:
    """A model to pick, and the model itself."""
    return ui.model_of(ui.model_picker(lesson, f"{name}_model", KINDS, default=default))


def typed_lines(lesson: Lesson, name: str, label: str, default: Sequence[str]) -> list[str]:
    """A text of several lines, each a sentence of its own; what is beyond MOST_LINES is left out."""
    key, start = ui.key_of(lesson, name), "\n".join(default)
    ui.seed(key, start, lambda asked: asked[:LONGEST])
    typed = st.text_area(label, key=key, max_chars=LONGEST, height=170, persist_state="session")
    ui.keep(key, typed, start)
    return [line for row in typed.splitlines() if (line := ui.clean(row).strip()[:200])][:MOST_LINES]


def _suiting(model_id: str, words: dict[str, str]) -> tuple[Sequence[str], str]:
    """Three sentences with one word that suit a model."""
    from model_utils import catalogue

    card = catalogue.find(model_id)
    if card and card.reads_meadow:
        return embeddings.MEADOW_BANKS, "bank"
    if card and card.language == "zh":
        return words["chinese_sentences"].split("|"), words["chinese_word"]
    return embeddings.BANKS, "bank"


def one_word(lesson: Lesson, name: str, model: Model, label: str = "word") -> int | None:
    """The id of a word that is typed, or None after a sentence was drawn."""
    known = embeddings.table.suggestions(model, embeddings.WORDS)
    typed = ui.prompt(
        lesson, name, model.id, default=known[0] if known else None, sentences=known or None, limit=40,
        label=lesson.labels[label],
    )  # fmt: skip
    place = embeddings.table.place_of(typed, model.vocabulary)
    if place is None:
        _tell_pieces(lesson, model, typed)
    return place


def _tell_pieces(lesson: Lesson, model: Model, word: str) -> None:
    """One sentence: the word is no token of this model. Text, because it is the learner's own."""
    if not word.strip():
        st.text(ui.words()["errors.empty_text"])
    else:
        st.text(lesson.labels["no_token"].format(word=word))


@st.cache_data(show_spinner=False, max_entries=64)
def _hits(_model: Model, model_id: str) -> dict[str, tuple[float, float, float]]:
    """How often analogies of a family come out, of the families whose words the model has."""
    families = embeddings.steps.families()
    counted = {name: embeddings.steps.hits(_model, family) for name, family in families.items()}
    return {name: rates for name, rates in counted.items() if rates is not None}


@st.cache_data(show_spinner=False, max_entries=64)
def _separations(_model: Model, model_id: str, turn: int | None) -> dict[str, tuple[float, float]]:
    """How well coordinates and directions part the groups, in the space as it is or turned."""
    sample = embeddings.table.sample(_model)
    rows = sample.rows if turn is None else embeddings.contexts.turned(sample.rows, turn).after
    return embeddings.contexts.separations(sample, rows)

"""Maps of a model's words: PCA, and t-SNE with its perplexity and its seed."""

from threading import BoundedSemaphore

import streamlit as st

from lessons import Lesson, embeddings
from model_utils.types import Model
from pages import ui
from pages.breaking.embeddings import one_word, opened

FEWEST = 20  # words that make a map


def map_pca(lesson: Lesson) -> None:
    if model := opened(lesson, "map_pca"):
        dims = int(ui.choice(lesson, "map_pca_dims", lesson.labels["dims"], ("2", "3")))
        _map(lesson, "map_pca", model, ("pca", dims, 0, 0, "rows"))


def map_tsne(lesson: Lesson) -> None:
    words = lesson.labels
    if not (model := opened(lesson, "map_tsne")):
        return
    left, middle, right = st.columns(3)
    with left:
        perplexity = ui.choice(lesson, "map_tsne_perplexity", words["perplexity"], embeddings.PERPLEXITIES, "30")
        what = ui.choice(lesson, "map_tsne_what", words["what"], ("rows", "noise"), show=words.get)
    with middle:
        seed = ui.choice(lesson, "map_tsne_seed", words["seed"], embeddings.SEEDS)
    with right:
        dims = ui.choice(lesson, "map_tsne_dims", words["dims"], ("2", "3"))
    _map(lesson, "map_tsne", model, ("tsne", int(dims), int(perplexity), int(seed), what))


def _map(lesson: Lesson, name: str, model: Model, asked: tuple) -> None:
    """A map of a sample of the model's words, the word searched for marked, and how far the map may be trusted."""
    words, sample = lesson.labels, embeddings.table.sample(model)
    if len(sample.words) < FEWEST:
        st.text(words["few_words"])
        return
    place = one_word(lesson, f"{name}_word", model, "find")
    with st.spinner(words["laying_out"]):
        found = _laid_out(model, model.id, asked)
    at = [at for at, token_id in enumerate(sample.ids) if token_id == place]
    if place is not None and not at:
        st.text(words["not_on_map"])
    near = embeddings.layouts.nearest_to(sample.directions, at[0], embeddings.clouds.TRUE_NEIGHBOURS) if at else ()
    ui.draw(lesson, f"{name}_map", embeddings.clouds.map_figure, sample, found, at[0] if at else None, near)
    if at:
        others = ", ".join(sample.words[other] for other in near)
        st.text(words["true_neighbours"].format(word=sample.words[at[0]], others=others))
    facts = {"kept": f"{found.kept:.0%}", "agreed": f"{found.agreed:.2f}"}
    st.caption(words["kept"].format(words=len(sample.words), width=sample.rows.shape[1], **facts))
    if found.explained is not None:
        st.caption(words["explained"].format(explained=f"{found.explained:.0%}"))


@st.cache_resource(show_spinner=False)
def _one_at_a_time() -> BoundedSemaphore:
    """Maps take seconds of a processor that all learners share."""
    return BoundedSemaphore(1)


@st.cache_data(show_spinner=False, max_entries=256)
def _laid_out(_model: Model, model_id: str, asked: tuple) -> object:
    """The layout of a model's sample; computed once for everybody who asks for the same."""
    method, dims, perplexity, seed, what = asked
    layouts, rows = embeddings.layouts, embeddings.table.sample(_model).directions
    if method == "pca":
        return layouts.pca(rows, dims)
    with _one_at_a_time():
        return layouts.tsne(layouts.noise(rows.shape, 0) if what == "noise" else rows, dims, perplexity, seed)

"""The embeddings lesson: each demo is widgets -> a pure call -> drawing. Most are in pages/breaking."""

import streamlit as st

from lessons import Lesson, embeddings
from pages import ui
from pages.breaking.embeddings import analogy, centred, contexts, neighbours, rotation, typed_lines
from pages.breaking.embeddings_maps import map_pca, map_tsne

KINDS = embeddings.KINDS


def lookup(lesson: Lesson) -> None:
    run = ui.live(lesson, "lookup", kinds=KINDS)
    if model := run and ui.model_of(run.model_id):
        place = ui.pick_word(lesson, "lookup_at", lesson.labels["word"], run.tokens)
        found = embeddings.steps.lookup(model, int(run.token_ids[place]))
        names = [model.vocabulary[token_id] for token_id in found.ids]
        ui.draw(lesson, "lookup_rows", embeddings.figures.lookup_figure, names, found)
        st.latex(embeddings.formula.worked_row(found))
        said = {"rows": f"{found.vocabulary:,}", "width": len(found.picked), "difference": f"{found.difference:.1g}"}
        st.caption(lesson.labels["picked"].format(**said))
        ui.ran(run)


def sentences(lesson: Lesson) -> None:
    model_id = ui.model_picker(lesson, "sentences_model", ("encoder", "masked", "causal"), default="minilm")
    texts = typed_lines(lesson, "sentences_text", lesson.labels["sentences"], embeddings.SENTENCES)
    runs = [ui.traced(model_id, text) for text in texts]
    if not texts:
        st.text(ui.words()["errors.empty_text"])
    elif None not in runs:
        cosines = embeddings.contexts.similarities(runs)
        ui.draw(lesson, "sentences_map", embeddings.figures.similarity_figure, texts, cosines)
        ui.ran(runs[0])


def compare(lesson: Lesson) -> None:
    runs = ui.compare(lesson, "compare", embeddings.TWO_TEXTS, KINDS, models=("minilm", "meadow-gpt"))
    if not runs:
        return
    deepest = max(len(run.hidden_states) for run in runs) - 1
    layer = ui.slider(lesson, "compare_layer", lesson.labels["layer"], 0, deepest, deepest)
    cosines = [embeddings.contexts.cosines_at(run, layer) for run in runs]
    shown = [(run.tokens, cells) for run, cells in zip(runs, cosines, strict=True)]
    ui.draw_both(lesson, "compare_maps", embeddings.figures.cosines_figure, runs, shown)
    if cosines[0].shape == cosines[1].shape:
        tokens = embeddings.contexts.beside(*(run.tokens for run in runs))
        difference = cosines[1] - cosines[0]
        ui.draw(lesson, "compare_difference", embeddings.figures.difference_figure, tokens, difference)
    else:
        st.text(ui.words()["compare.no_difference"])


DEMOS = (lookup, neighbours, centred, analogy, map_pca, map_tsne, contexts, sentences, rotation, compare)
ui.lesson_page("embeddings", {demo.__name__: demo for demo in DEMOS})

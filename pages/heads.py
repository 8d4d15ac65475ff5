"""The heads lesson: each demo is widgets -> a pure call -> drawing. Those that take heads apart: pages/breaking."""

import streamlit as st

from lessons import Lesson, heads
from pages import ui
from pages.breaking.heads import concat, lists, pairs, resting, side_by_side, sweep, three_ways
from pages.ui.live import KINDS, first_text, of_kind, opening


def overview(lesson: Lesson) -> None:
    model_id = ui.model_picker(lesson, "overview_model", KINDS, default=opening(None))
    text = ui.prompt(lesson, "overview_text", model_id, default=first_text(model_id), limit=heads.MOST_CHARACTERS)
    run = ui.traced(model_id, text)
    if of_kind(run, KINDS):
        if len(run.tokens) > heads.MOST_TOKENS:
            st.text(lesson.labels["too_long"].format(tokens=len(run.tokens), most=heads.MOST_TOKENS))
            return
        ui.lens(lesson, "overview_lens", run)
        with st.expander(lesson.labels["bertviz"]):
            ui.bertviz_head(lesson, "overview_bertviz_heads", run)
            ui.bertviz_model(lesson, "overview_bertviz_layers", run)
        ui.ran(run)


def roles(lesson: Lesson) -> None:
    words = lesson.labels
    if run := ui.live(lesson, "roles", heads.LIST):
        found = {role.name: role for role in heads.steps.roles(run)}
        ui.draw(lesson, "roles_maps", heads.figures.roles_figure, tuple(found.values()))
        role = found[ui.choice(lesson, "roles_role", words["role"], tuple(found), "induction", show=words.get)]
        st.text(words[f"{role.name}_says"] if role.measurable else words[f"{role.name}_lacks"])
        if role.measurable:
            offered = {f"{layer}.{head}": (layer, head) for layer, head in role.best}
            shown = {key: words["where"].format(layer=layer, head=head) for key, (layer, head) in offered.items()}
            layer, head = offered[ui.choice(lesson, "roles_head", words["best"], tuple(offered), show=shown.get)]
            weights = run.attentions[layer].attn_weights[head]
            ui.draw(lesson, "roles_looks", heads.figures.looks_figure, run.tokens, weights, role.cells)
            st.latex(heads.formula.score(role, weights))
        ui.ran(run)


def verses(lesson: Lesson) -> None:
    if run := ui.live(lesson, "verses", lesson.labels["verses_text"], ("causal",), opens_on="poem-gpt"):
        same, ahead = heads.steps.verse(run)
        if not ahead.measurable:
            st.text(lesson.labels["verses_lacks"])
            return
        ui.draw(lesson, "verses_maps", heads.figures.roles_figure, (same, ahead))
        layer, head = ui.pick_head(lesson, "verses", run, ahead.best[0])
        weights = run.attentions[layer].attn_weights[head]
        ui.draw(lesson, "verses_looks", heads.figures.looks_figure, run.tokens, weights, ahead.cells)
        st.latex(heads.formula.score(ahead, weights))
        ui.ran(run)


DEMOS = (overview, roles, lists, verses, three_ways, concat, sweep, pairs, resting, side_by_side)
ui.lesson_page("heads", {demo.__name__: demo for demo in DEMOS})

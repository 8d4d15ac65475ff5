"""144 attention maps by the lens, by BertViz or by Plotly: `?kind=lens&tokens=64`, then a press of the button."""

import plotly.graph_objects as go
import streamlit as st
import torch
from bertviz import model_view
from plotly.subplots import make_subplots

from benchmarks.random_run import HEADS, LAYERS, random_trace
from lessons import read
from model_utils.types import Trace
from pages.ui.bertviz.document import close
from pages.ui.lens import lens


def by_lens(run: Trace) -> None:
    lens(read("attention", "en"), "maps", run)


def by_plotly(run: Trace) -> None:
    figure = make_subplots(LAYERS, HEADS, horizontal_spacing=0.005, vertical_spacing=0.005)
    for attention in run.attentions:
        for head, weights in enumerate(attention.attn_weights):
            figure.add_trace(go.Heatmap(z=weights, showscale=False), attention.layer + 1, head + 1)
    figure.update_layout(height=900)
    st.plotly_chart(figure, key="maps")


def by_bertviz(run: Trace) -> None:
    """All layers as published, but with its libraries inside: the host that it fetches them from is out of reach."""
    weights = [torch.from_numpy(attention.attn_weights[None]) for attention in run.attentions]
    drawn = model_view(weights, list(run.tokens), prettify_tokens=False, html_action="return").data
    st.iframe(close(drawn, "model", "light"), height=900)


kind, tokens = st.query_params.get("kind", "lens"), int(st.query_params.get("tokens", "16"))
run = random_trace(tokens)
st.title("144 maps")
if st.button("draw"):
    {"lens": by_lens, "plotly": by_plotly, "bertviz": by_bertviz}[kind](run)

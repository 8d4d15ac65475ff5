"""The floor of an interaction: one text box, one slider, and one heatmap of random numbers that follows them."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st


@st.fragment
def demo() -> None:
    text = st.text_input("Text", "one two three", key="floor.text")
    number = st.slider("Number", 0, 100, 50, key="floor.number")
    weights = np.random.default_rng([number, *text.encode()]).random((8, 8), dtype=np.float32)
    st.plotly_chart(go.Figure(go.Heatmap(z=weights)), key="floor.map")


st.title("A trivial app")
demo()

"""About the course: what its models are and are not, what they have read, and whom it is owed to."""

import streamlit as st

from lessons.about import about
from pages import ui
from pages.ui import frame

if frame.framed():
    title, _, text = about(ui.language()).partition("\n")
    with st.container(key="prose-opening"):
        st.title(title.removeprefix("# "), anchor=False)
    with st.container(key="prose-about"):
        st.markdown(text)

"""The course map."""

from pages.ui import frame

if frame.framed():
    import streamlit as st

    st.write("home")

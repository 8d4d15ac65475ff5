"""The floor of a start: the shortest page there is."""

import streamlit as st

st.title("An empty app")

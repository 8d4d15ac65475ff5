"""Light or dark paper: as the system has it, until the reader turns it with the button beside the languages."""

import json
from collections.abc import Sequence

import streamlit as st

from pages.ui.language import theme, words

OTHER = {"light": "dark", "dark": "light"}
ICONS = {"light": ":material/light_mode:", "dark": ":material/dark_mode:"}
# Streamlit reads the reader's choice when a page is loaded, from a store of each page's own address.
TURN = """<script>
for (const path of {paths}) localStorage.setItem(`stActiveTheme-${{path}}-v2`, JSON.stringify("{name}"));
window.location.reload();
</script>"""


def paper_button(slugs: Sequence[str]) -> None:
    """One press turns the paper of every page, the course map and `slugs`, and loads this page again."""
    wanted = OTHER[theme()]
    label = words()[f"frame.{wanted}"]
    if st.button(label, key="frame.paper", icon=ICONS[wanted], type="tertiary"):
        paths = json.dumps(["/", *(f"/{slug}" for slug in slugs)])
        st.html(TURN.format(paths=paths, name=wanted.title()), unsafe_allow_javascript=True)

"""The course. `streamlit run app.py` draws the frame and runs the page that the address asks for."""

from pages.ui import frame

frame.run()

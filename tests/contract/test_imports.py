"""Text comes first: nothing that the first paint needs may bring torch with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from lessons import discover

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "bertviz", "sklearn", "huggingface_hub")
CHECK = "import sys; print([name for name in {heavy!r} if name in sys.modules])"


def heavy_after(code: str) -> str:
    """Which heavy modules a fresh interpreter holds after running `code`."""
    program = f"{code}\n{CHECK.format(heavy=HEAVY)}"
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.strip()


def test_the_frame_and_the_widgets_are_light():
    assert heavy_after("from pages import ui; from pages.ui import frame; import model_utils.catalogue") == "[]"


def test_the_check_sees_what_it_looks_for():
    assert heavy_after("import torch") == "['torch']"


@pytest.mark.parametrize("slug", discover())
def test_a_page_is_light_until_a_demo_runs(slug):
    run = f"import runpy; from pages import ui; ui.lesson_page = lambda *a: None; runpy.run_path('pages/{slug}.py')"
    assert heavy_after(run) == "[]"


def test_the_first_screen_is_drawn_without_torch():
    run = "page = AppTest.from_file('app.py', default_timeout=120).run(); assert not page.exception and page.title"
    assert heavy_after(f"from streamlit.testing.v1 import AppTest; {run}") == "[]"

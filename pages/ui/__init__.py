"""What pages draw with. `from pages import ui`, then `ui.lesson_page(...)`, `ui.prompt(...)`, `ui.figure(...)`.

Functions are bound after their modules were imported, so that `ui.figure` is the function, not the module of that
name: add a new name here, never look it up lazily. No module of pages.ui may import torch, transformers or Plotly at
its top.
"""

from pages.ui.address import keep, seed
from pages.ui.controls import Place, choice, clean, key_of, model_picker, number, prompt, slider, switch
from pages.ui.figure import figure, ran
from pages.ui.first_look import first_look
from pages.ui.language import language, say, theme, words
from pages.ui.lesson_page import lesson_page
from pages.ui.next_words import next_words
from pages.ui.running import traced, traced_batch, vocabulary_of

__all__ = [
    "Place",
    "choice",
    "clean",
    "figure",
    "first_look",
    "keep",
    "key_of",
    "language",
    "lesson_page",
    "model_picker",
    "next_words",
    "number",
    "prompt",
    "ran",
    "say",
    "seed",
    "slider",
    "switch",
    "theme",
    "traced",
    "traced_batch",
    "vocabulary_of",
    "words",
]

"""What pages draw with. `from pages import ui`, then `ui.lesson_page(...)`, `ui.prompt(...)`, `ui.figure(...)`.

Functions are bound after their modules were imported, so that `ui.figure` is the function, not the module of that
name: add a new name here, never look it up lazily. No module of pages.ui may import torch, transformers or Plotly at
its top.
"""

from pages.ui.address import keep, seed
from pages.ui.bertviz import bertviz_head, bertviz_model
from pages.ui.blanks import blanks
from pages.ui.blanks.bars import gap_bars
from pages.ui.blanks.gaps import Gaps, filled, gaps, masked_model, reads_meadow, truths_of
from pages.ui.chips import chips, merge_steps
from pages.ui.chips.opened import token_strip, tokenised, tokeniser_of
from pages.ui.cleaning import clean
from pages.ui.compare import compare, draw_both, draw_difference
from pages.ui.computed import computed
from pages.ui.controls import Place, choice, key_of, model_picker, number, prompt, slider, switch
from pages.ui.figure import figure, ran
from pages.ui.first_look import first_look
from pages.ui.head_switches import head_switches
from pages.ui.language import language, say, theme, words
from pages.ui.lens import attention_arcs, lens
from pages.ui.lesson_page import lesson_page
from pages.ui.live import draw, live
from pages.ui.mask_painter import mask_painter
from pages.ui.next_words import next_words
from pages.ui.picking import number_table, pick_head, pick_query, pick_word
from pages.ui.running import model_of, traced, traced_batch, translated, vocabulary_of
from pages.ui.sampler import sampler
from pages.ui.training import training, training_sample, training_text
from pages.ui.translation import translation
from pages.ui.tree import tree

__all__ = [
    "Gaps",
    "Place",
    "attention_arcs",
    "bertviz_head",
    "bertviz_model",
    "blanks",
    "chips",
    "choice",
    "clean",
    "compare",
    "computed",
    "draw",
    "draw_both",
    "draw_difference",
    "figure",
    "filled",
    "first_look",
    "gap_bars",
    "gaps",
    "head_switches",
    "keep",
    "key_of",
    "language",
    "lens",
    "lesson_page",
    "live",
    "mask_painter",
    "masked_model",
    "merge_steps",
    "model_of",
    "model_picker",
    "next_words",
    "number",
    "number_table",
    "pick_head",
    "pick_query",
    "pick_word",
    "prompt",
    "ran",
    "reads_meadow",
    "sampler",
    "say",
    "seed",
    "slider",
    "switch",
    "theme",
    "token_strip",
    "tokenised",
    "tokeniser_of",
    "traced",
    "traced_batch",
    "training",
    "training_sample",
    "training_text",
    "translated",
    "translation",
    "tree",
    "truths_of",
    "vocabulary_of",
    "words",
]

"""Two runs side by side: the difference drawn is theirs, and where there is none a sentence says so."""

import json
from base64 import b64decode

import numpy as np

from lessons import ui_text
from model_utils import load, trace
from tests.pages.course import open_page, said

TEXTS = ("The dogs near the tree", "The dog near the tree")
DIFFERENCE = "attention.compared_difference"


def cells(page, key: str) -> np.ndarray | None:
    """What the heatmap with this key shows, or None when it is not there."""
    chart = next((chart for chart in page.get("plotly_chart") if chart.proto.id.endswith(key)), None)
    if chart is None:
        return None
    packed = json.loads(chart.proto.spec)["data"][0]["z"]
    return np.frombuffer(b64decode(packed["bdata"]), packed["dtype"]).reshape(
        [int(side) for side in packed["shape"].split(",")]
    )


def test_the_difference_is_the_second_run_less_the_first():
    page = open_page("attention", **{"lang": "en", "attention.compared_layer": "2", "attention.compared_head": "1"})
    model = load("meadow-gpt")
    one, other = (trace(model, text).attentions[2].attn_weights[1] for text in TEXTS)
    np.testing.assert_allclose(cells(page, DIFFERENCE), other - one, atol=1e-5)


def test_texts_of_different_lengths_get_a_sentence_and_both_maps():
    page = open_page("attention", **{"lang": "zh", "attention.compared_text2": "The dog near the old tree"})
    assert cells(page, DIFFERENCE) is None
    assert ui_text("zh")["compare.no_difference"] in said(page)
    assert cells(page, "attention.compared_map1").shape != cells(page, "attention.compared_map2").shape


def test_two_models_read_one_text():
    page = open_page("attention", **{"lang": "en", "attention.compared_by": "models"})
    assert f"minilm: {TEXTS[0]}" in said(page) and f"meadow-gpt: {TEXTS[0]}" in said(page)

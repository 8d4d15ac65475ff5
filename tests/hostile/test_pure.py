"""Any text at all through every pure part that a text or a link reaches: a value in its bounds, or a clear no."""

import contextlib
import csv
import io
import json
import re
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons import LANGUAGES, ui_text
from lessons.attention import figures as attention_figures
from lessons.figures import AxisWords, bars, heatmap, safe_text
from lessons.grading import word_edits
from lessons.masking import figures as masking_figures
from model_utils.errors import ModelError
from model_utils.live_training.symbols import corpus
from model_utils.meadow import NotMeadow, next_word_probabilities
from model_utils.places import place
from pages.ui.bertviz.document import drawing
from pages.ui.cleaning import clean
from pages.ui.controls import _number, _told
from pages.ui.lens.payload import payload, unpack_bytes
from pages.ui.mask_painter import _rows, read_mask, write_mask
from pages.ui.picking import LARGEST, read_table, write_table
from pages.ui.running import LONGEST_FACT, sentence
from pages.ui.tools.csv_text import figure_csv
from tests.hostile.texts import ASKED, LONG, MEGABYTE, SHORT, TYPED
from tests.lens.runs import run

WORDS = AxisWords("looks at", "looks from", "weight")
TOKENS = st.lists(TYPED.map(lambda text: text[:200]), min_size=1, max_size=5)
many = settings(max_examples=100, deadline=None)
some = settings(max_examples=12, deadline=None)


@many
@given(TYPED)
def test_a_text_is_cleaned_once_and_for_all(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not {unicodedata.category(letter) for letter in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    cleaned.encode("utf-8")


@many
@given(ASKED, st.sampled_from([int, float]))
def test_a_number_in_a_link_is_inside_its_bounds_or_refused(asked, kind):
    value = _number(asked, -3, 7, kind)
    assert value is None or (type(value) is kind and -3 <= value <= 7)


@many
@given(ASKED)
def test_a_table_in_a_link_has_its_shape_and_small_numbers_or_is_refused(asked):
    found = read_table(asked, (2, 2))
    assert found is None or (found.shape == (2, 2) and (np.abs(found) <= LARGEST).all())


@many
@given(st.lists(st.lists(st.floats(allow_subnormal=False).map(str), max_size=3), max_size=3))
def test_a_table_of_any_numbers_is_read_or_refused_without_a_warning(rows):
    found = read_table("_".join("~".join(row) for row in rows), (2, 2))
    if found is not None:
        again = read_table(write_table(found), (2, 2))
        np.testing.assert_allclose(again, found, atol=0.0501)


@many
@given(ASKED, st.integers(1, 14))
def test_a_mask_in_a_link_is_one_of_its_size_or_refused(asked, T):
    found = read_mask(asked, T)
    if found is not None:
        assert [len(row) for row in found] == [T] * T
        assert all(row[i] for i, row in enumerate(found))
        assert read_mask(write_mask(found), T) == found


@many
@given(st.recursive(st.none() | st.floats() | ASKED, lambda inner: st.lists(inner) | st.dictionaries(ASKED, inner)))
def test_whatever_the_painter_sends_becomes_a_mask_or_nothing(state):
    text = write_mask(_rows(state))
    found = read_mask(text, 5)
    assert len(text) < 1000 and (found is None or len(found) == 5)


@many
@given(ASKED)
@example("~0")  # the home of a user whom nobody knows
def test_a_model_id_is_a_place_or_a_known_refusal(model_id):
    try:
        assert place(clean(model_id)).kind in ("embedded", "folder", "hub")
    except ModelError as error:
        assert error.code in ("bad_model_id", "folder_not_allowed")


@many
@given(ASKED)
def test_no_model_id_opens_a_folder_for_learners_of_a_server(model_id):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLEARHEAD_NETWORK", "1")
        patch.delenv("CLEARHEAD_MODELS", raising=False)
        with contextlib.suppress(ModelError):
            assert place(clean(model_id)).kind != "folder"


@many
@given(ASKED, st.sampled_from(LANGUAGES))
def test_a_sentence_repeats_little_of_what_was_typed(typed, language):
    words = ui_text(language)
    said = sentence(ModelError("unknown_model", model=typed), words)
    said.encode("utf-8")
    assert len(said) <= len(words["errors.unknown_model"]) + LONGEST_FACT + 1


@many
@given(TYPED)
def test_a_label_of_a_figure_shows_the_text_and_holds_no_markup(text):
    shown = safe_text(text)
    shown.encode("utf-8")
    assert not set("<>$") & set(shown)
    assert not re.search(r"&(?!(amp|lt|gt|#36);)", shown)
    assert (shown == "") == (text == "")


@some
@given(TOKENS)
def test_figures_of_any_tokens_can_be_sent_and_exported(tokens):
    square = np.eye(len(tokens), dtype=np.float32)
    words = dict.fromkeys(("looks_at", "looks_from", "weight", "score", "entropy", "position", "columns"), "w")
    batch = masking_figures.batch_figure(
        (tokens, tokens), np.ones((2, len(tokens)), bool), np.zeros((2, len(tokens)), int),
        words | {"short": "s", "companion": "c"}, "light",
    )  # fmt: skip
    whole = attention_figures.weights_figure(tokens, square, square[0], words, "dark")
    shared = heatmap(square, tokens, tokens, WORDS, "light"), bars(tokens, square[0], WORDS, "dark")
    for figure in (*shared, batch, whole):
        sent = figure.to_json()
        sent.encode("utf-8")
        assert "<img" not in sent and "<script" not in sent and "\\u003cimg" not in sent
        exported = figure_csv(figure)
        for row in csv.reader(io.StringIO(exported.removeprefix("\ufeff"), newline="")):
            assert not any(cell[:1] in ("=", "@", "\t", "\r") for cell in row)


@some
@given(TOKENS)
def test_the_lens_gets_any_tokens_unharmed_and_as_plain_ascii(tokens):
    packed = payload([run(tokens=tuple(tokens))], None, {"name": "x", "words": {}}).data
    header, _ = unpack_bytes(packed)
    length = int.from_bytes(packed[:4], "little")
    assert packed[4 : 4 + length].isascii()
    assert header["runs"][0]["tokens"] == tokens


@settings(max_examples=4, deadline=None)
@given(TOKENS, st.sampled_from(["head", "model"]))
def test_bertviz_holds_any_tokens_as_strings(tokens, view):
    plain = drawing(run(tokens=("a",) * len(tokens)), view, "light").html
    made = drawing(run(tokens=tuple(tokens)), view, "light").html
    made.encode("utf-8")
    for mark in ("<script", "</script", "<!--", "<img", "<iframe", "<svg"):
        text = made if mark in ("</script", "<!--") else made[: made.index("</head>")]
        other = plain if mark in ("</script", "<!--") else plain[: plain.index("</head>")]
        assert text.lower().count(mark) == other.lower().count(mark)
    params = re.search(r"const params = (\{.*?\}); // HACK", made, re.DOTALL)[1]
    assert json.loads(params.replace("<\\/", "</").replace("<\\!--", "<!--"))


@many
@given(TYPED)
def test_meadow_answers_or_says_that_it_is_not_meadow(text):
    try:
        following = next_word_probabilities(clean(text[:1200])[:300])
    except NotMeadow:
        return
    assert sum(following.values()) == pytest.approx(1)


@many
@given(TYPED)
def test_edits_of_any_text_are_counted(text):
    assert 0 <= word_edits("The dogs near the tree", clean(text)[:300]) <= 305


@some
@given(TYPED.map(lambda text: clean(text[:2000] or "x")).filter(len), st.sampled_from([600, 900]))
def test_a_text_to_train_on_becomes_symbols(text, length):
    made = corpus((text * (length // len(text) + 1))[:length])
    assert made.train and len(made.held_out) > made.context
    assert all(0 <= i < len(made.symbols) for i in (*made.train, *made.held_out, made.start))


@pytest.mark.parametrize("text", [*SHORT, *LONG, MEGABYTE], ids=lambda text: ascii(text[:20]))
def test_what_reaches_a_model_is_short_and_clean(text, monkeypatch):
    told, controls = [], sys.modules["pages.ui.controls"]
    monkeypatch.setattr(controls.st, "caption", told.append)
    monkeypatch.setattr(sys.modules["pages.ui.language"], "words", lambda: ui_text("en"))
    monkeypatch.setattr(controls, "words", lambda: ui_text("en"))
    read = _told(text, 300)
    assert len(read) <= 300 and clean(read) == read
    assert (read == " ".join(text.split())) or told

"""meadow-translator: its tokenizer, its data, its alignment's arithmetic, and its card measured again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from model_utils import load, trace
from model_utils.meadow import Document, sample_documents
from model_utils.training import alignment, meadow_pairs, meadow_translator
from model_utils.training import meadow_translator_card as card_of
from model_utils.training.models import MODELS
from model_utils.translating import translate

FOLDER = Path(__file__).parents[2] / "model_utils" / "weights" / "meadow-translator"
WORDS = meadow_pairs.pair_tokenizer()
BYTES = range(3, 259)


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    return json.loads((FOLDER / "card.json").read_text())


@pytest.fixture(scope="module")
def again() -> dict[str, Any]:
    """The same measurement on the first of the documents that the card is about."""
    torch.set_num_threads(1)
    return card_of.measure(FOLDER, documents=120, aligned=60)


def _document(kind: str) -> Document:
    return next(one for one in sample_documents(500, seed=3) if one.kind == kind)


def test_every_document_is_whole_words_in_both_languages() -> None:
    for one in sample_documents(1500, seed=4):
        assert len(WORDS.encode(one.english).ids) == len(one.words) + 1
        assert not any(i in BYTES for i in WORDS.encode(one.chinese).ids), one.chinese


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="|"), max_size=30))
def test_any_text_comes_back(text: str) -> None:
    mixed = f"{text}The dogs{text}"
    for whole in (text, mixed):
        assert WORDS.decode(WORDS.encode(whole).ids) == whole


def test_a_first_word_is_as_a_later_one_and_chinese_needs_no_space() -> None:
    one = _document("agreement")
    english, chinese = WORDS.encode(one.english), WORDS.encode(one.chinese)
    assert WORDS.id_to_token(english.ids[0]) == "\u0120" + one.words[0]
    assert [one.chinese[a:b] for a, b in chinese.offsets[:-1]] == [WORDS.decode([i]) for i in chinese.ids[:-1]]
    assert english.ids[-1] == chinese.ids[-1] == WORDS.token_to_id("<|endoftext|>") == 0
    opened = load("meadow-translator").tokenizer
    assert opened(text_target=one.chinese)["input_ids"] == chinese.ids == opened(one.chinese)["input_ids"]


def test_a_batch_tells_which_words_each_token_speaks_of() -> None:
    one = _document("agreement")
    source, target, first, last = meadow_pairs.pairs([one])[0]
    spans = WORDS.encode(one.chinese).offsets[:-1]
    assert WORDS.decode(source[source >= 0].tolist()) == one.english
    assert target[0] == WORDS.token_to_id("<|start|>") and WORDS.decode(target[target >= 0].tolist()) == one.chinese
    for place, (start, end) in enumerate(spans):
        told = {i for i in range(len(one.words)) if first[place] <= i <= last[place]}
        known = {i for i, (a, b) in enumerate(one.alignment) if a < end and start < b}
        assert told <= known and {one.words[i] for i in known - told} <= {"The", "the", "a", "an", "A", "An"}
    assert first[len(spans)] == last[len(spans)] == len(one.words)
    assert (first[len(spans) + 1 :] == -100).all()


def test_the_padding_of_a_batch_changes_no_loss() -> None:
    network = meadow_translator.newborn(meadow_translator.SHAPE, seed=0)
    documents = [_document(kind) for kind in ("fox", "stories", "animals")]
    with torch.no_grad():
        alone = [_sums(network, [one]) for one in documents]
        torch.testing.assert_close(_sums(network, documents), torch.stack(alone).sum(0), rtol=1e-4, atol=1e-3)


def _sums(network: Any, documents: list[Document]) -> torch.Tensor:
    batch = torch.from_numpy(meadow_pairs.pairs(documents))
    return meadow_translator.translation_loss(network, batch) * meadow_translator.target_tokens(batch)


def test_the_guided_head_misses_nothing_when_it_looks_where_it_should() -> None:
    weights = torch.tensor([[[0.2, 0.8, 0.0], [0.5, 0.25, 0.25], [0.0, 0.0, 1.0]]])
    first, last = torch.tensor([[0, 1, -100]]), torch.tensor([[1, 2, -100]])
    missed = meadow_translator._missed(weights, first, last)
    assert missed == pytest.approx(np.log(2), abs=1e-4)


def test_the_alignment_error_is_that_of_och_and_ney() -> None:
    sure = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0]], dtype=bool)
    possible = sure | np.array([[0, 0, 0], [0, 0, 0], [0, 1, 1]], dtype=bool)
    known = alignment.Gold(possible, possible, sure, alignment.crossed(sure))
    assert alignment.error_rate([possible & np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]], dtype=bool)], [known]) == 0
    wrong = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=bool)
    assert alignment.error_rate([wrong], [known]) == pytest.approx(1 - (1 + 2) / (3 + 2))
    only_sure = alignment.Gold(sure, sure, sure, alignment.crossed(sure))
    a = f1_score(sure[:2].ravel(), wrong[:2].ravel())  # with sure = possible it is 1 - F1
    assert alignment.error_rate([wrong], [only_sure]) == pytest.approx(1 - a)


def test_what_looks_at_the_end_is_linked_to_no_word() -> None:
    weights = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    np.testing.assert_array_equal(alignment.links(weights), [[True, False], [False, False]])


def test_tokens_cross_where_the_order_differs() -> None:
    order = np.eye(4, dtype=bool)[[0, 2, 1, 3]]
    np.testing.assert_array_equal(alignment.crossed(order), [False, True, True, False])
    one = _document("agreement")  # the clock under the sofa: in Chinese the sofa comes first
    known = alignment.gold(one, WORDS.encode(one.chinese).offsets[:-1])
    assert known.crossed.any() and (known.sure <= known.heads).all() and (known.heads <= known.possible).all()
    assert (known.sure.sum(1) <= 1).all()


def test_the_card_meets_its_bars(card: dict[str, Any]) -> None:
    measured, found = card["measured"], card["measured"]["alignment"]
    assert measured["documents"] >= 500 and measured["exact_match"] >= 0.95 and measured["bleu"] >= 98
    assert sum(kind["documents"] for kind in measured["kinds"].values()) == measured["documents"]
    shares = [kind["exact_match"] * kind["documents"] for kind in measured["kinds"].values()]
    assert sum(shares) / measured["documents"] == pytest.approx(measured["exact_match"], abs=1e-3)
    assert found["best"] <= 0.15 and found["crossed"]["best"] <= 0.2
    assert found["best_head"] == [*meadow_translator.GUIDED_HEAD]
    assert found["crossed"]["even_pace"] > found["even_pace"] > 0.4 and found["crossed"]["tokens"] > 500


def test_the_recipe_in_the_code_is_the_one_on_the_card(card: dict[str, Any]) -> None:
    recipe = asdict(MODELS["meadow-translator"].recipe)
    assert {field: card["training"][field] for field in recipe} == recipe
    assert "no GPU" in card["training"]["machine"]


def test_measuring_again_agrees_with_the_card(card: dict[str, Any], again: dict[str, Any]) -> None:
    measured = card["measured"]
    assert again["parameters"] == measured["parameters"]
    assert again["exact_match"] == pytest.approx(measured["exact_match"], abs=0.04)
    assert again["bleu"] == pytest.approx(measured["bleu"], abs=2)
    assert again["held_out_loss"] == pytest.approx(measured["held_out_loss"], abs=0.01)
    for name in ("heads", "mean_of_heads"):
        np.testing.assert_allclose(again["alignment"][name], measured["alignment"][name], atol=0.06)


def test_one_english_text_has_one_chinese() -> None:
    """So the true entropy, which the card sets beside the loss, is 0."""
    found: dict[str, set[str]] = {}
    for one in sample_documents(6000, seed=5):
        found.setdefault(one.english, set()).add(one.chinese)
    assert all(len(chinese) == 1 for chinese in found.values())


def test_the_shipped_model_translates_as_the_card_counts_and_its_trace_shows_the_attention() -> None:
    model = load("meadow-translator")
    documents = [_document(kind) for kind in ("agreement", "capitals", "lists", "who", "stories")]
    network = card_of.opened(FOLDER)
    counted = card_of.translations(network, [one.english for one in documents])
    for one, written in zip(documents, counted, strict=True):
        ours = translate(model, one.english)
        assert ours.ended and ours.target_text == written
        right = WORDS.encode(one.chinese).ids
        run = trace(model, one.english, target_ids=right)
        attended = card_of.cross_attention(network, one)
        cross = [attention.attn_weights for attention in run.attentions if attention.kind == "cross"]
        np.testing.assert_allclose(np.stack(cross)[:, :, : len(right) - 1], attended, atol=1e-5)


def test_generate_begins_and_ends_by_itself() -> None:
    model = load("meadow-translator")
    one = _document("capitals")
    with torch.no_grad():
        written = model.network.generate(torch.tensor([model.tokenizer(one.english)["input_ids"]]))[0].tolist()
    assert written[0] == 1 and written[-1] == 0
    assert model.tokenizer.decode(written, skip_special_tokens=True) == one.chinese


@pytest.mark.parametrize("text", ["xyz", "The dogs", "the the the the the the", "\u4e2d\u6587\u3002", "a" * 3000])
def test_what_is_not_meadow_gets_some_answer_that_ends(text: str) -> None:
    written = translate(load("meadow-translator"), text, most=40)
    assert 1 <= len(written.token_ids) <= 40 and np.isfinite(written.log_probabilities).all()

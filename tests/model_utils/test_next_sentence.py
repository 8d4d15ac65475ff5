"""The head for pairs: what transformers' own class says, refused where there is none, and nothing shared is changed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers as tf

from model_utils import Model, ModelError, load, trace
from model_utils.next_sentence import next_sentence
from tests.model_utils.families import WIDE, word_piece, written

PAIRS = [("the cat sat on the mat .", "we put the money near the river"), ("the dogs", "a quick brown fox")]
STRANGE = ["\ud800", "[MASK] the", "[SEP] [SEP]", "\u72d7" * 3, "x" * 5000, "the " * 500, "<script>"]


def _written(folder: Path, family: type) -> Path:
    return written(lambda: family(tf.BertConfig(**WIDE)), word_piece(), folder, 5)


@pytest.fixture(scope="module", params=[tf.BertForPreTraining, tf.BertForNextSentencePrediction])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(tmp_path_factory.mktemp("pairs"), request.param)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_it_is_what_transformers_says(folder: Path, first: str, second: str) -> None:
    network = tf.BertForNextSentencePrediction.from_pretrained(folder).eval()
    encoding = tf.AutoTokenizer.from_pretrained(folder)(first, second, return_tensors="pt", return_token_type_ids=True)
    with torch.no_grad():
        expected = network(**encoding).logits.softmax(-1)[0, 0].item()
    assert next_sentence(str(folder), first, second) == pytest.approx(expected, abs=1e-5)
    assert next_sentence(load(str(folder)), first, second) == pytest.approx(expected, abs=1e-5)
    assert 0.001 < expected < 0.999


def test_a_long_text_is_read_near_the_seam(folder: Path) -> None:
    model = load(str(folder))
    far, near = "river " * 300 + "the cat", "the cat " * 30
    assert next_sentence(model, far, "sat on") == next_sentence(model, "river " * 400 + "the cat", "sat on")
    assert next_sentence(model, far, "sat on") != next_sentence(model, far + " put", "sat on")
    whole = near + "river " * 900
    assert next_sentence(model, near, whole) == next_sentence(model, near, whole + "money")


def test_strange_texts_are_answered(folder: Path) -> None:
    for text in STRANGE:
        assert 0.0 <= next_sentence(str(folder), text, "the cat") <= 1.0
        assert 0.0 <= next_sentence(str(folder), "the cat", text) <= 1.0


def test_the_shared_model_stays_as_it_is(folder: Path) -> None:
    model = load(str(folder))
    names, before = [*model.network.state_dict()], trace(model, "the cat sat")
    next_sentence(model, *PAIRS[0])
    after = trace(model, "the cat sat")
    assert [*model.network.state_dict()] == names
    np.testing.assert_array_equal(before.hidden_states, after.hidden_states)
    np.testing.assert_array_equal(before.attentions[1].attn_weights, after.attentions[1].attn_weights)


@pytest.mark.parametrize(("first", "second"), [("", "the cat"), ("the cat", " \n ")])
def test_a_pair_needs_two_texts(folder: Path, first: str, second: str) -> None:
    with pytest.raises(ModelError, match="empty_text"):
        next_sentence(str(folder), first, second)


@pytest.mark.parametrize("family", ["bert", "bert_encoder", "gpt2", "roberta"])
def test_a_model_without_the_head_is_refused(family: str, model_of: Callable[[str], Model]) -> None:
    with pytest.raises(ModelError) as caught:
        next_sentence(model_of(family), *PAIRS[0])
    assert caught.value.code == "no_next_sentence"

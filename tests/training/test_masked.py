"""What masked models are trained with: the tokenizer, the hidden places, the texts of Meadow and the pairs."""

from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import default_rng
from tokenizers import Tokenizer
from torch.nn import functional as F
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from model_utils.meadow import END, detokenize, is_meadow, sample_texts, tokenize
from model_utils.training import meadow_bert_rows as meadow
from model_utils.training.corpus import IGNORE, meadow_tokenizer
from model_utils.training.masked_network import PAD_ID, distributions, hidden_places, masked_loss, newborn
from model_utils.training.masked_rows import AS_ANOTHER, AS_MASK, HIDDEN, HIDDEN_MORE, batch, choose, hide, single
from model_utils.training.masked_tokenizer import MASK, NAMES, SEP, masked
from model_utils.training.network import Shape
from model_utils.training.storybook_bert import symbols_of
from model_utils.training.tokenizer import learn_pieces, save, token_string
from tests.training.own import BOOK

SHAPE = Shape(layers=1, heads=2, width=16, max_tokens=128)


@cache
def causal(name: str) -> Tokenizer:
    return learn_pieces(BOOK.train, 400) if name == "pieces" else meadow_tokenizer()


@cache
def tokenizer_of(name: str) -> Tokenizer:
    return masked(causal(name))


@cache
def loaded(name: str) -> PreTrainedTokenizerFast:
    with TemporaryDirectory() as folder:
        save(tokenizer_of(name), Path(folder), 128, NAMES)
        return AutoTokenizer.from_pretrained(folder)


both = pytest.mark.parametrize("name", ["words", "pieces"])


@both
def test_ids_are_those_of_the_causal_model_and_four_more(name: str) -> None:
    words, size = tokenizer_of(name), causal(name).get_vocab_size()
    assert [words.token_to_id(token) for token in NAMES.values()] == [0, size, size + 1, size + 2]
    assert words.token_to_id(END) is None and words.get_vocab_size() == size + 3
    for text in [*BOOK.train[0].splitlines(), *sample_texts(100, seed=3)]:
        assert words.encode(text).ids == [size, *causal(name).encode(text).ids[1:], size + 1]


@both
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The [MASK] dogs.", ["\u0120The", MASK, "\u0120dogs", "."]),
        ("[MASK] dogs", [MASK, "\u0120dogs"]),
        ("The [MASK].", ["\u0120The", MASK, "."]),
        ("The   [MASK], [MASK]?", ["\u0120The", MASK, ",", MASK, "?"]),
        ("[MASK][MASK]The", [MASK, MASK, "\u0120The"]),
    ],
)
def test_a_mask_is_one_token_and_what_stands_beside_it_is_as_ever(name: str, text: str, tokens: list[str]) -> None:
    words = tokenizer_of(name)
    found = [words.id_to_token(i) for i in words.encode(text).ids[1:-1]]
    if name == "pieces":  # "dogs" may be two pieces; joined they are the same
        found, tokens = ["".join(found)], ["".join(tokens)]
    assert found == tokens


def test_a_hidden_word_of_meadow_leaves_all_others_as_they_are() -> None:
    words = tokenizer_of("words")
    for text in sample_texts(60, seed=9):
        told = tokenize(text)
        for place in range(len(told)):
            blanked = detokenize([*told[:place], MASK, *told[place + 1 :]])
            expected = [words.token_to_id(token_string(word)) for word in told]
            expected[place] = words.token_to_id(MASK)
            assert words.encode(blanked).ids[1:-1] == expected


@both
@settings(max_examples=100, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_transformers_reads_it_the_same_and_nothing_is_unknown(name: str, text: str) -> None:
    ids = loaded(name)(text).input_ids
    assert ids == tokenizer_of(name).encode(text).ids
    assert loaded(name).mask_token == MASK and loaded(name).unk_token is None


def test_a_pair_has_two_segments() -> None:
    found = tokenizer_of("words").encode("The dogs.", "They are.")
    assert found.type_ids == [0] * 5 + [1] * 4
    assert [i for i, token in enumerate(found.ids) if token == tokenizer_of("words").token_to_id(SEP)] == [4, 8]


def test_eight_in_ten_are_masks_one_is_another_word_one_stays() -> None:
    symbols, draw = symbols_of(tokenizer_of("words").token_to_id), default_rng(5)
    ids = draw.integers(300, 800, (400, 100))
    shares = np.where(np.arange(400) % 2, HIDDEN_MORE, HIDDEN)
    chosen = choose(np.ones(ids.shape, dtype=bool), shares, draw)
    assert abs(chosen[::2].mean() - HIDDEN) < 0.01 and abs(chosen[1::2].mean() - HIDDEN_MORE) < 0.01
    seen = hide(ids, chosen, symbols, draw)
    assert (seen[~chosen] == ids[~chosen]).all()
    masks, kept = seen[chosen] == symbols.mask, seen[chosen] == ids[chosen]
    assert abs(masks.mean() - AS_MASK) < 0.02
    assert abs(kept.mean() - (1 - AS_MASK - AS_ANOTHER)) < 0.02
    others = seen[chosen][~masks & ~kept]
    assert others.min() >= symbols.words[0] and others.max() < symbols.cls and len(set(others.tolist())) > 300


def test_every_row_asks_for_something_and_only_what_is_asked_is_hidden() -> None:
    symbols = symbols_of(tokenizer_of("words").token_to_id)
    rows = [single(np.arange(300, 300 + length), symbols) for length in (1, 2, 3, 30, 120)]
    seen, asked, segments = batch(rows, symbols, default_rng(1))
    assert seen.shape == (5, 122) and not segments.any()
    for row, told in enumerate(rows):
        places = np.flatnonzero(asked[row] != IGNORE)
        assert len(places) and set(places) <= set(range(1, len(told.ids) - 1))
        assert (asked[row, places] == told.ids[places]).all()
        left = np.setdiff1d(np.arange(len(told.ids)), places)
        assert (seen[row, left] == told.ids[left]).all() and not seen[row, len(told.ids) :].any()


def test_the_loss_is_on_the_hidden_places_and_on_the_pairs() -> None:
    network = newborn(SHAPE, 900, seed=2, pairs=True).eval()
    found = torch.from_numpy(meadow.pool(1, 0, 12, 2)[0])
    seen, asked, segments = found
    with torch.no_grad():
        output = network(input_ids=seen, attention_mask=(seen != PAD_ID).long(), token_type_ids=segments)
        words = F.cross_entropy(output.prediction_logits[:, 1:].flatten(0, 1), asked[:, 1:].flatten())
        pairs = F.cross_entropy(output.seq_relationship_logits, asked[:, 0])
        assert masked_loss(network, found).item() == pytest.approx((words + pairs).item(), abs=1e-4)
        alone = found.clone()
        alone[1, :, 0] = IGNORE
        assert masked_loss(network, alone).item() == pytest.approx(words.item(), abs=1e-4)
    assert hidden_places(found) == int((asked[:, 1:] != IGNORE).sum()) > 12


def test_distributions_are_those_of_one_text_at_a_time() -> None:
    network = newborn(SHAPE, 900, seed=2, pairs=False).eval()
    rows = [[893, 300, 895, 894], [893, 895, 301, 302, 895, 14, 894], [893, 895, 894]]
    found = distributions(network, rows, 895)
    for row, probs in zip(rows, found, strict=True):
        with torch.no_grad():
            logits = network(input_ids=torch.tensor([row])).logits[0]
        torch.testing.assert_close(probs, logits[torch.tensor(row) == 895].softmax(-1))


def _texts(found: np.ndarray) -> list[str]:
    """The rows of a batch as texts, what was hidden put back."""
    ids = np.where(found[1] == IGNORE, found[0], found[1])
    ids[:, 0] = found[0, :, 0]
    return [tokenizer_of("words").decode([i for i in row if i], skip_special_tokens=False) for row in ids.tolist()]


def test_meadow_bert_reads_beginnings_of_documents() -> None:
    found = meadow.pool(3, 0, 60, 2)[1]
    texts = [text.removeprefix("[CLS] ").removesuffix(SEP) for text in _texts(found)]
    assert all(is_meadow(text) for text in texts)
    assert 0.7 < np.mean([text[-1] in ".?" for text in texts]) < 0.98
    assert (found[1, :, 0] == IGNORE).all() and not found[2].any()
    lasts = (found[0] != PAD_ID).sum(1) - 2
    hidden = found[1, np.arange(60), lasts] != IGNORE
    assert not any(there and text[-1] in ".?" for there, text in zip(hidden, texts, strict=True) if len(text) > 90)


def test_how_often_a_beginning_is_read_depends_on_its_length_alone() -> None:
    """Of the documents with a whole sentence of n words at their opening, the share that is read: 12 / n or all."""
    draw, read, there = default_rng(7), dict.fromkeys(range(5, 30), 0), dict.fromkeys(range(5, 30), 0)
    for ids in meadow.documents(6000, seed=4):
        ends = np.cumsum([len(sentence) for sentence in meadow.sentences(ids)]).tolist()
        for end in ends:
            there[end] = there.get(end, 0) + 1
        for row in meadow.beginnings(ids, draw):
            if not row.open_to[-2]:
                read[len(row.ids) - 2] = read.get(len(row.ids) - 2, 0) + 1
    for length, count in there.items():
        share = min(1.0, meadow.SHORT / length)
        assert abs(read.get(length, 0) - count * share) <= 5 * (count * share * (1 - share)) ** 0.5 + 1e-9


def test_a_pair_that_follows_opens_a_document_and_others_seldom_do() -> None:
    rows = list(islice(meadow.pairs(meadow.documents(2000, seed=8), default_rng(2)), 300))
    follow = [row.follows == 0 for row in rows]
    assert 0.4 < np.mean(follow) < 0.75
    for row in rows:
        assert len(row.ids) <= 128
        text = tokenizer_of("words").decode(row.ids.tolist(), skip_special_tokens=True)
        if row.follows == 0:
            assert is_meadow(text)
    astray = [row for row in rows if row.follows]
    fits = [is_meadow(tokenizer_of("words").decode(row.ids.tolist(), skip_special_tokens=True)) for row in astray]
    assert np.mean(fits) < 0.15


def test_a_tokenizer_without_an_end_cannot_be_made_masked() -> None:
    with pytest.raises((KeyError, ValueError)):
        masked(tokenizer_of("words"))

"""What the browser receives is what the model computed, and it fits."""

import dataclasses
import json
import time

import numpy as np
import pytest

from pages.ui.lens.payload import BUDGET, payload, quantise, remainder, telling_head, unpack_bytes
from tests.lens.runs import HOSTILE, attention, run, translator

VIEW = {"mode": "lens", "name": "lesson.lens", "words": {"looks_at": "看向"}}


def weights_of(blocks, trace, run_index: int, module: int) -> np.ndarray:
    """The weights as the browser puts them back: sent places filled, all others zero."""
    shown = trace.attentions[module]
    sent = blocks[f"{run_index}.{module}.w"]
    levels = {"float32": 1, "uint16": 65535, "uint8": 255}[str(sent.dtype)]
    bits = np.unpackbits(blocks[f"{run_index}.{module}.v"], count=shown.visible.size).astype(bool)
    places = bits.reshape(shown.visible.shape)
    dense = np.zeros_like(shown.attn_weights)
    dense[:, places] = sent.reshape(len(dense), -1) / levels
    return dense


@pytest.mark.parametrize("trace", [run(), run(causal=False), translator()], ids=["causal", "encoder", "translator"])
def test_small_runs_arrive_to_the_last_bit(trace):
    header, blocks = unpack_bytes(payload([trace], None, VIEW).data)
    assert header["exact"] == "all"
    for module, shown in enumerate(trace.attentions):
        assert np.array_equal(blocks[f"0.{module}.q"].reshape(shown.queries.shape), shown.queries)
        assert np.array_equal(blocks[f"0.{module}.k"].reshape(shown.keys.shape), shown.keys)
        assert np.array_equal(weights_of(blocks, trace, 0, module), shown.attn_weights)
        assert header["runs"][0]["modules"][module]["shape"] == list(shown.attn_weights.shape)


@pytest.mark.parametrize(("tokens", "dtype"), [(64, "uint16"), (80, "uint8")])
def test_twelve_by_twelve_heads_fit_with_one_head_exact(tokens, dtype):
    trace = run(12, 12, tokens, 64)
    packed = payload([trace], (7, 3), VIEW)
    header, blocks = unpack_bytes(packed.data)
    assert len(packed.data) < 1_000_000
    assert (packed.exact, header["runs"][0]["head"]) == ("one", [7, 3])
    shown = trace.attentions[7]
    assert np.array_equal(blocks["0.7.x"].reshape(shown.attn_weights[3].shape), shown.attn_weights[3])
    assert np.array_equal(blocks["0.7.q"].reshape(tokens, 64), shown.queries[3])
    assert blocks["0.5.w"].dtype == dtype
    step = {"uint16": 1 / 65535, "uint8": 1 / 255}[dtype]
    assert np.abs(weights_of(blocks, trace, 0, 5) - trace.attentions[5].attn_weights).max() <= step / 2 + 1e-7


def test_two_large_runs_together_fit():
    intact, broken = run(12, 12, 64, 64), run(12, 12, 48, 64, causal=False)
    assert len(payload([intact, broken], None, VIEW).data) < 1_000_000


def test_packing_a_large_run_is_quick():
    trace = run(12, 12, 64, 64)
    payload([trace], None, VIEW)
    start = time.perf_counter()
    payload([trace], None, VIEW)
    assert time.perf_counter() - start < 1.0


def test_a_masked_row_that_still_has_weights_is_sent_whole():
    """A row that may see nothing gets weights all the same from some models; zeros would be a lie."""
    trace = run(1, 2, 4)
    shown = trace.attentions[0]
    visible, weights = shown.visible.copy(), shown.attn_weights.copy()
    visible[0], weights[:, 0] = False, 0.25
    odd = dataclasses.replace(shown, visible=visible, attn_weights=weights)
    header, blocks = unpack_bytes(payload([dataclasses.replace(trace, attentions=(odd,))], None, VIEW).data)
    assert header["runs"][0]["modules"][0]["dense"]
    assert np.array_equal(blocks["0.0.w"].reshape(weights.shape), weights)


def test_the_remainder_is_what_the_model_adds_and_none_when_it_adds_nothing():
    assert remainder(attention(0, 2, 5, 5, 8)) is None
    biased = attention(0, 2, 5, 5, 8, bias=0.5)
    distance = np.abs(np.arange(5)[:, None] - np.arange(5)[None])
    assert np.allclose(remainder(biased), 0.5 * distance, atol=1e-5)
    _, blocks = unpack_bytes(payload([run(1, 2, 5, bias=0.5)], None, VIEW).data)
    assert blocks["0.0.r"].size == 2 * 5 * 5


def test_hostile_tokens_are_only_text_in_ascii_json():
    trace = run(tokens=HOSTILE)
    data = payload([trace], None, VIEW).data
    length = int.from_bytes(data[:4], "little")
    assert json.loads(data[4 : 4 + length].decode("ascii"))["runs"][0]["tokens"] == list(HOSTILE)


@pytest.mark.parametrize("ask", [None, (9, 0), (0, 9), (-1, 0), (0, -1)])
def test_a_head_that_is_not_there_becomes_the_telling_one(ask):
    trace = run()
    assert payload([trace], ask, VIEW).head == telling_head(trace)


def test_the_telling_head_points_further_than_to_its_neighbour():
    trace = run(2, 3, 6)
    shown = trace.attentions[1]
    weights = shown.attn_weights.copy()
    weights[0], weights[2] = np.eye(6, k=-1), np.eye(6, k=-2)
    pointed = dataclasses.replace(shown, attn_weights=weights)
    assert telling_head(dataclasses.replace(trace, attentions=(trace.attentions[0], pointed))) == (1, 2)


def test_weights_are_rounded_not_cut():
    assert quantise(np.array([0.0, 0.4999 / 255, 0.5001 / 255, 1.0]), "uint8").tolist() == [0, 0, 1, 255]


def test_blocks_start_where_typed_arrays_may_start():
    header, _ = unpack_bytes(payload([run(1, 1, 3, 5)], None, VIEW).data)
    assert all(offset % 4 == 0 for _, offset, _ in header["blocks"].values())
    assert BUDGET < 1_000_000

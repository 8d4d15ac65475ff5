"""Ragged batches: a masked padding changes nothing, an unmasked one does, and nobody is told less than the truth."""

from typing import Any

import numpy as np
import pytest
from transformers import AutoModelForCausalLM

from model_utils import ModelError, Unmasked, trace, trace_batch

TEXTS = ("the dogs near the tree are on the river mat", "a quick fox", "the cat sat on the mat")


@pytest.mark.parametrize("name", ["gpt2", "bert", "roberta", "llama", "modernbert", "t5"])
def test_masked_padding_on_the_right_changes_nothing(name: str, model_of: Any) -> None:
    runs = trace_batch(model_of(name), TEXTS)
    assert len({len(run.source_tokens or run.tokens) for run in runs}) == 1
    for text, run in zip(TEXTS, runs, strict=True):
        alone = trace(model_of(name), text)
        T = len(alone.source_tokens or alone.tokens)
        ours, theirs = (r.encoder_hidden_states if name == "t5" else r.hidden_states for r in (run, alone))
        np.testing.assert_allclose(ours[:, :T], theirs, atol=1e-5)
        assert (run.source_tokens or run.tokens)[:T] == (alone.source_tokens or alone.tokens)
        assert all("pad" in token.lower() for token in (run.source_tokens or run.tokens)[T:])


@pytest.mark.parametrize("name", ["bert", "roberta"])
def test_unmasked_padding_moves_an_encoder(name: str, model_of: Any) -> None:
    run = trace_batch(model_of(name), TEXTS, padding_mask=False)[1]
    alone = trace(model_of(name), TEXTS[1])
    T = len(alone.tokens)
    assert np.abs(run.hidden_states[-1, :T] - alone.hidden_states[-1]).max() > 1e-2
    assert run.attentions[0].attn_weights[:, 0, T:].min() > 0
    assert run.attentions[0].visible.all()


def test_padding_on_the_left_shifts_the_positions_of_gpt2(model_of: Any) -> None:
    run = trace_batch(model_of("gpt2"), TEXTS, padding_side="left")[1]
    alone = trace(model_of("gpt2"), TEXTS[1])
    T = len(alone.tokens)
    assert run.tokens[-T:] == alone.tokens and run.spans[-T:] == alone.spans
    assert (run.attentions[0].attn_weights[:, -1, :-T] == 0).all()
    assert np.abs(run.logits[-1] - alone.logits[-1]).max() > 1e-3


def test_padding_on_the_left_shifts_rotary_positions_without_harm(model_of: Any) -> None:
    run = trace_batch(model_of("llama"), TEXTS, padding_side="left")[1]
    alone = trace(model_of("llama"), TEXTS[1])
    np.testing.assert_allclose(run.logits[-len(alone.tokens) :], alone.logits, atol=1e-5)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_batch_is_what_transformers_makes_of_it(side: str, model_of: Any, folder_of: Any) -> None:
    model = model_of("gpt2")
    tokenizer = type(model.tokenizer).from_pretrained(folder_of("gpt2"), padding_side=side)
    network = AutoModelForCausalLM.from_pretrained(folder_of("gpt2"), attn_implementation="eager").eval()
    inputs = tokenizer(list(TEXTS), padding=True, return_tensors="pt")
    logits = network(**inputs).logits.detach().numpy()
    for row, run in enumerate(trace_batch(model, TEXTS, padding_side=side)):
        np.testing.assert_array_equal(run.token_ids, inputs["input_ids"][row])
        np.testing.assert_allclose(run.logits, logits[row], atol=1e-5)


def test_unmasked_in_a_batch_still_hides_the_padding(model_of: Any) -> None:
    run = trace_batch(model_of("gpt2"), TEXTS, interventions=[Unmasked()])[1]
    T = len(trace(model_of("gpt2"), TEXTS[1]).tokens)
    assert run.attentions[0].visible[:, :T].all() and not run.attentions[0].visible[:, T:].any()


def test_no_text_at_all_is_refused(model_of: Any) -> None:
    for texts in ((), ("", "the cat")):
        with pytest.raises(ModelError, match="empty_text"):
            trace_batch(model_of("bert"), texts)

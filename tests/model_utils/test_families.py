"""Every family, loaded from disk: what a trace holds is what eager attention computes, to the last digits."""

from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

from model_utils import Trace, trace
from tests.model_utils.families import FAMILIES

AUTO = {
    "causal": AutoModelForCausalLM,
    "masked": AutoModelForMaskedLM,
    "seq2seq": AutoModelForSeq2SeqLM,
    "encoder": AutoModel,
}
TEXT = "the dogs near the tree are on the river mat"


def eager(run: Trace, folder: Any, source_ids: list[int]) -> Any:
    """The same tokens through transformers' own eager attention."""
    network = AUTO[run.model_kind].from_pretrained(folder, attn_implementation="eager").eval()
    inputs = {"input_ids": torch.tensor([source_ids])}
    if run.model_kind == "seq2seq":
        inputs["decoder_input_ids"] = torch.tensor(run.token_ids[None])
    with torch.no_grad():
        return network(**inputs, output_hidden_states=True, output_attentions=True)


def close(ours: np.ndarray, theirs: Any) -> None:
    np.testing.assert_allclose(ours, np.asarray(theirs), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_trace_is_what_eager_attention_computes(name: str, model_of: Any, folder_of: Any) -> None:
    model = model_of(name)
    target = "a quick fox" if model.kind == "seq2seq" else None
    run = trace(model, TEXT, target_text=target)
    source_ids = model.tokenizer(TEXT)["input_ids"]
    reference = eager(run, folder_of(name), source_ids)

    sides = {"self": "decoder_attentions", "cross": "cross_attentions", "encoder": "encoder_attentions"}
    for kind in {attention.kind for attention in run.attentions}:
        theirs = getattr(reference, sides[kind] if target else "attentions")
        ours = [attention for attention in run.attentions if attention.kind == kind]
        assert [attention.layer for attention in ours] == list(range(len(theirs))) == [0, 1]
        for attention, weights in zip(ours, theirs, strict=True):
            close(attention.attn_weights, weights[0])
    states = reference.decoder_hidden_states if target else reference.hidden_states
    close(run.hidden_states, torch.stack(states)[:, 0])
    if target:
        close(run.encoder_hidden_states, torch.stack(reference.encoder_hidden_states)[:, 0])
        assert len(run.source_tokens) == len(source_ids)
    if model.kind == "encoder":
        assert run.logits is None
    else:
        close(run.logits, reference.logits[0])


@pytest.mark.parametrize("name", FAMILIES)
def test_the_parts_of_an_attention_make_its_whole(name: str, model_of: Any) -> None:
    """Scores are q.k times the scaling (plus what the family adds), weights their softmax; rows sum to 1."""
    model = model_of(name)
    run = trace(model, TEXT, target_text="a quick fox" if model.kind == "seq2seq" else None)
    for attention in run.attentions:
        H, T, D = attention.queries.shape
        assert attention.keys.shape == attention.values.shape == (H, attention.visible.shape[1], D)
        products = attention.queries @ attention.keys.swapaxes(1, 2) * attention.scaling
        if name == "gemma2":
            products = 0.5 * np.tanh(products / 0.5)
        if name == "t5" and attention.kind != "cross":
            assert np.abs(attention.attn_scores - products).max() > 0.01  # the position bias
        else:
            close(attention.attn_scores, products)
        hidden = np.where(attention.visible, attention.attn_scores, -np.inf)
        powers = np.exp(hidden - hidden.max(-1, keepdims=True))
        close(attention.attn_weights, powers / powers.sum(-1, keepdims=True))
        close(attention.attn_weights.sum(-1), np.ones((H, T)))


CAUSAL = ["gpt2", "llama", "qwen2", "gemma2", "phi", "gpt_neox", "opt"]


@pytest.mark.parametrize("name", CAUSAL)
def test_a_causal_model_never_looks_ahead(name: str, model_of: Any) -> None:
    for attention in trace(model_of(name), TEXT).attentions:
        assert (np.triu(attention.attn_weights, 1) == 0).all()
        assert not np.triu(attention.visible, 1).any()


def test_a_sliding_window_hides_what_lies_behind_it(model_of: Any) -> None:
    attention = trace(model_of("mistral"), TEXT).attentions[0]
    T = len(attention.visible)
    distance = np.arange(T)[:, None] - np.arange(T)
    assert (attention.visible == ((distance >= 0) & (distance < 3))).all()


def test_cross_attention_has_its_own_length(model_of: Any) -> None:
    for name in ("t5", "bart", "marian"):
        run = trace(model_of(name), TEXT, target_text="a fox")
        shapes = {a.kind: a.attn_weights.shape[1:] for a in run.attentions}
        T, S = len(run.tokens), len(run.source_tokens)
        assert T != S
        assert shapes == {"encoder": (S, S), "self": (T, T), "cross": (T, S)}
        assert [a.kind for a in run.attentions] == ["encoder"] * 2 + ["self", "cross"] * 2


@pytest.mark.parametrize("name", ["gpt2", "bert"])
def test_queries_keys_and_values_by_hand(name: str, model_of: Any) -> None:
    """Each layer's Q, K, V and scores from the hidden states and the weights of the checkpoint, without its code."""
    model = model_of(name)
    run = trace(model, TEXT)
    weights = {key: value.double() for key, value in model.network.state_dict().items()}
    for layer, attention in enumerate(run.attentions):
        states = torch.tensor(run.hidden_states[layer]).double()  # (T, C)
        if name == "gpt2":
            norm = [weights[f"transformer.h.{layer}.ln_1.{part}"] for part in ("weight", "bias")]
            states = torch.nn.functional.layer_norm(states, (32,), *norm, eps=1e-5)
            at = f"transformer.h.{layer}.attn.c_attn."
            projected = (states @ weights[at + "weight"] + weights[at + "bias"]).split(32, dim=1)
        else:
            at = f"bert.encoder.layer.{layer}.attention.self."
            projected = [
                states @ weights[f"{at}{part}.weight"].T + weights[f"{at}{part}.bias"]
                for part in ("query", "key", "value")
            ]
        by_hand = [part.reshape(-1, 4, 8).transpose(0, 1) for part in projected]  # 3 x (H, T, D)
        for ours, theirs in zip((attention.queries, attention.keys, attention.values), by_hand, strict=True):
            close(ours, theirs)
        close(attention.attn_scores, by_hand[0] @ by_hand[1].transpose(1, 2) / 8**0.5)

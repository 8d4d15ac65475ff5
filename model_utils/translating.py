"""translate(model, text) -> Translation: what a sequence-to-sequence model writes, the likeliest token each time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from model_utils.reading import Reading, read
from model_utils.types import Floats, Model


@dataclass(frozen=True, eq=False)
class Translation:
    """What a model wrote for `text`, greedily; T tokens, the closing one among them when it `ended` by itself.

    log_probabilities[t] is ln P(token t | source, tokens before it), over the whole vocabulary.
    trace(model, text, target_ids=translation.token_ids) gives everything that happened: row t wrote token t.
    """

    text: str
    token_ids: tuple[int, ...]
    tokens: tuple[str, ...]  # T, readable
    target_text: str
    log_probabilities: Floats  # (T,)
    ended: bool


def translate(model: Model, text: str, most: int = 128) -> Translation:
    """Greedy search with the model's own cache of keys and values, at most `most` tokens and what its positions reach.

    The padding token is never written, and a first token that the model's generation settings force is; otherwise the
    likeliest token is taken. `model` is one of kind "seq2seq". Raises ModelError "empty_text".
    """
    source = torch.tensor([read(model, text).ids], device=model.device)  # (1, S)
    ends = special_ids(model, "eos_token_id")
    ids: list[int] = []
    log_probs: list[float] = []
    for token_id, log_prob in _greedy(model, source):
        ids.append(token_id)
        log_probs.append(log_prob)
        if token_id in ends or len(ids) >= min(most, model.max_tokens):
            break
    written = spelled(model, ids)
    ended = ids[-1] in ends
    return Translation(text, written.ids, written.tokens, written.text, np.array(log_probs, dtype=np.float32), ended)


def spelled(model: Model, ids: Sequence[int]) -> Reading:
    """Exactly these ids as a target, with the text that they spell and where in it each of them stands.

    Encoding that text need not give these ids again, so nothing is encoded. Special tokens spell nothing.
    """
    with model.lock:  # tokenizers with two sides switch themselves about
        ends = [len(model.tokenizer.decode(ids[:n], skip_special_tokens=True)) for n in range(len(ids) + 1)]
        text = model.tokenizer.decode(ids, skip_special_tokens=True)
    spans = tuple((min(a, b), b) for a, b in pairwise(ends))
    return Reading(text, tuple(ids), tuple(model.vocabulary[i] for i in ids), spans, 0)


def special_ids(model: Model, name: str) -> tuple[int, ...]:
    """The ids of a special token, such as "eos_token_id", as the model's generation settings or its config have it."""
    configs = (getattr(model.network, "generation_config", None), model.network.config)
    found = next((value for config in configs if (value := getattr(config, name, None)) is not None), ())
    return (found,) if isinstance(found, int) else tuple(found)


def _greedy(model: Model, source: Tensor) -> Iterator[tuple[int, float]]:
    """Endless: the next token's id and its log-probability; the network never reads a position it does not have."""
    forced = list(special_ids(model, "forced_bos_token_id"))
    start = special_ids(model, "decoder_start_token_id")[0]
    last, past = torch.tensor([[start]], device=model.device), None
    with torch.inference_mode():
        encoded = model.network.get_encoder()(input_ids=source, attention_mask=torch.ones_like(source))
    while True:
        with torch.inference_mode():
            output = _step(model.network, encoded, last, past)
            log_probs = output.logits[0, -1].float().log_softmax(-1)  # (V,)
        token_id = forced.pop() if forced else _likeliest(log_probs, special_ids(model, "pad_token_id"), start)
        last, past = torch.full_like(last, token_id), output.past_key_values
        yield token_id, float(log_probs[token_id])


def _step(network: Any, encoded: Any, last: Tensor, past: Any) -> Any:
    """One pass of the decoder over the last token (1, 1)."""
    seen = torch.ones(encoded.last_hidden_state.shape[:2], dtype=torch.long, device=last.device)
    return network(
        encoder_outputs=encoded, attention_mask=seen, decoder_input_ids=last, past_key_values=past, use_cache=True
    )


def _likeliest(log_probs: Tensor, pads: tuple[int, ...], start: int) -> int:
    """log_probs (V,) -> the id of the largest that is no padding; equals in order of id."""
    allowed = log_probs.clone()
    allowed[list(pads)] = -torch.inf
    return int(allowed.argmax())

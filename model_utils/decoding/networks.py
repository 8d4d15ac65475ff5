"""A real network as a function from the tokens so far to the logits of the next one, with its KV cache inside."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from copy import copy, deepcopy
from functools import lru_cache
from inspect import signature
from typing import Any

import torch
from torch import Tensor

from model_utils.decoding.walking import Ids, NextLogits
from model_utils.types import Model

KEPT = 16  # caches at once: as many beginnings as a search goes on from


def next_logits_of(model: Model, heard: Callable[[], None] = lambda: None) -> NextLogits:
    """Each beginning is computed once, and from its parent's keys and values where these are still there.

    heard: called before each forward pass; what it raises stops the work. The function belongs to one request.
    """
    logits: dict[Ids, Tensor] = {}
    caches: OrderedDict[Ids, Any] = OrderedDict()

    def next_logits(ids: Ids) -> Tensor:
        if ids not in logits:
            heard()
            logits[ids], caches[ids] = forward(model, ids, caches.get(ids[:-1]))
            while len(caches) > KEPT:
                caches.popitem(last=False)
        return logits[ids]

    return next_logits


def forward(model: Model, ids: Ids, cache: Any = None, keep: bool = True, own: bool = False) -> tuple[Tensor, Any]:
    """Logits after `ids`, (V,) float32, and the keys and values of all of them.

    cache: what this returned for all but the last token; it is left as it was, unless it is the caller's `own`.
    keep=False computes without a cache.
    """
    read = ids if cache is None else ids[-1:]
    inputs = {"input_ids": torch.tensor([read], device=model.device), "use_cache": keep}
    if cache is not None:
        inputs |= {"past_key_values": cache if own else _branched(cache)}
    if _keeps_few(type(model.network)):
        inputs |= {"logits_to_keep": 1}  # what comes after earlier tokens is known: it need not be read out again
    with torch.no_grad():
        output = model.network(**inputs)
    return output.logits[0, -1].float().cpu(), getattr(output, "past_key_values", None) if keep else None


@lru_cache
def _keeps_few(network: type) -> bool:
    """Whether a network of this kind can be told to read out only the last places."""
    return "logits_to_keep" in signature(network.forward).parameters


def _branched(cache: Any) -> Any:
    """A cache that can grow apart from this one. A layer grows by making new tensors: the old ones can be shared."""
    if not hasattr(cache, "layers"):
        return deepcopy(cache)
    branch = copy(cache)
    branch.layers = [copy(layer) for layer in cache.layers]
    return branch


def ends_of(model: Model) -> frozenset[int]:
    """The tokens with which this model ends a text; none where it has none."""
    own = model.network.generation_config.eos_token_id if hasattr(model.network, "generation_config") else None
    found = model.tokenizer.eos_token_id if own is None else own
    return frozenset([] if found is None else found if isinstance(found, Collection) else [found])


def room(model: Model, ids: Ids) -> int:
    """How many tokens still fit behind these."""
    return max(model.max_tokens - len(ids), 0)


def read_out(model: Model, ids: Ids) -> str:
    """Tokens as text, without those that stand for no text."""
    return model.tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False)

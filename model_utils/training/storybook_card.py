"""What the card of storybook-gpt says: held-out loss, what it puts after three openings, samples, heads."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from model_utils.training import held_out
from model_utils.training.corpus import Ids
from model_utils.training.habits import head_scores
from model_utils.training.sampling import draw
from model_utils.training.shipped import opened, words_of
from model_utils.training.storybook_gpt import ids_of
from model_utils.training.texts import Split

TEMPERATURES = (0.5, 0.8, 1.0)
SHOWN = 8  # pieces named after an opening
CHUNKS, WORD = 3, 4  # held-out chunks kept token by token; letters of a piece that counts as a whole word


def measure(folder: Path, texts: Split[str]) -> dict[str, Any]:
    """All of the card that is measured, on the shipped weights, in float32."""
    network, words = opened(folder), words_of(folder)
    train, unseen = ([closed(words, text) for text in some] for some in (texts.train, texts.held_out))
    return {
        "parameters": sum(p.numel() for p in network.parameters()),
        "training_characters": sum(len(text) + 1 for text in texts.train),
        **held_out.compared(network, train, unseen, sum(len(text) + 1 for text in texts.held_out)),
        "after": {opening: after(network, words, opening, right) for opening, right in openings().items()},
        "samples": samples(network, words, [*openings(), "Once upon a time"]),
        "heads": head_scores(network, [0], whole_words(words), (ids[:100] for ids in unseen)),
    }


def closed(words: Tokenizer, text: str) -> Ids:
    """END + paragraph for each line of a chunk, and END after the last."""
    return np.append(ids_of(words, text), 0)


def kept_losses(folder: Path, texts: Split[str]) -> dict[str, Any]:
    """The surprisals of a few held-out chunks and of our own lines, for a test to look at."""
    words, own = words_of(folder), held_out.own_lines("english")
    unseen, ours = ({text: closed(words, text) for text in some} for some in (texts.held_out, own))
    return held_out.kept(opened(folder), unseen, ours, CHUNKS)


def openings() -> Mapping[str, Sequence[str]]:
    """The parts of speech that can follow, by opening."""
    return _lists()["openings"]


def _lists() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("parts_of_speech.toml").read_text(encoding="utf-8"))


@torch.no_grad()
def after(network: nn.Module, words: Tokenizer, opening: str, right: Sequence[str]) -> dict[str, Any]:
    """The likeliest pieces after `opening`; the shares of the probability on words of our lists that can follow, on
    other words of the lists, and on pieces that are in no list."""
    token_ids = torch.tensor([words.encode(opening).ids])
    probs = network(input_ids=token_ids, use_cache=False).logits[0, -1].softmax(-1)  # (V,)
    strings = [words.decode([i], skip_special_tokens=False) for i in range(len(probs))]
    fits = {word for part in right for word in _lists()[part].split()}
    listed = {word for part, some in _lists().items() if part != "openings" for word in some.split()}
    whole = [words.id_to_token(i).startswith("\u0120") for i in range(len(probs))]
    share = {"right": 0.0, "wrong": 0.0, "in_no_list": 0.0}
    for string, is_word, p in zip(strings, whole, probs.tolist(), strict=True):
        known = is_word and string in listed
        share["right" if known and string in fits else "wrong" if known else "in_no_list"] += p
    best = [[strings[i], round(probs[i].item(), 4)] for i in probs.topk(SHOWN).indices.tolist()]
    return {"next": best, **{name: round(p, 4) for name, p in share.items()}}


def samples(network: nn.Module, words: Tokenizer, prompts: Sequence[str]) -> dict[str, list[str]]:
    """One paragraph for each prompt, to its end or the end of the context, by temperature."""
    fed = [words.encode(prompt).ids for prompt in prompts]
    return {
        str(temperature): [
            words.decode([*ids, *new])
            for ids, new in zip(fed, draw(network, fed, temperature, end=0, seed=1), strict=True)
        ]
        for temperature in TEMPERATURES
    }


def whole_words(words: Tokenizer) -> list[int]:
    """The pieces that are a word of at least WORD letters with its space."""
    strings = (words.id_to_token(i) for i in range(words.get_vocab_size()))
    return [
        i for i, s in enumerate(strings) if s[:1] == "\u0120" and s[1:].isalpha() and s[1:].islower() and len(s) > WORD
    ]

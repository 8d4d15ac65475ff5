"""The recipe of BERT on one sentence: which places, which of three fates, and what the model then has to say."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.masked_words import maths
from lessons.masked_words.steps import run_ids
from model_utils.errors import ModelError
from model_utils.reading import Reading, read
from model_utils.types import Floats, Model

FATES = ("untouched", "covered", "strange", "kept")


@dataclass(frozen=True, eq=False)
class Draw:
    """One throw of the dice over T tokens. fates: indices into FATES; read: the ids that the model gets."""

    fates: NDArray[np.int64]  # (T,)
    read: NDArray[np.int64]  # (T,)

    @property
    def chosen(self) -> NDArray[np.bool_]:
        """(T,): the places that count."""
        return self.fates > 0


@dataclass(frozen=True, eq=False)
class Taught:
    """What one sentence teaches in one step: T tokens, what is read instead, the model's guesses and its losses."""

    tokens: tuple[str, ...]
    read: tuple[str, ...]
    guesses: tuple[str, ...]
    fates: NDArray[np.int64]  # (T,)
    losses: Floats  # (T,) nats, those at places that do not count as well

    @property
    def loss(self) -> float:
        """The mean over the places that count."""
        return float(self.losses[self.fates > 0].mean())

    @property
    def loss_everywhere(self) -> float:
        """The mean over all places."""
        return float(self.losses.mean())


def draw(token_ids: NDArray[np.int64], real: NDArray[np.bool_], share: float, seed: int, mask_id: int,
         words: NDArray[np.int64]) -> Draw:  # fmt: skip
    """Choose `share` of the real places, at least one, and throw for each. token_ids, real: (T,); words: all ids that
    may be put in."""
    generator = torch.Generator().manual_seed(seed)
    candidates = torch.from_numpy(np.nonzero(real)[0])  # (N,)
    count = max(1, round(share * len(candidates)))
    order = torch.randperm(len(candidates), generator=generator)
    ids = torch.from_numpy(token_ids)
    chosen = torch.zeros(len(ids), dtype=torch.bool)
    chosen[candidates[order[:count]]] = True
    fate = torch.rand(len(ids), generator=generator)
    strangers = torch.from_numpy(words)[torch.randint(len(words), (len(ids),), generator=generator)]
    read_ids = maths.spoil(ids, chosen, fate, strangers, mask_id)
    kinds = torch.where(fate < 0.8, 1, torch.where(fate < 0.9, 2, 3)) * chosen  # (T,)
    return Draw(kinds.numpy(), read_ids.numpy())


def taught(model: Model, text: str, share: float, seed: int) -> Taught:
    """Spoil the text, let the model read it, and see what it says at every place."""
    reading = read(model, text)
    ids = np.array(reading.ids)
    real = _real(reading) & (ids != model.tokenizer.mask_token_id)
    if not real.any():
        raise ModelError("empty_text")
    thrown = draw(ids, real, share, seed, model.tokenizer.mask_token_id, _words(model))
    logits = run_ids(model, torch.from_numpy(thrown.read)[None])[0]  # (T, V)
    losses = maths.losses(logits, torch.from_numpy(ids))  # (T,)
    named = model.vocabulary.__getitem__
    return Taught(
        tokens=tuple(reading.tokens[place] for place in np.nonzero(real)[0]),
        read=tuple(named(int(i)) for i in thrown.read[real]),
        guesses=tuple(named(int(i)) for i in logits.argmax(-1).numpy()[real]),
        fates=thrown.fates[real],
        losses=losses.numpy()[real],
    )


def _real(reading: Reading) -> NDArray[np.bool_]:
    """(T,): the tokens of the text, without those that the tokenizer put there."""
    return np.array([end > start for start, end in reading.spans])


def _words(model: Model) -> NDArray[np.int64]:
    """Every id that may stand in for another: no special ones, no loose bytes and no lone Latin letters."""
    special, count = {*model.tokenizer.all_special_ids}, min(len(model.vocabulary), len(model.tokenizer))
    words = [i for i in range(count) if i not in special and _is_word(model.vocabulary[i].strip())]
    return np.array(words or [i for i in range(count) if i not in special])


def _is_word(token: str) -> bool:
    return not token.startswith(("<0x", "<#")) and (len(token) > 1 or not token.isascii())

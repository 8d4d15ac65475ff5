"""A model's input table: its rows, the row of a word that somebody typed, and a sample of words with their groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.embeddings import maths
from model_utils.meadow import categories
from model_utils.types import Floats, Model

FIRST_CHARACTER = "\u3400"  # of Chinese, in the order of Unicode
MOST = 700  # words of a map: t-SNE takes about a second for them
_OF = {
    "people": "person folk profession",
    "animals": "animal",
    "places": "place country city spot landmark",
    "things": "thing product nature noun",
    "qualities": "feeling quality character colour adjective verdict",
    "actions": "verb doing auxiliary",
}


@dataclass(frozen=True, eq=False)
class Sample:
    """N words of a model's vocabulary, each a token of its own, with their rows."""

    ids: NDArray[np.int64]  # (N,)
    words: tuple[str, ...]
    groups: tuple[str, ...]  # of lessons.embeddings.GROUPS
    rows: Floats  # (N, C)

    @property
    def directions(self) -> Floats:
        """The rows made equally long, so that near means: at a small angle. (N, C)."""
        return maths.unit(torch.from_numpy(self.rows)).numpy()


def rows_of(model: Model) -> torch.Tensor:
    """The input table W, (V, C): a row for each token that has a name."""
    weight = model.network.get_input_embeddings().weight.detach()
    return weight[: len(model.vocabulary)].float().cpu()


def place_of(word: str, vocabulary: tuple[str, ...]) -> int | None:
    """The id of a word that is one token. With a space before it first: so words stand inside a text."""
    return _place(word, _first_ids(vocabulary))


def _place(word: str, known: Mapping[str, int]) -> int | None:
    word = word.strip()
    written = dict.fromkeys(form for said in (word, word.lower(), word.capitalize()) for form in (f" {said}", said))
    return next((known[form] for form in written if form.strip() and form in known), None)


def places_of(words: Sequence[str], vocabulary: tuple[str, ...]) -> tuple[dict[str, int], list[str]]:
    """Word -> id of those that are one token, and the words that are none."""
    ids = _first_ids(vocabulary)
    found = {word: _place(word, ids) for word in words}
    known = {word: place for word, place in found.items() if place is not None}
    return known, [word for word in found if word not in known]


def sample(model: Model) -> Sample:
    """Meadow's words where the vocabulary has them, then its first whole words, MOST in all."""
    known, _ = places_of(list(categories()), model.vocabulary)
    ids = dict.fromkeys(known.values())
    spaced = any(token.startswith(" ") and token[1:].isalpha() for token in model.vocabulary)
    for place, token in enumerate(model.vocabulary):
        if len(ids) >= MOST:
            break
        if _is_word(token, spaced):
            ids.setdefault(place)
    chosen = np.array(list(ids)[:MOST], dtype=np.int64)
    words = tuple(model.vocabulary[place].strip() for place in chosen)
    return Sample(chosen, words, tuple(group_of(word) for word in words), rows_of(model)[chosen].numpy())


def suggestions(model: Model, wanted: Sequence[str]) -> tuple[str, ...]:
    """Those of the wanted words that are one token here; of a model that knows none, a few of its own."""
    known = tuple(word for word in wanted if place_of(word, model.vocabulary) is not None)
    return known or tuple(dict.fromkeys(sample(model).words))[: len(wanted)]


def _is_word(token: str, spaced: bool) -> bool:
    """A word rather than a piece of one. spaced: this vocabulary writes the space before a word into its token."""
    word = token.strip()
    chinese = word >= FIRST_CHARACTER  # a Chinese character is a word; a letter is none
    return word.isalpha() and (chinese or (len(word) > 1 and token.startswith(" ") == spaced))


def group_of(word: str) -> str:
    """The group of a word by Meadow's own categories; a name keeps its capital there, other models may not."""
    known = categories()
    category = next((known[form] for form in (word, word.lower(), word.capitalize()) if form in known), "")
    return _groups().get(category, "rest")


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, str]:
    return MappingProxyType({category: group for group, listed in _OF.items() for category in listed.split()})


@lru_cache(maxsize=16)
def _first_ids(vocabulary: tuple[str, ...]) -> Mapping[str, int]:
    """Token -> id, the lowest where a readable form stands for several."""
    return MappingProxyType({token: place for place, token in reversed(list(enumerate(vocabulary)))})

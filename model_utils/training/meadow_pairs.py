"""Meadow's documents in English beside their Chinese, as padded batches, and one tokenizer for both languages.

A pure function of a seed, sampled ahead in one other process, as in corpus.py. No torch here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from tomllib import loads

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.pre_tokenizers import ByteLevel

from model_utils.meadow import END, Document, sample_documents, vocabulary, world
from model_utils.training.alignment import gold
from model_utils.training.corpus import IGNORE, POOL, sampled_ahead
from model_utils.training.tokenizer import SPLITTER, token_string

START, PAD = "<|start|>", "<|pad|>"  # what the decoder reads first; what fills a short row
SPECIAL = {"bos_token": START, "eos_token": END, "pad_token": PAD}  # their names in transformers
SMALL_WORDS = Path(__file__).with_name("meadow_pairs.toml")
SPACE_BEFORE_CHINESE = Regex(r"^ (?=\p{Han})")
# (B, 4, T), filled with IGNORE on the right: English + END; START + Chinese + END; and for each token that is read on
# the Chinese side the first and the last place of the English words that the token after it speaks of.
Pairs = NDArray[np.int64]


@cache
def pair_tokenizer() -> Tokenizer:
    """Bytes, then one token for each English word with its leading space and for each Chinese word.

    Chinese is cut into the longest words that are known; what is in neither language's list is spelled in bytes, so
    every text comes back unchanged that spells none of the three special tokens. END closes every text.
    """
    chinese = sorted(chinese_words(), key=lambda word: (-len(word), word))
    strings = [END, START, PAD, *sorted(ByteLevel.alphabet()), *map(token_string, sorted(vocabulary()))]
    strings += [_spelled(word) for word in sorted(chinese)]
    ids = {string: i for i, string in enumerate(dict.fromkeys(strings))}
    tokenizer = Tokenizer(models.BPE(ids, [], ignore_merges=True))
    # One leading space, as in tokenizer.py, so that a first English word is as a later one; none before Chinese.
    first_space = [normalizers.Prepend(" "), normalizers.Replace(SPACE_BEFORE_CHINESE, "")]
    tokenizer.normalizer = normalizers.Sequence(first_space)
    longest_first = Regex("|".join(map(re.escape, chinese)))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(longest_first, "isolated"), SPLITTER])
    tokenizer.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(f"$A {END}", f"$A {END} $B {END}", [(END, 0)])
    tokenizer.add_special_tokens([AddedToken(each, special=True, normalized=False) for each in (END, START, PAD)])
    return tokenizer


def _spelled(word: str) -> str:
    """A word in the characters that stand for its bytes."""
    return "".join(piece for piece, _ in SPLITTER.pre_tokenize_str(word))


def chinese_words() -> set[str]:
    """Every Chinese word that is one token: the names and nouns of Meadow's world, and the small words between them."""
    small = loads(SMALL_WORDS.read_text(encoding="utf-8"))
    return {noun.chinese for noun in _nouns()} | {word for words in small.values() for word in words.split()}


def _nouns() -> Iterable[world.Word]:
    creatures = chain(world.ANIMALS, world.PROFESSIONS)
    work = chain.from_iterable((person.product, person.workplace) for person in world.PROFESSIONS)
    lands = chain.from_iterable((country.name, country.capital) for country in world.COUNTRIES)
    pairs = (one for one, _ in chain(world.FOLK, world.THINGS, world.LANDMARKS))
    places = chain(world.HOMES, world.DESTINATIONS, world.NATURE, *world.SPOTS.values())
    rest = (world.NAMES, world.LANGUAGES, world.FOODS.values(), world.DAYS, world.SEASON_NAMES)
    return chain((each.one for each in creatures), work, lands, pairs, places, *rest)


def pairs(documents: Sequence[Document]) -> Pairs:
    """Documents in both languages, and their alignment, as one batch (B, 4, T)."""
    tokenizer = pair_tokenizer()
    sources = tokenizer.encode_batch([document.english for document in documents])
    targets = tokenizer.encode_batch([document.chinese for document in documents])
    longest = max(len(encoding.ids) + 1 for encoding in (*sources, *targets))
    batch = np.full((len(documents), 4, longest), IGNORE, dtype=np.int64)
    for row, document, source, target in zip(batch, documents, sources, targets, strict=True):
        row[0, : len(source.ids)] = source.ids
        row[1, : len(target.ids) + 1] = [tokenizer.token_to_id(START), *target.ids]
        row[2:, : len(target.ids)] = _spoken_of(document, target.offsets[:-1])
    return batch


def _spoken_of(document: Document, spans: Sequence[tuple[int, int]]) -> Pairs:
    """(2, T + 1): first and last English word of each Chinese token, or IGNORE; of the end, the end."""
    heads = gold(document, spans).heads  # (T, S)
    S = heads.shape[1]
    first_last = np.array([[*heads.argmax(1), S], [*(S - 1 - heads[:, ::-1].argmax(1)), S]])
    return np.where([*heads.any(1), True], first_last, IGNORE)


def pool(seed: int, number: int, batch_size: int) -> list[Pairs]:
    """The `number`-th POOL batches of the stream that `seed` names."""
    documents = list(sample_documents(POOL * batch_size, seed=seed + number))
    return [pairs(documents[start : start + batch_size]) for start in range(0, len(documents), batch_size)]


def batches(seed: int, batch_size: int, first: int = 0) -> Iterator[Pairs]:
    """The endless stream of batches from number `first` on."""
    return sampled_ahead(pool, seed, batch_size, first)

"""Tokenisers learnt on a learner's text by the `tokenizers` library, the reference for our own few lines."""

import json
from functools import lru_cache
from typing import Literal

import regex
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from model_utils.tokenising import Tokeniser, as_tokeniser

Kind = Literal["bpe", "wordpiece", "unigram"]
Base = Literal["characters", "bytes"]
UNKNOWN = "[UNK]"
# How GPT-2 cuts text into words before any pair is counted: a word carries the space before it.
GPT2_WORDS = Regex(r" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
# Writings that put no spaces between words.
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)


@lru_cache(maxsize=64)
def learnt(kind: Kind, text: str, pieces: int, base: Base = "characters") -> Tokeniser:
    """A tokeniser learnt from `text`: its characters (or all bytes), and up to `pieces` longer tokens.

    The library's own trainers. Its unigram trainer may stop at fewer pieces, or keep a few more.
    """
    tokenizer = _empty(kind, base, text)
    alphabet = _alphabet(tokenizer, kind, text)
    size = 1 + (256 if base == "bytes" else len(alphabet)) + pieces
    options = {"vocab_size": size, "special_tokens": [UNKNOWN], "show_progress": False}
    if kind == "unigram":
        trainer = trainers.UnigramTrainer(unk_token=UNKNOWN, **options)
    elif kind == "wordpiece":
        trainer = trainers.WordPieceTrainer(min_frequency=2, **options)
    else:
        first = sorted(pre_tokenizers.ByteLevel.alphabet()) if base == "bytes" else []
        trainer = trainers.BpeTrainer(min_frequency=2, initial_alphabet=first, **options)
    tokenizer.train_from_iterator([text], trainer)
    return as_tokeniser(kind, _wrapped(tokenizer))


def cut_into_words(text: str, base: Base, learnt_from: str | None = None) -> list[str]:
    """What pairs are counted in, in the order of the text: words with the space before them; bytes as stand-ins.

    learnt_from: the text that the tokeniser has learnt from, where it is another one.
    """
    return _words(_empty("bpe", base, learnt_from or text), text)


def merges(tokeniser: Tokeniser) -> list[tuple[str, str]]:
    """The merges of a byte pair encoding, in the order in which the library learnt them."""
    return [(a, b) for a, b in json.loads(tokeniser.tokenizer.backend_tokenizer.to_str())["model"]["merges"]]


def log_probabilities(tokeniser: Tokeniser) -> dict[str, float]:
    """The logarithm of the probability of each piece of a unigram model."""
    return dict(map(tuple, json.loads(tokeniser.tokenizer.backend_tokenizer.to_str())["model"]["vocab"]))


def _empty(kind: Kind, base: Base, text: str) -> Tokenizer:
    """Untrained, with the rules that cut `text` into words.

    Where words have spaces between them, a space is put in front, so that a first word is as any other.
    """
    made = {
        "bpe": lambda: models.BPE(unk_token=None if base == "bytes" else UNKNOWN),
        "wordpiece": lambda: models.WordPiece(unk_token=UNKNOWN),
        "unigram": models.Unigram,
    }
    tokenizer = Tokenizer(made[kind]())
    if kind == "wordpiece":  # as in BERT: no spaces, Chinese character by character, a mark on what continues a word
        tokenizer.normalizer = normalizers.BertNormalizer(
            clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False
        )
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return tokenizer
    if not UNSPACED.match(text):
        tokenizer.normalizer = normalizers.Prepend(" ")
    split = pre_tokenizers.Split(GPT2_WORDS, "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, BYTES]) if base == "bytes" else split
    if base == "bytes":
        tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _words(tokenizer: Tokenizer, text: str) -> list[str]:
    """The text in the pieces that no token reaches across."""
    normal = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]


def _alphabet(tokenizer: Tokenizer, kind: Kind, text: str) -> set[str]:
    """The symbols that training starts from."""
    words = _words(tokenizer, text)
    if kind == "wordpiece":
        return {*"".join(words)} | {f"##{letter}" for word in words for letter in word[1:]}
    return {*"".join(words)}


def _wrapped(tokenizer: Tokenizer) -> object:
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token=UNKNOWN, clean_up_tokenization_spaces=False)

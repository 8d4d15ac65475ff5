"""The tokenizers of the embedded models: over bytes, so that nothing is unknown and every text comes back unchanged.

Meadow's has each of its words as one token, the storybooks' has pieces that it learnt, the poems' has characters.
Each feeds a text with END in front: decode(encode(text)) == text for any text that does not spell END.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers.pre_tokenizers import ByteLevel

from model_utils.meadow import END

ENDS = MappingProxyType({"bos_token": END, "eos_token": END, "pad_token": END})
SPLITTER = ByteLevel(add_prefix_space=False, use_regex=True)
EACH_CHARACTER = pre_tokenizers.Sequence(
    [pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated"), ByteLevel(add_prefix_space=False, use_regex=False)]
)


def build(words: Iterable[str]) -> Tokenizer:
    """A byte-level BPE without merges: id 0 is END, 1 to 256 the bytes, then one token for each word of `words`."""
    return _spaced(_whole([END, *sorted(ByteLevel.alphabet()), *map(token_string, sorted(words))]))


def learn_pieces(texts: Iterable[str], size: int) -> Tokenizer:
    """A byte-level BPE of `size` pieces, END and the bytes among them, its merges learnt from `texts`."""
    tokenizer = _spaced(Tokenizer(models.BPE()))
    alphabet = sorted(ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=[END], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def build_characters(characters: Iterable[str], controls: Iterable[str]) -> Tokenizer:
    """One token for each of `characters`, the bytes of all others, and `controls`, found wherever they are written."""
    controls = [*controls]
    spelled = [_bytes_as_token(character) for character in sorted(characters)]
    tokenizer = _whole([END, *controls, *sorted(ByteLevel.alphabet()), *spelled])
    tokenizer.pre_tokenizer = EACH_CHARACTER
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_tokens([AddedToken(control, normalized=False) for control in controls])
    return _started(tokenizer)


def _whole(strings: list[str]) -> Tokenizer:
    """A string that the pre-tokenizer cuts out is one token if it is among `strings`, else its bytes."""
    ids = {string: i for i, string in enumerate(dict.fromkeys(strings))}
    return Tokenizer(models.BPE(ids, [], ignore_merges=True))


def _spaced(tokenizer: Tokenizer) -> Tokenizer:
    """Text gets one leading space, so that a first word is the same token as a later one; decoding takes it away."""
    tokenizer.normalizer = normalizers.Prepend(" ")
    tokenizer.pre_tokenizer = SPLITTER
    tokenizer.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(" ", 1, 0)])
    return _started(tokenizer)


def _started(tokenizer: Tokenizer) -> Tokenizer:
    """END in front of every text, its id 0."""
    tokenizer.post_processor = processors.TemplateProcessing(f"{END} $A", f"{END} $A {END} $B", [(END, 0)])
    tokenizer.add_special_tokens([AddedToken(END, special=True, normalized=False)])
    return tokenizer


def _bytes_as_token(character: str) -> str:
    """The characters that stand for its UTF-8 bytes in a byte-level vocabulary."""
    return "".join(piece for piece, _ in EACH_CHARACTER.pre_tokenize_str(character))


def save(tokenizer: Tokenizer, folder: Path, max_tokens: int, special_tokens: Mapping[str, str] = ENDS) -> None:
    """Write tokenizer.json and tokenizer_config.json, which transformers' AutoTokenizer opens."""
    from transformers import PreTrainedTokenizerFast

    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=max_tokens,
        clean_up_tokenization_spaces=False,
        **special_tokens,
    ).save_pretrained(folder)


def token_string(word: str) -> str:
    """The token string of a Meadow word: punctuation stands close to the word before it, all else follows a space.

    Raises ValueError for a word that the pre-tokenizer would split, since it could never become one token.
    """
    if word == END:
        return END
    text = f" {word}" if word[0].isalnum() else word
    pieces = [piece for piece, _ in SPLITTER.pre_tokenize_str(text)]
    if len(pieces) != 1:
        raise ValueError(f"{word!r} splits into {pieces}: it cannot be one token")
    return pieces[0]

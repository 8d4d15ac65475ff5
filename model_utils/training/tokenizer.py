"""The tokenizer of the Meadow models: each Meadow word one token, every other text its UTF-8 bytes, nothing lost."""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, processors
from tokenizers.pre_tokenizers import ByteLevel

from model_utils.meadow import END

SPLITTER = ByteLevel(add_prefix_space=False, use_regex=True)


def build(words: Iterable[str]) -> Tokenizer:
    """A byte-level BPE without merges: id 0 is END, 1 to 256 the bytes, then one token for each word of `words`.

    Text gets one leading space, so that a first word is the same token as a later one; decoding takes it away again:
    decode(encode(text)) == text for any text that does not spell END. Every text is fed with END in front.
    """
    strings = dict.fromkeys([END, *sorted(ByteLevel.alphabet()), *map(token_string, sorted(words))])

    tokenizer = Tokenizer(models.BPE({string: i for i, string in enumerate(strings)}, [], ignore_merges=True))
    tokenizer.normalizer = normalizers.Prepend(" ")
    tokenizer.pre_tokenizer = SPLITTER
    tokenizer.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(f"{END} $A", f"{END} $A {END} $B", [(END, 0)])
    tokenizer.add_special_tokens([AddedToken(END, special=True, normalized=False)])
    return tokenizer


def save(tokenizer: Tokenizer, folder: Path, max_tokens: int) -> None:
    """Write tokenizer.json and tokenizer_config.json, which transformers' AutoTokenizer opens."""
    from transformers import PreTrainedTokenizerFast

    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        model_max_length=max_tokens,
        clean_up_tokenization_spaces=False,
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

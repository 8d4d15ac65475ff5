"""From what was typed to token ids, and from ids back to something a person can read.

Tokenizers are shared by all threads, and the settings for truncation and padding live inside them: one thread that asks
for another length changes what the others get. So texts are tokenised raw, and cut in Python.
"""

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from model_utils.errors import ModelError
from model_utils.types import Model

# No tokenizer here makes fewer tokens than one for this many characters of ordinary text; what is beyond cannot fit.
CHARACTERS_A_TOKEN = 32


@dataclass(frozen=True)
class Reading:
    """A text as a model gets it: T ids, their readable tokens and their character spans in `text`."""

    text: str
    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    cut: int


def read(model: Model, text: str, target: bool = False) -> Reading:
    """Tokenise `text` for `model`, special tokens included, at most `model.max_tokens` of them.

    Lone surrogates, which no tokenizer can encode, become "?". What does not fit is cut at the end, before the closing
    special tokens, and counted in `cut` (where a text is too long even to tokenise: a fourth of its characters).
    A text of nothing but white space is a ModelError("empty_text"), except for causal models: they read the white
    space, or, when there is nothing at all, their beginning-of-text token. A tokenizer that makes ids for which the
    model has no embedding is a ModelError("broken_tokenizer").
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    kept = text[: model.max_tokens * CHARACTERS_A_TOKEN]
    # Tokenizers with two sides switch themselves to the target's and back: nobody else may read meanwhile.
    with model.lock if model.kind == "seq2seq" else nullcontext():
        ids, spans = _encode(model.tokenizer, kept, target)
    bos = model.tokenizer.bos_token_id
    if not ids and model.kind == "causal" and bos is not None:
        ids, spans = [bos], [(0, 0)]
    nothing = not kept.strip() or not any(end > start for start, end in spans)
    if not target and nothing and not (ids and model.kind == "causal"):
        raise ModelError("empty_text")
    ids, spans, cut = _fit(ids, spans, model.max_tokens)
    if max(ids, default=0) >= len(model.vocabulary):
        raise ModelError("broken_tokenizer", model=model.id)
    tokens = tuple(model.vocabulary[i] for i in ids)
    return Reading(text, tuple(ids), tokens, tuple(spans), cut + (len(text) - len(kept)) // 4)


def _encode(tokenizer: Any, text: str, target: bool) -> tuple[list[int], list[tuple[int, int]]]:
    """ids and spans (T, T); a tokenizer that cannot tell offsets has its pieces searched in the text, in order."""
    argument = {"text_target": text} if target else {"text": text}
    if tokenizer.is_fast:
        encoding = tokenizer(**argument, return_offsets_mapping=True, verbose=False)
        return encoding["input_ids"], [(int(a), int(b)) for a, b in encoding["offset_mapping"]]
    ids = tokenizer(**argument, verbose=False)["input_ids"]
    spans, at = [], 0
    for piece in tokenizer.convert_ids_to_tokens(ids):
        word = piece.replace("\u2581", "")
        found = text.find(word, at) if word and piece not in tokenizer.all_special_tokens else -1
        spans.append((found, found + len(word)) if found >= 0 else (0, 0))
        at = max(at, spans[-1][1])
    return ids, spans


def _fit(ids: list[int], spans: list[tuple[int, int]], limit: int) -> tuple[list[int], list[tuple[int, int]], int]:
    """Cut to `limit` tokens but keep the closing special tokens (no span), such as [SEP] or </s>."""
    over = len(ids) - limit
    if over <= 0:
        return ids, spans, 0
    closing = next((n for n, (start, end) in enumerate(reversed(spans)) if end > start), 0)
    end = len(ids) - closing
    return ids[: end - over] + ids[end:], spans[: end - over] + spans[end:], over


def readable_vocabulary(tokenizer: Any, size: int) -> tuple[str, ...]:
    """The readable string of every id below `size`: a leading space is a space, loose bytes are `<0xE4>`.

    Ids that the tokenizer does not know (padding of the embedding table) read `<#50300>`.
    """
    added = {int(i): str(token) for i, token in tokenizer.added_tokens_decoder.items()}
    readable = _reader(tokenizer)
    pieces = tokenizer.convert_ids_to_tokens(list(range(min(size, len(tokenizer)))))
    named = {i: readable(piece) for i, piece in enumerate(pieces) if piece is not None} | added
    return tuple(named.get(i, f"<#{i}>") for i in range(size))


def _reader(tokenizer: Any) -> Callable[[str], str]:
    """The function that turns this tokenizer's own piece into readable text."""
    decoder = json.loads(tokenizer.backend_tokenizer.to_str())["decoder"] if tokenizer.is_fast else None
    if "ByteLevel" in json.dumps(decoder):
        alphabet = byte_alphabet()
        return lambda piece: bytes_as_text(bytes(alphabet.get(c, ord("?")) for c in piece))
    return lambda piece: piece.replace("\u2581", " ").replace("</w>", "").replace("\ufffd", "<0xEF><0xBF><0xBD>")


def bytes_as_text(raw: bytes) -> str:
    """UTF-8 where it is whole, `<0xE4>` for each byte that is not; never a replacement character."""
    text = raw.decode("utf-8", "surrogateescape").replace("\ufffd", "<0xEF><0xBF><0xBD>")
    return re.sub("[\udc80-\udcff]", lambda byte: f"<0x{ord(byte[0]) - 0xDC00:02X}>", text)


def byte_alphabet() -> dict[str, int]:
    """The printable stand-in of each byte in byte-level BPE (Radford et al. 2019): stand-in -> byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {chr(b): b for b in printable} | {chr(256 + n): b for n, b in enumerate(rest)}


def vocabulary(model: Model) -> tuple[str, ...]:
    """The readable string of every token id of `model`, V of them."""
    return model.vocabulary

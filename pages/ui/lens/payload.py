"""A Trace packed for the browser: a JSON header and the tensors' own bytes. Pure numpy, no Streamlit.

The lens shows every head at a glance and one head to the last digit. What is sent depends on what fits:
everything in float32; or all weights in 16 or 8 bits and one head exact, the browser asking for another when needed.
Weights stand only where the mask lets a token look (half of a causal map): what is known to be zero is not sent.

Layout of the bytes: uint32 little-endian length of the header, the header in ASCII JSON, zeros up to a multiple of 4,
then the blocks, each starting at a multiple of 4. `header["blocks"][name] == [dtype, offset, count]`, offset from the
first block.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model_utils.types import AttentionTrace, Trace

BUDGET = 900_000  # bytes, all runs together
LEVELS = {"float32": None, "uint16": 65535, "uint8": 255}
# (which heads are exact, how all weights are sent), richest first
PLANS = (("all", "float32"), ("one", "uint16"), ("one", "uint8"))

Head = tuple[int, int]  # index into Trace.attentions, head
Blocks = dict[str, np.ndarray]


@dataclass(frozen=True)
class Payload:
    """What the component receives; `exact` is "all" when no head will ever have to be asked for."""

    data: bytes
    exact: str
    head: Head


def payload(runs: Sequence[Trace], ask: Head | None, view: dict[str, object], budget: int = BUDGET) -> Payload:
    """Pack one run, or an intact and a broken one, with the words and settings in `view`.

    ask: the head that must be exact; None or a head that does not exist: the most telling one.
    """
    head = ask if ask is not None and _exists(runs[0], ask) else telling_head(runs[0])
    mine = [head if _exists(run, head) else telling_head(run) for run in runs]
    for exact, dtype in PLANS:
        if exact == "all" and sum(_vectors(run) for run in runs) > budget:
            continue
        packs = [list(_blocks(run, exact, dtype, one)) for run, one in zip(runs, mine, strict=True)]
        if sum(array.nbytes for pack in packs for _, array in pack) <= budget:
            break
    header = {
        **view,
        "exact": exact,
        "runs": [_describe(run, one) for run, one in zip(runs, mine, strict=True)],
    }
    blocks = {f"{index}.{name}": array for index, pack in enumerate(packs) for name, array in pack}
    return Payload(pack_bytes(header, blocks), exact, head)


def telling_head(run: Trace) -> Head:
    """The head whose rows point most clearly at one token: not the first, not their own, nor the one just before."""
    best, found = -1.0, (0, 0)
    for index, attention in enumerate(run.attentions):
        weights = attention.attn_weights.copy()
        weights[:, :, 0] = 0.0
        if attention.kind != "cross":
            rows = np.arange(min(weights.shape[1:]))
            weights[:, rows, rows] = 0.0
            weights[:, rows[1:], rows[:-1]] = 0.0
        clarity = weights.max(axis=2).mean(axis=1)  # (H,)
        if clarity.max() > best:
            best, found = float(clarity.max()), (index, int(clarity.argmax()))
    return found


def quantise(weights: np.ndarray, dtype: str) -> np.ndarray:
    """Weights in [0, 1] to whole steps of 1/255 or 1/65535; float32 as they are."""
    levels = LEVELS[dtype]
    return weights if levels is None else np.rint(np.clip(weights, 0, 1) * levels).astype(dtype)


def remainder(attention: AttentionTrace) -> np.ndarray | None:
    """What the model adds to q.k * scaling (position bias, softcap), (H, T, S) float32; None when it adds nothing."""
    products = np.einsum("htd,hsd->hts", attention.queries, attention.keys, dtype=np.float64) * attention.scaling
    rest = attention.attn_scores - products
    seen = np.abs(rest[:, attention.visible])
    reach = max(1.0, float(np.abs(attention.attn_scores[:, attention.visible]).max(initial=0.0)))
    return rest.astype(np.float32) if seen.max(initial=0.0) > 1e-4 * reach else None


def pack_bytes(header: dict[str, object], blocks: Blocks) -> bytes:
    """The layout described above. JSON is ASCII, so lone surrogates in token text survive as escapes."""
    index, parts, offset = {}, [], 0
    for name, array in blocks.items():
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        index[name] = [str(array.dtype), offset, int(array.size)]
        raw += bytes(-len(raw) % 4)
        parts.append(raw)
        offset += len(raw)
    text = json.dumps({**header, "blocks": index}, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 4)
    return b"".join((len(text).to_bytes(4, "little"), text, *parts))


def unpack_bytes(data: bytes) -> tuple[dict, Blocks]:
    """The inverse of `pack_bytes`: header and arrays (flat). The browser's unpack.js does the same."""
    start = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:start])
    blocks = {
        name: np.frombuffer(data, np.dtype(dtype), count, start + offset)
        for name, (dtype, offset, count) in header["blocks"].items()
    }
    return header, blocks


def _vectors(run: Trace) -> int:
    """Bytes of all queries and keys: whether everything may fit is known before anything is packed."""
    return sum(attention.queries.nbytes + attention.keys.nbytes for attention in run.attentions)


def _exists(run: Trace, head: Head) -> bool:
    module, number = head
    return 0 <= module < len(run.attentions) and 0 <= number < len(run.attentions[module].attn_weights)


def _dense(attention: AttentionTrace) -> bool:
    """True when a weight stands where the mask forbids it (a row that sees nothing): then every cell is sent."""
    return bool(np.any(attention.attn_weights[:, ~attention.visible] != 0))


def _blocks(run: Trace, exact: str, dtype: str, one: Head) -> Iterator[tuple[str, np.ndarray]]:
    for index, attention in enumerate(run.attentions):
        where = np.ones_like(attention.visible) if _dense(attention) else attention.visible
        yield f"{index}.w", quantise(attention.attn_weights[:, where], dtype)
        yield f"{index}.v", np.packbits(attention.visible, axis=None)
        if exact == "all" or index == one[0]:
            yield from _exact(attention, index, slice(None) if exact == "all" else slice(one[1], one[1] + 1), exact)


def _exact(attention: AttentionTrace, index: int, heads: slice, exact: str) -> Iterator[tuple[str, np.ndarray]]:
    yield f"{index}.q", attention.queries[heads]
    yield f"{index}.k", attention.keys[heads]
    rest = remainder(attention)
    if rest is not None:
        yield f"{index}.r", rest[heads]
    if exact == "one":
        yield f"{index}.x", attention.attn_weights[heads]


def _describe(run: Trace, one: Head) -> dict[str, object]:
    """Header of one run; `head` is the exact one. Tokens are text and only ever reach the page as textContent."""
    modules = [
        {
            "layer": attention.layer,
            "kind": attention.kind,
            "shape": list(attention.attn_weights.shape),
            "width": attention.queries.shape[-1],
            "scaling": float(attention.scaling),
            "dense": _dense(attention),
        }
        for attention in run.attentions
    ]
    return {"tokens": run.tokens, "source": run.source_tokens, "modules": modules, "head": one}

"""The switches: what may be changed in a forward pass, as plain hashable values.

A Trace is asked for by (model id, text, interventions), so these compare and hash by what they say.
`layer=None` means every layer; layers count from 0.
"""

from dataclasses import dataclass

from model_utils.types import AttentionKind


@dataclass(frozen=True)
class Unscaled:
    r"""Leave the scores at \(q \cdot k\): no division by \(\sqrt{D}\)."""

    layer: int | None = None


@dataclass(frozen=True)
class Unmasked:
    """Every real token may look at every real token: the causal (or sliding) mask is off, padding stays hidden."""

    layer: int | None = None


@dataclass(frozen=True)
class OwnMask:
    """A painted mask: `visible[t][s]` says whether token t may look at token s. It replaces the model's own.

    Applies to self-attention of the traced tokens (in an encoder-decoder model: the decoder's). A row that would see
    nothing keeps its diagonal, since a softmax over nothing is not a number. A mask larger than the text is cut; where
    it is smaller, the model's own mask goes on.
    """

    visible: tuple[tuple[bool, ...], ...]
    layer: int | None = None


@dataclass(frozen=True)
class HeadOff:
    """One head writes nothing: its output is zero before the output projection W_O.

    `kind` says which attention in an encoder-decoder model: "self" (the decoder's own), "cross" or "encoder".
    """

    layer: int
    head: int
    kind: AttentionKind = "self"


@dataclass(frozen=True)
class PositionsOff:
    """The model is not told where a token stands: no position embedding, no rotation, no position bias."""


Intervention = Unscaled | Unmasked | OwnMask | HeadOff | PositionsOff

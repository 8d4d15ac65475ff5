"""What the demos draw of a run, computed by maths.py from its own tensors: numpy in and out, plain values between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.heads import maths
from model_utils.training import poem_forms
from model_utils.types import Floats, Trace

CELLS = {
    "previous": maths.previous_cells,
    "first": maths.first_cells,
    "same": maths.same_cells,
    "induction": maths.induction_cells,
}
ROLES = tuple(CELLS)
NOWHERE = -9  # the line of what stands in no line
BEST = 4  # of the heads of a role, so many are offered


@dataclass(frozen=True, eq=False)
class Role:
    """One role in one run. `scores` (L, H) is NaN where the text has nothing to look at in this way."""

    name: str
    cells: NDArray[np.bool_]  # (T, T): where a head of this role looks
    scores: Floats

    @property
    def measurable(self) -> bool:
        """Whether any word of the text has such a place to look at."""
        return bool(self.cells.any())

    @property
    def best(self) -> tuple[tuple[int, int], ...]:
        """Layer and head of the highest scores, the best one first."""
        width = self.scores.shape[1]
        order = np.argsort(-self.scores.ravel(), kind="stable")[:BEST]
        return tuple((int(place) // width, int(place) % width) for place in order)


def roles(run: Trace) -> tuple[Role, ...]:
    """All roles of all heads in one run, in the order of ROLES. Layers of unequal head counts are filled with NaN."""
    token_ids = torch.from_numpy(run.token_ids)  # (T,)
    return tuple(_role(run, name, cells(token_ids)) for name, cells in CELLS.items())


def verse(run: Trace) -> tuple[Role, Role]:
    """Looking at the line before: at the character's own place, and at the place of the character to be written."""
    line, place = (torch.tensor(row) for row in zip(*_in_lines(run.tokens), strict=True))  # (T,) each
    cells = {name: maths.verse_cells(line, place, ahead) for name, ahead in (("verse_same", 0), ("verse_next", 1))}
    return _role(run, "verse_same", cells["verse_same"]), _role(run, "verse_next", cells["verse_next"])


def _in_lines(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Line and place in it of each character; both far below 0 for a mark, or for a token that is no character."""
    line = place = 0
    for token in tokens:
        mark = token in poem_forms.breaks()
        inside = len(token) == 1 and not mark
        yield (line, place) if inside else (NOWHERE, NOWHERE)
        line, place = (line + 1, 0) if mark else (line, place + inside)


def _role(run: Trace, name: str, cells: torch.Tensor) -> Role:
    rows = [maths.head_score(torch.from_numpy(each.attn_weights), cells).numpy() for each in run.attentions]  # L (H,)
    return Role(name, cells.numpy(), side_by_side(rows))


def side_by_side(rows: list[Floats]) -> Floats:
    """One row a layer, (L, H); where layers have different numbers of heads the rest is NaN."""
    table = np.full((len(rows), max(map(len, rows))), np.nan, dtype=np.float32)
    for layer, row in enumerate(rows):
        table[layer, : len(row)] = row
    return table


def averaged(run: Trace, layer: int) -> Floats:
    """Mean of the maps of one layer's heads: (T, S)."""
    return maths.mean_over_heads(torch.from_numpy(run.attentions[layer].attn_weights)).numpy()


def rolled(run: Trace, layer: int) -> Floats:
    """Rollout from the words up to and with one layer: (T, T)."""
    below = [maths.mean_over_heads(torch.from_numpy(each.attn_weights))[None] for each in run.attentions[: layer + 1]]
    return maths.rollout(torch.stack(below))[-1].numpy()  # of the mean of one map, which is that map


def without_first(run: Trace) -> tuple[tuple[bool, ...], ...]:
    """The model's own mask, with the first token hidden from all but itself: (T, T), as an OwnMask wants it."""
    visible = run.attentions[0].visible.copy()
    visible[1:, 0] = False
    return tuple(tuple(bool(cell) for cell in row) for row in visible)


def has(run: Trace, layer: int, head: int) -> bool:
    """Whether the model of a run has such a head."""
    return layer < len(run.attentions) and head < len(run.attentions[layer].attn_weights)


def weights_of(run: Trace, layer: int, head: int) -> Floats:
    """One head's map, (T, S); a head that a smaller model lacks is its last one."""
    weights = run.attentions[min(layer, len(run.attentions) - 1)].attn_weights
    return weights[min(head, len(weights) - 1)]

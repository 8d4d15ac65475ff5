"""What decoding leaves behind: one tree in which every strategy's path is drawn. Plain frozen values, picklable."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """One token that could come next at a node, as a strategy saw it.

    `chance` is that of the first path in the node's `paths` that goes on from there; `chances` has it by path id.
    """

    token: str
    token_id: int
    probability: float  # the model's own, over the whole vocabulary
    chance: float  # after the strategy's changes (temperature, penalties, cuts): 0 when cut
    truth: float | None  # Meadow's exact probability, where the text so far is Meadow
    chances: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """One token reached by one path or more. The root has id 0, parent None, step 0, and the prompt as its token."""

    id: int
    parent: int | None
    token: str
    token_id: int
    step: int  # tokens generated so far
    log_probability: float  # of the path from the prompt to here, under the model itself, in nats
    probability: float  # of this token given its path, under the model itself
    truth: float | None
    paths: tuple[str, ...]  # ids of the paths that go through here
    end: bool  # the model ended the text here
    cut: Mapping[str, float]  # by path id: the mass (0..1) of the model's distribution here that the strategy cut away


@dataclass(frozen=True)
class Path:
    """One strategy's text. `score` is what beam search ranks by; `dropped_at` the step at which a beam was pruned."""

    id: str
    strategy: str
    text: str  # what was written after the prompt
    log_probability: float
    length: int
    score: float
    dropped_at: int | None


@dataclass(frozen=True)
class Tree:
    """Every path of every strategy from one prompt; shared beginnings are shared.

    `nodes` stand in the order in which they were reached: that is how the tree grows.
    """

    prompt: str
    nodes: tuple[Node, ...]
    paths: tuple[Path, ...]
    choices: Mapping[int, tuple[Choice, ...]]  # the eight likeliest at each node

"""What writing costs with and without the KV cache: multiplications counted as they happen, and times measured."""

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch.utils._python_dispatch import TorchDispatchMode

from model_utils.decoding.networks import forward
from model_utils.decoding.walking import MOST_STEPS, Ids
from model_utils.types import Model

# Every product of matrices arrives as one of these; the place of the two factors among its arguments.
_PRODUCTS = {"mm": (0, 1), "bmm": (0, 1), "addmm": (1, 2), "baddbmm": (1, 2)}


@dataclass(frozen=True, eq=False)
class Cost:
    """What each of N tokens cost."""

    ids: Ids  # N: the likeliest token at each step
    multiplications: NDArray[np.int64]  # (N,)
    seconds: NDArray[
        np.float64
    ]  # (N,), the shortest of several measurements: what else the machine did is in the others


class _Counter(TorchDispatchMode):
    """Sees each operation of this thread, with the shapes it has: (..., n, m) times (..., m, k) is n * m * k."""

    def __init__(self) -> None:
        super().__init__()
        self.multiplications = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        places = _PRODUCTS.get(func.overloadpacket.__name__)
        if places:
            first, second = (args[place] for place in places)
            self.multiplications += prod(first.shape) * second.shape[-1]
        return func(*args, **(kwargs or {}))


def cost(
    model: Model, prompt: Ids, steps: int, cached: bool, measured: int = 3, heard: Callable[[], None] = lambda: None
) -> Cost:
    """Write `steps` tokens, the likeliest each time; each step is counted once and timed `measured` times."""
    ids, cache, counts, seconds = prompt, None, [], []
    for _ in range(min(steps, MOST_STEPS)):
        heard()
        with _Counter() as counter:
            logits, after = forward(model, ids, cache, keep=cached)
        counts.append(counter.multiplications)
        seconds.append(min(_timed(model, ids, cache, cached) for _ in range(measured)))
        ids, cache = (*ids, int(logits.argmax())), after
    return Cost(ids[len(prompt) :], np.array(counts, dtype=np.int64), np.array(seconds))


def _timed(model: Model, ids: Ids, cache: Any, cached: bool) -> float:
    """Seconds of one step; the copy that keeps the cache as it was is made before the clock starts."""
    own = deepcopy(cache)
    started = time.perf_counter()
    forward(model, ids, own, keep=cached, own=True)
    return time.perf_counter() - started

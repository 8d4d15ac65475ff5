"""The two loops of decoding: one path, token by token, and several paths side by side (beam search).

What is done with the logits at each step comes in as functions; the loops keep what was chosen and what was cut away.
They never ask for more than MOST_STEPS tokens or MOST_PATHS paths.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

Ids = tuple[int, ...]
NextLogits = Callable[[Ids], Tensor]  # the tokens so far -> (V,) float32: the logits of the next one
Change = Callable[[Tensor, Ids], Tensor]  # logits (V,) and the tokens so far -> logits (V,), -inf where cut
Pick = Callable[[Tensor, int], int]  # changed logits (V,) and the step, from 0 -> the token taken
Grow = Callable[
    [Tensor, Tensor, int], tuple[Tensor, Tensor, Tensor]
]  # (N, V), (N,), n -> parents, tokens, totals: (n,)
Score = Callable[[float, int], float]  # a text's log-probability and its length -> what beams are ranked by

MOST_STEPS = 24
MOST_PATHS = 12
SHOWN = 8  # tokens of a distribution that are kept with what a strategy made of them


@dataclass(frozen=True)
class Walk:
    """One path: its tokens after the prompt and, at each step before a token was taken, what the strategy did there."""

    id: str
    strategy: str
    ids: Ids = ()
    cut: tuple[float, ...] = ()  # of the model's distribution, mass 0..1
    chances: tuple[Mapping[int, float], ...] = ()  # of the likeliest SHOWN tokens, by id
    log_probability: float = 0.0  # under the model itself, nats
    score: float = 0.0
    dropped_at: int | None = None


def walk(
    name: tuple[str, str],
    next_logits: NextLogits,
    prompt: Ids,
    change: Change,
    pick: Pick,
    steps: int,
    ends: Collection[int],
) -> Walk:
    """One text, token by token, until the model ends it. name: the path's id and its strategy."""
    ids, cuts, chances, total = (), (), (), 0.0
    for step in range(min(steps, MOST_STEPS)):
        logits = next_logits(prompt + ids)  # (V,)
        changed = change(logits, prompt + ids)  # (V,)
        token = pick(changed, step)
        log_probs = torch.log_softmax(logits, dim=-1)  # (V,)
        kept = torch.isfinite(changed)
        cuts += (_mass(log_probs, ~kept),)
        chances += (_of_likeliest(torch.softmax(changed, dim=-1), log_probs),)
        ids, total = (*ids, token), total + float(log_probs[token])
        if token in ends:
            break
    return Walk(*name, ids, cuts, chances, total, total)


def beams(
    next_logits: NextLogits, prompt: Ids, grow: Grow, score: Score, width: int, steps: int, ends: Collection[int]
) -> tuple[Walk, ...]:
    """`width` texts side by side: the finished ones, best first, then those that were dropped on the way.

    As transformers has it: each step looks at the best 2 * width continuations (`grow` gives parents, tokens and sums);
    one that ends counts as finished if it is among the first `width`; the search stops when no running beam, at its
    present length, beats the worst of `width` finished ones.
    """
    width, steps = min(width, MOST_PATHS), min(steps, MOST_STEPS)
    running, finished, dropped = (Walk("", "beam"),), (), ()
    for length in range(1, steps + 1):
        log_probs = torch.stack([torch.log_softmax(next_logits(prompt + beam.ids), dim=-1) for beam in running])
        totals = torch.tensor([beam.log_probability for beam in running])  # (N,)
        grown = grow(log_probs, totals, 2 * width)
        found = list(zip(*(tensor.tolist() for tensor in grown), strict=True))
        over = [token in ends or length == steps for _, token, _ in found]
        ended = [one for one, ends_here in zip(found[:width], over, strict=False) if ends_here]
        alive = [one for one, ends_here in zip(found, over, strict=True) if not ends_here][:width]
        made = _extended(running, log_probs, ended + alive)
        dropped += _without_children(running, [parent for parent, _, _ in ended + alive], length)
        done = tuple(replace(beam, score=score(beam.log_probability, length)) for beam in made[: len(ended)])
        ranked = sorted(finished + done, key=lambda beam: -beam.score)  # stable: the earlier of equals stays in front
        finished, running = tuple(ranked[:width]), tuple(made[len(ended) :])
        dropped += tuple(replace(beam, dropped_at=length) for beam in ranked[width:])
        beaten = len(finished) == width and running and score(running[0].log_probability, length) <= finished[-1].score
        if beaten or not running:
            dropped += tuple(replace(beam, cut=(*beam.cut, 1.0), dropped_at=length) for beam in running)
            break
    return _named(finished, dropped)


def _extended(running: tuple[Walk, ...], log_probs: Tensor, kept: list[tuple[int, int, float]]) -> list[Walk]:
    """Each kept continuation as a longer beam; what its parent's distribution lost is the same for all its children."""
    children = {parent: [token for other, token, _ in kept if other == parent] for parent, _, _ in kept}
    marks = {parent: _marks(log_probs[parent], tokens) for parent, tokens in children.items()}
    return [
        replace(
            running[parent],
            ids=(*running[parent].ids, token),
            cut=(*running[parent].cut, marks[parent][0]),
            chances=(*running[parent].chances, marks[parent][1]),
            log_probability=total,
        )
        for parent, token, total in kept
    ]


def _marks(log_probs: Tensor, tokens: list[int]) -> tuple[float, Mapping[int, float]]:
    """What was cut where these tokens were kept, and their share of what is left."""
    kept = torch.zeros_like(log_probs, dtype=torch.bool)
    kept[tokens] = True
    shares = torch.softmax(log_probs.masked_fill(~kept, -torch.inf), dim=-1)
    return _mass(log_probs, ~kept), _of_likeliest(shares, log_probs)


def _without_children(running: tuple[Walk, ...], parents: list[int], length: int) -> tuple[Walk, ...]:
    """The beams none of whose continuations was kept: all that they might have said is cut away."""
    lost = [beam for place, beam in enumerate(running) if place not in parents]
    return tuple(replace(beam, cut=(*beam.cut, 1.0), dropped_at=length) for beam in lost)


def _named(finished: tuple[Walk, ...], dropped: tuple[Walk, ...]) -> tuple[Walk, ...]:
    """Names in the order of the ranking; of the dropped ones the longest come first, and there are not too many."""
    late = sorted(dropped, key=lambda beam: (-beam.dropped_at, -beam.log_probability))[:MOST_PATHS]
    return tuple(replace(beam, id=f"beam-{place}") for place, beam in enumerate((*finished, *late)))


def _mass(log_probs: Tensor, where: Tensor) -> float:
    """Probability of the marked tokens together, added up in float64."""
    return float(log_probs[where].double().exp().sum().clamp(0.0, 1.0))


def _of_likeliest(shares: Tensor, log_probs: Tensor) -> Mapping[int, float]:
    """Of the model's likeliest tokens, the share each has after the strategy's changes."""
    ids = log_probs.topk(min(SHOWN, len(log_probs))).indices
    return dict(zip(ids.tolist(), shares[ids].tolist(), strict=True))

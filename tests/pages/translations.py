"""A translation that no model made, for the tests of the component that shows one."""

from typing import TYPE_CHECKING

import numpy as np

from tests.lens.runs import HOSTILE

if TYPE_CHECKING:
    from lessons.encoder_decoder.steps import Written

SHAPE = (2, 3)  # layers, heads


def translation_of(source: tuple[str, ...], tokens: tuple[str, ...], known: bool = True) -> "Written":
    """Random cross-attention of SHAPE; the gold of token n is n, turned round."""
    from lessons.encoder_decoder.steps import Written  # brings torch, which a server of other cases need not load

    random = np.random.default_rng(5)
    N, S = len(tokens), len(source)
    probs = random.dirichlet(np.ones(5), size=N)
    likeliest = tuple(
        tuple(
            (token, float(p), place) for place, (token, p) in enumerate(zip((tokens * 5)[n : n + 5], row, strict=True))
        )
        for n, row in enumerate(-np.sort(-probs))
    )
    return Written(
        model_id="random", text="a", source=source, tokens=tokens, ids=tuple(range(N)),
        weights=random.dirichlet(np.ones(S), size=(*SHAPE, N)).astype(np.float32), losses=np.zeros(N),
        likeliest=likeliest, links=np.eye(N, S, dtype=bool)[:, ::-1] if known else None,
    )  # fmt: skip


def small() -> "Written":
    return translation_of(("The", " dogs", " sleep", "."), ("v", "w", "x", "y", "z"))


def hostile() -> "Written":
    return translation_of(HOSTILE, HOSTILE, known=False)


def long() -> "Written":
    """More weights than are sent to the last digit."""
    return translation_of(tuple(f" s{s}" for s in range(120)), tuple(f"t{n}" for n in range(80)))

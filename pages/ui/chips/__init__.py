"""A text as its tokens: a strip of chips, and byte pair encoding merge by merge. Both live in the browser."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from pages.ui.bundle import bundle
from pages.ui.chips.cutting import Span, groups
from pages.ui.controls import key_of
from pages.ui.language import words_of

if TYPE_CHECKING:
    from lessons.tokens.merging import Merging

HERE = Path(__file__).parent
LENS = HERE.parent / "lens"
SHARED = tuple(LENS / f"{name}.js" for name in ("text", "colour", "dom", "link"))
STRIP = (*SHARED, HERE / "strip.js", HERE / "chips.js")
MERGES = (*SHARED, HERE / "strip.js", HERE / "merges.js")
MOST_CHIPS = 300  # the rest waits behind a button
MOST_WORDS = 150  # of a text whose merges are shown


def chips(
    lesson: Lesson,
    name: str,
    tokens: Sequence[str],
    *,
    ids: Sequence[int] | None = None,
    text: str = "",
    spans: Sequence[Span] = (),
    values: Sequence[float] | None = None,
    largest: float | None = None,
    value_name: str = "",
    show_ids: bool = False,
    unknown: int | None = None,
    title: str = "",
) -> None:
    """T tokens as chips, as `Trace.tokens` and `Reading.tokens` have them; what a chip is stands below on hover.

    ids: shown on hover, and under each chip with `show_ids`. text, spans: with them pieces of one character are held
    together, and tokens without a place in the text are marked. unknown: the id of the token that says "unknown".
    values: a number for each token, drawn as shade and as a figure (NaN: none); the darkest shade is `largest`, or
    else the largest value; value_name: what the number is, such as "surprise (bits)". title: for those who cannot see.
    """
    numbers = None if values is None else [None if math.isnan(value) else float(value) for value in values]
    data = {
        "tokens": list(tokens),
        "ids": None if ids is None else [int(one) for one in ids],
        "marks": "".join(_marks(len(tokens), ids, spans, unknown)),
        "groups": groups(text, tokens, spans) if spans else [],
        "values": numbers,
        "largest": largest or max((value for value in numbers or () if value is not None), default=1.0) or 1.0,
        "value_name": value_name,
        "show_ids": show_ids and ids is not None,
        "title": title,
        "limit": MOST_CHIPS,
        "words": words_of(lesson.language, "chips"),
    }
    _component("chips", "strip", STRIP)(key=key_of(lesson, name), data=data)


def merge_steps(lesson: Lesson, name: str, merging: "Merging", start: int = 0) -> None:
    """The merges of a text with a slider: which pair, how often it was counted, and the text cut by then.

    start: the number of merges that an untouched page shows.
    """
    shown = merging.order[:MOST_WORDS]
    drawn = {word: place for place, word in enumerate(dict.fromkeys(shown))}
    data = {
        "words": [list(merging.words[word]) for word in drawn],
        "order": [drawn[word] for word in shown],
        "tokens": merging.tokens,
        "size": merging.size,
        "start": min(start, len(merging.rounds)),
        "rounds": [
            {
                "pair": one.pair, "made": one.made, "count": one.count, "tokens": one.tokens, "size": one.size,
                "rivals": [[*pair, count] for pair, count in one.rivals],
                "changed": [[drawn[word], list(cut)] for word, cut in one.changed if word in drawn],
            }
            for one in merging.rounds
        ],
        "name": key_of(lesson, name),
        "labels": words_of(lesson.language, "merges"),
    }  # fmt: skip
    _component("merges", "merges", MERGES)(key=key_of(lesson, name), data=data)


@cache
def _component(name: str, root: str, files: tuple[Path, ...]) -> object:
    css = "\n".join(path.read_text(encoding="utf-8") for path in (LENS / "lens.css", HERE / "chips.css"))
    return st.components.v2.component(
        f"clearhead_{name}", html=f'<div class="lens {root}"></div>', css=css, js=bundle(*files)
    )


def _marks(T: int, ids: Sequence[int] | None, spans: Sequence[Span], unknown: int | None) -> list[str]:
    """For each token: "u" unknown, "s" put there by the tokeniser, "." of the text."""
    marks = ["." if not spans or end > start else "s" for start, end in spans or [(0, 1)] * T]
    if ids is not None and unknown is not None:
        marks = ["u" if one == unknown else mark for one, mark in zip(ids, marks, strict=True)]
    return marks

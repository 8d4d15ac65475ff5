"""Which tokens are pieces of one character: whatever a reader sees as one (a grapheme) stays together."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

import regex

Span = tuple[int, int]
Group = tuple[int, int, str]  # first token, one past the last, the whole text that they are pieces of


def groups(text: str, tokens: Sequence[str], spans: Sequence[Span]) -> list[Group]:
    """Runs of two or more tokens that cut a grapheme of `text` between them, in order.

    spans: characters of `text` that each token stands for; bytes of one character share its span, tokens that are not
    in the text have an empty one.
    """
    edges = [0, *accumulate(map(len, regex.findall(r"\X", text)))]
    found, run = [], None  # run: first token, last token, start and end in the text, widened to whole graphemes
    for place, (token, (start, end)) in enumerate(zip(tokens, spans, strict=True)):
        if start >= end or not token.strip():  # a space put in front claims the place of the letter after it
            run = _closed(run, text, found)
            continue
        wide = edges[bisect_right(edges, start) - 1], edges[min(bisect_left(edges, end), len(edges) - 1)]
        if run and wide[0] < run[3]:
            run = (run[0], place, run[2], max(run[3], wide[1]))
        else:
            _closed(run, text, found)
            run = (place, place, *wide)
    _closed(run, text, found)
    return found


def _closed(run: tuple[int, int, int, int] | None, text: str, found: list[Group]) -> None:
    if run and run[1] > run[0]:
        found.append((run[0], run[1] + 1, text[run[2] : run[3]].strip()))

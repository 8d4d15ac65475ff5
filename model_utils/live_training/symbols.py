"""What the tiny model reads: sentences of Meadow word by word, or a learner's text character by character."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model_utils.meadow import sample_documents, tokenize

DOCUMENTS = 2500
CONTEXT = {" ": 32, "": 48}  # symbols that the model sees at once, for words and for characters
RUN = {" ": 2, "": 4}  # so many neighbours are looked up in the training text to judge a sample
HELD_OUT = 0.1  # the last tenth of the text is never trained on


@dataclass(frozen=True)
class Corpus:
    """symbols: the vocabulary, by id; glue stands between two in print; runs: every RUN neighbours in `train`.

    start: what samples begin with, the commonest symbol: the full stop of Meadow, the space of most texts.
    """

    symbols: tuple[str, ...]
    train: tuple[int, ...]
    held_out: tuple[int, ...]
    glue: str
    start: int
    runs: frozenset[tuple[int, ...]]

    @property
    def context(self) -> int:
        return CONTEXT[self.glue]


def corpus(text: str) -> Corpus:
    """The learner's text by character, or, when it is empty, `DOCUMENTS` documents of Meadow by word."""
    return _cut(list(text), "") if text else _cut(_meadow(), " ")


def known_runs(ids: list[int], among: Corpus) -> float:
    """The share of pairs of neighbours in `ids` (of runs of 4 for characters) that also occur in the training text."""
    found = [run in among.runs for run in _runs(ids, RUN[among.glue])]
    return sum(found) / max(1, len(found))


def _meadow() -> list[str]:
    return [word for document in sample_documents(DOCUMENTS, seed=20) for word in tokenize(document.english)]


def _cut(run: list[str], glue: str) -> Corpus:
    """Symbols numbered in alphabetical order; the end of the text is held out, at least two windows of it."""
    symbols = tuple(sorted(set(run)))
    number = {symbol: index for index, symbol in enumerate(symbols)}
    ids = tuple(number[symbol] for symbol in run)
    border = len(ids) - max(2 * CONTEXT[glue] + 2, int(len(ids) * HELD_OUT))
    start = Counter(ids).most_common(1)[0][0]
    return Corpus(symbols, ids[:border], ids[border:], glue, start, frozenset(_runs(ids[:border], RUN[glue])))


def _runs(ids: Sequence[int], length: int) -> Iterator[tuple[int, ...]]:
    return zip(*(ids[offset:] for offset in range(length)), strict=False)

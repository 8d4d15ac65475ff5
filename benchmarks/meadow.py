"""How long Meadow's exact inference and its sampling take."""

from collections.abc import Callable, Iterator
from random import Random
from time import process_time

from benchmarks.report import Row, Table, percentile
from model_utils.meadow import detokenize, next_word_probabilities, sample_documents, sample_texts
from model_utils.meadow.inference import explore

PREFIXES, LONGEST, DOCUMENTS = 4_000, 40, 20_000
NOTE = (
    f"`next_word_probabilities` of {PREFIXES:,} prefixes of sampled documents, of 0 to {LONGEST} words each, nothing "
    f"cached; and the time to sample {DOCUMENTS:,} documents, whole or their English alone. Processor time."
)


def measure() -> Table:
    """Times in milliseconds against fixed bars; nothing else computes this, so there is no floor."""
    spent = _inference()
    return Table(
        "meadow",
        "Meadow: exact next words, sampling",
        NOTE,
        (
            Row("next words, p50", percentile(spent, 50), None, "ms", 1.0),
            Row("next words, p95", percentile(spent, 95), None, "ms", 50.0),
            Row("next words, slowest", max(spent), None, "ms"),
            Row("a thousand documents", _sampling(sample_documents), None, "ms", 200.0),
            Row("a thousand texts", _sampling(sample_texts), None, "ms"),
        ),
    )


def _inference() -> list[float]:
    cut = Random(1)
    spent = []
    for document in sample_documents(PREFIXES, seed=2):
        text = detokenize(document.words[: cut.randint(0, min(LONGEST, len(document.words)))])
        explore.cache_clear()
        start = process_time()
        next_word_probabilities(text)
        spent.append(1e3 * (process_time() - start))
    return spent


def _sampling(sample: Callable[[int, int], Iterator[object]]) -> float:
    start = process_time()
    for _ in sample(DOCUMENTS, 3):
        pass
    return 1e6 * (process_time() - start) / DOCUMENTS

"""From the pieces that a run said to a Document: English, Chinese in its own order, alignment, labelled spans."""

import math

from model_utils.meadow.text import detokenize, split
from model_utils.meadow.types import Document, Notes, Span, Word

Piece = tuple[Word | str, str | None, int, str]  # (what was said, its Chinese or None for the word's own, back, role)

ENTITIES = {"person": "person", "country": "place", "city": "place", "day": "time"}


def document(kind: str, notes: Notes, pieces: list[Piece], probability: float) -> Document:
    """The Document of one run."""
    words: list[str] = []
    owners: list[int] = []  # word -> piece
    order: list[int] = []  # pieces with Chinese, in the order of the Chinese
    chunks: list[str] = []
    roles: list[Span] = []
    entities: list[Span] = []
    senses: list[Span] = []
    sentence = 0
    for number, (word, chinese, back, role) in enumerate(pieces):
        first = len(words)
        if isinstance(word, str):
            said = split(word)
        else:
            said = (word.english,)
            if word.category in ENTITIES:
                entities.append(Span(ENTITIES[word.category], first, first, sentence))
            if word.sense:
                senses.append(Span(word.sense, first, first, sentence))
        words += said
        owners += [number] * len(said)
        if role:
            roles.append(Span(role, first, len(words) - 1, sentence))
        chunk = (chinese or "") if isinstance(word, str) else word.chinese if chinese is None else chinese
        chunks.append(chunk)
        if chunk:
            order.insert(len(order) - back, number)
        if said and said[-1] in ".?":
            sentence += 1
    chinese, alignment = _align(chunks, order, owners)
    return Document(
        kind, detokenize(words), chinese, tuple(words), math.log(probability), alignment,
        tuple(roles), tuple(entities), tuple(senses),
        notes.sentiment, notes.questions, notes.summary_english, notes.summary_chinese,
    )


def _align(chunks: list[str], order: list[int], owners: list[int]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The Chinese text, and for every word the span of its chunk; a word without one takes the next word's."""
    spans: dict[int, tuple[int, int]] = {}
    start = 0
    for number in order:
        spans[number] = (start, start + len(chunks[number]))
        start = spans[number][1]
    after = (start, start)
    by_piece = [after] * len(chunks)
    for number in range(len(chunks) - 1, -1, -1):
        after = by_piece[number] = spans.get(number, after)
    return "".join(chunks[number] for number in order), tuple(by_piece[number] for number in owners)

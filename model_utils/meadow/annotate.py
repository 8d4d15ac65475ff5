"""From the pieces that a run said to a Document: English, Chinese in its own order, alignment, labelled spans."""

import math

from model_utils.meadow.text import detokenize, split
from model_utils.meadow.types import Document, Notes, Span, Word

Piece = tuple[Word | str, str | None, int, str]  # (what was said, its Chinese or None for the word's own, back, role)

ENTITIES = {"person": "person", "country": "place", "city": "place", "day": "time"}  # category -> type


def document(kind: str, notes: Notes, pieces: list[Piece], probability: float) -> Document:
    """The Document of one run."""
    words: list[str] = []
    chunk_of: list[int | None] = []  # word -> the piece whose Chinese it has, if any
    order: list[int] = []  # pieces with Chinese, in the order of the Chinese
    chunks: list[str] = []  # piece -> Chinese
    roles, entities, senses = spans = [], [], []
    sentence = 0
    for number, (word, chinese, back, role) in enumerate(pieces):
        first = len(words)
        if word.__class__ is str:
            words += split(word)
            chunk = chinese or ""
        else:
            words.append(word.english)
            chunk = word.chinese if chinese is None else chinese
            if word.category in ENTITIES:
                entities.append(Span(ENTITIES[word.category], first, first, sentence))
            if word.sense:
                senses.append(Span(word.sense, first, first, sentence))
        chunks.append(chunk)
        chunk_of += [number if chunk else None] * (len(words) - first)
        if chunk:
            order.insert(len(order) - back, number)
        if role:
            roles.append(Span(role, first, len(words) - 1, sentence))
        if words[-1] in ".?" and len(words) > first:
            sentence += 1
    return Document(
        kind, detokenize(words), "".join([chunks[number] for number in order]), tuple(words), math.log(probability),
        _alignment(chunk_of, order, chunks), *map(tuple, spans),
        notes.sentiment, notes.questions, notes.summary_english, notes.summary_chinese,
    )


def _alignment(chunk_of: list[int | None], order: list[int], chunks: list[str]) -> tuple[tuple[int, int], ...]:
    """For every word the span of its chunk in the Chinese; a word without a chunk takes that of the next word."""
    spans: dict[int | None, tuple[int, int]] = {}
    start = 0
    for number in order:
        end = start + len(chunks[number])
        spans[number] = (start, end)
        start = end
    after = (start, start)
    aligned = []
    for number in reversed(chunk_of):
        after = spans.get(number, after)
        aligned.append(after)
    return tuple(reversed(aligned))

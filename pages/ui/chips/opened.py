"""Tokenisers for a page: opened in the lane of loads, in the learner's sight, with a sentence where one cannot be."""

from typing import TYPE_CHECKING

from lessons import Lesson
from model_utils import queueing
from pages.ui.chips import chips
from pages.ui.running import desk, in_sight, waited

if TYPE_CHECKING:
    from model_utils.queueing import Report
    from model_utils.reading import Reading
    from model_utils.tokenising import Tokeniser


def tokeniser_of(model_id: str) -> "Tokeniser | None":
    """The tokeniser of a model, without the model's weights; None after a sentence was drawn."""

    def load(report: "Report") -> "Tokeniser":
        from model_utils.tokenising import load_tokeniser

        return load_tokeniser(model_id, lambda done, total: report(done / max(total, 1), "download"))

    return in_sight(lambda slot: waited(slot, queueing.ask(desk(), ("tokeniser", model_id), load, "load", kept=False)))


def tokenised(tokeniser: "Tokeniser | None", text: str) -> "Reading | None":
    """The text in tokens; None after a sentence was drawn, or without a tokeniser."""
    if tokeniser is None:
        return None

    def read(slot: object) -> "Reading":
        from model_utils.tokenising import tokenise

        return tokenise(tokeniser, text)

    return in_sight(read)


def token_strip(
    lesson: Lesson, name: str, tokeniser: "Tokeniser | None", text: str, show_ids: bool = False
) -> "Reading | None":
    """The text in this tokeniser's tokens, drawn as chips; None after a sentence was drawn."""
    reading = tokenised(tokeniser, text)
    if reading is not None:
        chips(
            lesson, name, reading.tokens, ids=reading.ids, text=reading.text, spans=reading.spans, show_ids=show_ids,
            unknown=tokeniser.unknown,
        )  # fmt: skip
    return reading

"""Help beside a text that the model does not know well: its surprise at each token, and a model that knows more."""

import numpy as np
import streamlit as st

from lessons import Lesson
from model_utils.catalogue import ModelCard
from model_utils.types import Floats, Trace
from pages.ui.chips import chips
from pages.ui.controls import key_of
from pages.ui.language import language, say, words

STRANGE = 8.0  # bits a token, on average: one chance in 256. What the models have read costs them 4 to 6.
DARKEST = 20.0  # bits at which a token is drawn darkest
FEWEST = 3  # words of a text that may be Meadow's by more than chance


def aids(lesson: Lesson, name: str, run: Trace) -> None:
    """Mark a text that is strange to its model, offering one that has read more; offer the truth about Meadow's."""
    from model_utils import catalogue

    card = catalogue.find(run.model_id)
    if card is None or card.reads_meadow or run.model_kind != "causal":
        return
    picker = key_of(lesson, f"{name}_model")
    if is_meadow(run.text):
        _offer(f"{picker}.truth", words()["aids.truth"], picker, "meadow-gpt")
    surprise = surprises(run)
    if card.wider and is_strange(surprise):
        st.text(say("aids.strange", model=card.title[language()]))
        chips(
            lesson, f"{name}_strange", run.tokens, ids=run.token_ids, text=run.text, spans=run.spans,
            values=surprise, largest=DARKEST, value_name=words()["aids.surprise"],
        )  # fmt: skip
        wider = catalogue.find(card.wider)
        _offer(f"{picker}.wider", _named(wider), picker, wider.id)


def surprises(run: Trace) -> Floats:
    """Bits of surprise at each token, (T,): -log2 of the probability it had, NaN for the first, which nothing precedes.

    Source: Shannon 1948, section 6: the self-information of what came.
    """
    logits = run.logits[:-1].astype(np.float64)  # (T-1, V)
    largest = logits.max(axis=-1, keepdims=True)
    log_total = np.log(np.exp(logits - largest).sum(axis=-1)) + largest[:, 0]  # (T-1,)
    came = np.take_along_axis(logits, run.token_ids[1:, None], axis=-1)[:, 0]  # (T-1,)
    return np.concatenate([[np.nan], (log_total - came) / np.log(2)])


def is_strange(surprise: Floats) -> bool:
    """Whether the model had hardly expected the text. surprise: (T,) bits, the first NaN."""
    return len(surprise) > 1 and float(surprise[1:].mean()) > STRANGE


def is_meadow(text: str) -> bool:
    """Whether the exact truth is known about how this text goes on."""
    from model_utils.meadow import NotMeadow, next_word_probabilities

    try:
        return len(text.split()) >= FEWEST and bool(next_word_probabilities(text))
    except NotMeadow:
        return False


def _named(wider: ModelCard) -> str:
    """The button's words: which model, and how much there is to fetch."""
    megabytes = round(wider.parameters * 4 / 1e6, -1)  # float32, as the hub mostly has it
    return say("aids.wider", model=wider.title[language()], megabytes=f"{megabytes:.0f}")


def _offer(key: str, label: str, picker: str, model_id: str) -> None:
    st.button(label, key=key, on_click=_pick, args=(picker, model_id))


def _pick(picker: str, model_id: str) -> None:
    st.session_state[picker] = model_id

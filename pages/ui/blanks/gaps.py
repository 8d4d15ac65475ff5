"""What every demo of a gap begins with: a masked model, a text, words covered, and the run over what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson
from model_utils.types import Model, Trace
from pages.ui.blanks import blanks
from pages.ui.blanks.covering import MASK, Covered, in_own_words
from pages.ui.computed import computed
from pages.ui.controls import model_picker, prompt
from pages.ui.language import words
from pages.ui.running import model_of, traced

if TYPE_CHECKING:
    from model_utils.interventions import Intervention

MASKED = ("masked",)


@dataclass(frozen=True, eq=False)
class Gaps:
    """A text with gaps and what a masked model made of it. `places`: where the masks stand among the run's tokens."""

    model: Model
    covered: Covered
    run: Trace
    places: tuple[int, ...]


def reads_meadow(model_id: str) -> bool:
    """Whether a model learnt Meadow, so that the exact truth can stand beside it."""
    from model_utils import catalogue

    card = catalogue.find(model_id)
    return card is not None and card.reads_meadow


def truths_of(found: Gaps) -> tuple[Mapping[str, float], ...] | None:
    """The exact distribution of each gap, for a model that learnt Meadow, worked out in the queue; None if unknown."""
    if not reads_meadow(found.model.id):
        return None

    def work(model: Model, report: object) -> tuple[Mapping[str, float], ...]:
        from lessons.masked_words.steps import truths

        return truths(found.covered.text) or ()

    return computed(("truths", found.covered.text), found.model.id, work) or None


def masked_model(lesson: Lesson, name: str, default: str = "meadow-bert", label: str | None = None) -> Model | None:
    """A model that fills gaps, picked by the learner; None after a sentence was drawn."""
    model = model_of(model_picker(lesson, f"{name}_model", MASKED, label, default))
    if model is not None and (model.kind not in MASKED or model.tokenizer.mask_token_id is None):
        st.text(words()["errors.other_kind"])
        return None
    return model


def gaps(
    lesson: Lesson, name: str, default: str, opens_on: str = "meadow-bert", sentences: Sequence[str] | None = None
) -> Gaps | None:
    """A model to pick, a text to type, its words to cover, and the run; None after a sentence was drawn."""
    left, right = st.columns([1, 2])
    with left:
        model = masked_model(lesson, name, opens_on)
    if model is None:
        return None
    with right:
        text = prompt(lesson, f"{name}_text", model.id, default=default, sentences=sentences)
        covered = blanks(lesson, f"{name}_cover", text, model.tokenizer.mask_token)
    if text and MASK not in covered.text:
        st.text(words()["blanks.nothing"])
        return None
    return filled(model, covered)


def filled(model: Model, covered: Covered, interventions: "Sequence[Intervention]" = ()) -> Gaps | None:
    """The run over a covered text; None after a sentence was drawn."""
    run = traced(model.id, in_own_words(covered.text, model.tokenizer.mask_token), interventions)
    if run is None:
        return None
    mask = model.tokenizer.mask_token_id
    places = tuple(place for place, token in enumerate(run.token_ids) if token == mask)
    if len(places) != len(covered.answers):  # a text that is longer than the model reads, or that spells masks its way
        st.text(words()["blanks.lost"])
        return None
    return Gaps(model, covered, run, places)

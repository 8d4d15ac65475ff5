"""Run a model for a page: wait in line in the learner's sight, come back with a value or with one sentence.

Only the page's own thread draws. It asks the desk, looks at its ticket a few times a second, and draws what it sees;
the desk's threads compute and touch nothing of Streamlit's.
"""

import gc
import logging
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import streamlit as st

from lessons import discover
from model_utils import queueing
from model_utils.errors import ModelError
from model_utils.queueing import Desk, Lane, Report, Ticket
from model_utils.types import Model, Trace
from pages.ui.language import words

if TYPE_CHECKING:
    from model_utils.interventions import Intervention
    from model_utils.translating import Translation

LOG = logging.getLogger(__name__)
QUIET = 0.2  # seconds before a wait is shown: nothing blinks when the answer is nearly there
LOOK = 0.25  # seconds between two looks at a ticket; each draws, which is also how Streamlit can stop the run
LONGEST_FACT = 60  # characters of a learner's own text repeated in a sentence


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The process's desk. Its bounds: a class of 60 may wait, two models load at once, 256 MB of answers stay."""
    lanes = {"forward": Lane(min(2, os.cpu_count() or 1), 60), "load": Lane(2, 30)}
    return queueing.open_desk(lanes, bytes_kept=256_000_000)


def traced(
    model_id: str,
    text: str,
    interventions: "Sequence[Intervention]" = (),
    target_text: str | None = None,
    target_ids: Sequence[int] | None = None,
) -> Trace | None:
    """The trace of one text, or None after a sentence was drawn. Equal calls of all learners are computed once.

    The decoder of a sequence-to-sequence model reads `target_text`, or exactly `target_ids`.
    """
    ids = {} if target_ids is None else {"target_ids": tuple(target_ids)}

    def forward(model: Model) -> Trace:
        from model_utils import trace

        return trace(model, text, tuple(interventions), target_text, **ids)

    how = ("trace", tuple(interventions), target_text, *ids.values())
    return _answered(model_id, (text,), how, forward)


def translated(model_id: str, text: str, most: int) -> "Translation | None":
    """What a sequence-to-sequence model writes for a text, up to `most` tokens, or None after a sentence was drawn."""

    def forward(model: Model) -> "Translation":
        from model_utils.translating import translate

        return translate(model, text, most)

    return _answered(model_id, (text,), ("translate", most), forward)


def traced_batch(
    model_id: str,
    texts: Sequence[str],
    padding_side: str = "right",
    padding_mask: bool = True,
    interventions: "Sequence[Intervention]" = (),
    positions: str = "columns",
) -> tuple[Trace, ...] | None:
    """The traces of one padded batch, or None after a sentence was drawn."""

    def forward(model: Model) -> tuple[Trace, ...]:
        from model_utils import trace_batch

        return trace_batch(model, tuple(texts), padding_side, padding_mask, tuple(interventions), positions)

    how = ("batch", padding_side, padding_mask, tuple(interventions), positions)
    return _answered(model_id, tuple(texts), how, forward)


def vocabulary_of(model_id: str) -> tuple[str, ...] | None:
    """The readable string of each token id, or None after a sentence was drawn."""
    return in_sight(lambda slot: loaded(slot, model_id).vocabulary)


def model_of(model_id: str) -> Model | None:
    """The model itself, for what no Trace holds (its tables of weights), or None after a sentence was drawn."""
    return in_sight(lambda slot: loaded(slot, model_id))


def warm() -> None:
    """Do once, before a class comes in, all that its first learner would wait for; then freeze."""
    import torch

    from model_utils import catalogue, trace

    torch.set_num_threads(1)  # one learner a core is faster for a class than all cores for one learner
    for slug in discover():
        import_module(f"lessons.{slug}.maths")
        import_module(f"lessons.{slug}.figures")
    for card in catalogue.embedded():
        trace(_load(card.id, lambda fraction, stage: None), "Once upon a time")
    freeze()


def freeze() -> None:
    """Take everything there is out of the sight of the collector that Streamlit runs after each rerun (gc.freeze)."""
    gc.collect()
    gc.freeze()


def freeze_what_is_new() -> None:
    """After a page: what it imported is there to stay, and need not be looked through after each rerun either."""
    _frozen(len(sys.modules) // 100)


@cache
def _frozen(hundreds: int) -> None:
    """Freeze once for every hundred modules that the process has imported."""
    freeze()


def sentence(error: ModelError, words: Mapping[str, str]) -> str:
    """What a learner is told about an error: plain text, to be drawn as such, with the facts filled in."""
    template = words.get(f"errors.{error.code}", words["errors.unexpected"])
    return re.sub(r"\{(\w+)\}", lambda place: _plain(error.facts.get(place[1], "…")), template)


def _plain(fact: object) -> str:
    """A fact on one line, with nothing invisible in it, cut where a learner would stop reading."""
    text = str(fact)[: LONGEST_FACT + 1]
    seen = "".join("\ufffd" if unicodedata.category(letter) in {"Cc", "Cf", "Cs"} else letter for letter in text)
    return seen if len(seen) <= LONGEST_FACT else seen[:LONGEST_FACT] + "…"


def _answered(model_id: str, texts: tuple[str, ...], how: Hashable, forward: Callable[[Model], Any]) -> Any | None:
    """The kept answer, or the model loaded and the forward pass waited for, or None and a sentence."""
    key = (model_id, texts, how)

    def answer(slot: Any) -> Any:
        if not texts or not all(text.strip() for text in texts):
            raise ModelError("empty_text")
        kept = queueing.known(desk(), key)
        if kept is not None:
            return kept
        model = loaded(slot, model_id)
        return waited(slot, queueing.ask(desk(), key, lambda report: forward(model), "forward"))

    return in_sight(answer)


def in_sight(answer: Callable[[Any], Any]) -> Any | None:
    """Run `answer(slot)`; whatever goes wrong becomes a sentence in the slot, and the cause goes to the log."""
    slot = st.empty()  # always there, drawn in or not, so that the elements after it keep their places
    try:
        return answer(slot)
    except ModelError as error:
        LOG.info("A learner was told: %s", error)
        _tell(slot, sentence(error, words()))
    except Exception:
        LOG.exception("A run failed")
        _tell(slot, words()["errors.unexpected"])
    return None


def loaded(slot: Any, model_id: str) -> Model:
    """The model, loaded in the lane of loads if this process does not hold it."""
    model = _held().get(model_id)
    return model or waited(
        slot, queueing.ask(desk(), ("model", model_id), partial(_load, model_id), "load", kept=False)
    )


@st.cache_resource(show_spinner=False)
def _held() -> "WeakValueDictionary[str, Model]":
    """The models that are loaded, by id. Weak: `load` decides how long a model stays, this only saves asking it."""
    return WeakValueDictionary()


def _load(model_id: str, report: Report) -> Model:
    from model_utils import load

    model = load(model_id, progress=lambda done, total: report(done / max(total, 1), "download"))
    freeze_what_is_new()  # the first model brings torch and transformers with it
    _held()[model_id] = model
    return model


def waited(slot: Any, ticket: Ticket) -> Any:
    """The ticket's answer; meanwhile its place or its progress stands in the slot."""
    shown = False
    try:
        while not queueing.wait(ticket, LOOK if shown else QUIET):
            _show_wait(slot, ticket)
            shown = True
    finally:
        queueing.leave(ticket)
    if shown:
        slot.empty()
    return queueing.result(ticket)


def _show_wait(slot: Any, ticket: Ticket) -> None:
    ahead = queueing.place(ticket)
    fraction, stage = ticket.request.progress
    said = words().get(f"running.{stage}", words()[f"running.{ticket.request.lane}"])
    if ahead:
        slot.text(words()["running.place"].format(place=ahead))
    elif fraction is None:
        slot.text(said)
    else:
        slot.progress(min(max(fraction, 0.0), 1.0), text=said)


def _tell(slot: Any, said: str) -> None:
    """Draw a sentence as plain text: part of it may be a learner's own, so it never meets Markdown or HTML."""
    slot.container(border=True).text(said)

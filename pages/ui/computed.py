"""Longer work of a model, of several forward passes: one request in the queue, computed once for everybody."""

from collections.abc import Callable, Hashable
from typing import Any

from model_utils import queueing
from model_utils.queueing import Report
from model_utils.types import Model
from pages.ui.running import desk, in_sight, loaded, waited


def computed(key: Hashable, model_id: str, work: Callable[[Model, Report], Any]) -> Any | None:
    """`work(model, report)`, done in the lane of the forward passes, or None after a sentence was drawn.

    key: what the answer depends on beside the model, such as ("sweep", text). The answer is kept, so numpy and small
    values only; equal requests are computed once. `report(fraction, stage)` moves the bar that the learner sees and
    lets go of work that nobody waits for any more, so call it a few times a second; `running.<stage>` says what is
    going on. The work must be bounded: it holds one of the lane's threads.
    """

    def answer(slot: Any) -> Any:
        asked = ("computed", model_id, key)
        kept = queueing.known(desk(), asked)
        if kept is not None:
            return kept
        model = loaded(slot, model_id)
        return waited(slot, queueing.ask(desk(), asked, lambda report: work(model, report), "forward"))

    return in_sight(answer)

"""Teacher forcing and free running: one target, fed in several ways, and what each way costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessons.encoder_decoder import SLIPPED, steps
from lessons.encoder_decoder.writing import translate_from
from model_utils.queueing import Report
from model_utils.tracing import trace
from model_utils.types import Floats, Model

WAYS = ("taught", "slipped", "free")  # the right words; one wrong one among them; one wrong one and then its own
MOST_OFFERED = 12


@dataclass(frozen=True, eq=False)
class Fed:
    """What a decoder that was fed in one way read, and how it was surprised by the target all along."""

    ids: tuple[int, ...]  # what stood in front of it, by the end
    tokens: tuple[str, ...]
    losses: Floats  # (N or fewer,) nats at each token of the target


def fed(
    model: Model, text: str, target: Sequence[int], place: int, wrong: int,
    report: Report = lambda fraction, stage: None,
) -> Mapping[str, Fed]:  # fmt: skip
    """The target's losses when the decoder reads the target; the target but for one token; and its own writing.

    The wrong token stands at `place` in both of the others; from there on, "free" is what the model wrote itself.
    """
    target = tuple(target)
    begun = (*target[:place], wrong)
    free = translate_from(model, text, begun, most=len(target) + 8, report=report).ids
    ways = {"taught": target, "slipped": (*begun, *target[place + 1 :]), "free": free}
    return {way: _read(model, text, ids, target) for way, ids in ways.items()}


def offered(found: steps.Written, place: int) -> tuple[int, ...]:
    """Wrong tokens to put at one place: what else the model thought likely there, and the target's other tokens."""
    likely = (one for _, _, one in found.likeliest[place])
    own = (one for one in found.ids[:-1])  # not the last: after the end nothing comes
    others = [one for one in dict.fromkeys((*likely, *own)) if one != found.ids[place]]
    return tuple(others[:MOST_OFFERED])


def default(found: steps.Written, offers: Sequence[int]) -> int:
    """Which of the offered words an untouched page puts in: one that should come a little later."""
    later = found.ids[min(SLIPPED, len(found.ids) - 1)]
    return offers.index(later) if later in offers else 0


def _read(model: Model, text: str, ids: Sequence[int], target: Sequence[int]) -> Fed:
    """Losses at the target while the decoder reads `ids`; where it stopped early, the rest has none."""
    run = trace(model, text, target_ids=tuple(ids))
    return Fed(tuple(ids), tuple(model.vocabulary[one] for one in ids), steps.losses(run, target[: len(ids)]))

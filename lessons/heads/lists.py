"""Lists of random words, said twice: where nothing but looking back can help, induction heads show themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lessons.heads import maths
from lessons.numbers import readable
from model_utils import catalogue
from model_utils.attention import Recording, recording
from model_utils.errors import ModelError
from model_utils.meadow import END
from model_utils.training.heads import random_lists
from model_utils.types import Floats, Model

MOST, FEWEST, TOGETHER = 64, 4, 16  # lists; so many run in one batch
BUDGET = 4e10  # multiplications that one measurement may take
COMMON = 2000  # of a large vocabulary, the words that come first
Report = Callable[[float | None, str], None]


@dataclass(frozen=True, eq=False)
class Lists:
    """What the heads did on `count` lists: induction scores (L, H), and the first list with its maps."""

    scores: Floats
    count: int
    tokens: tuple[str, ...]  # T, of the first list
    maps: Floats  # (L, H, T, T), of the first list
    cells: np.ndarray  # (T, T) bool: where an induction head looks
    foretold: float  # mean probability of the right word in the second copy, of those that follow from the first

    @property
    def best(self) -> tuple[int, int]:
        """Layer and head of the highest score."""
        layer, head = np.unravel_index(int(self.scores.argmax()), self.scores.shape)
        return int(layer), int(head)


def measure(model: Model, period: int, seed: int, report: Report, count: int = 0) -> Lists | tuple[()]:
    """Run lists of `period` random words said twice, and lists of words that all differ. Empty: too few words known."""
    if model.kind != "causal":
        raise ModelError("other_kind")
    opening, words = opening_of(model), words_of(model)
    if len(words) < 2 * period:
        return ()
    count = count or affordable(model.parameters, len(opening) + 2 * period)
    drawn = random_lists(opening, words, count, period, seed)
    twice, once = (token_ids.long() for token_ids in drawn)  # (B, T) each; an empty opening makes them floats
    batches = [batch for ids in (twice, once) for batch in ids.split(TOGETHER)]
    seen = []
    for done, batch in enumerate(batches):
        report(done / len(batches), "forward")
        seen.append(_run(model, batch))
    half = len(seen) // 2
    on_twice, on_once = (torch.cat([weights for weights, _ in part], dim=1) for part in (seen[:half], seen[half:]))
    right = torch.cat([foretold for _, foretold in seen[:half]])[:, 1 - period :]  # (B, T-1) -> (B, period - 1)
    return Lists(
        scores=maths.induction(on_twice, on_once, period).numpy(),
        count=count,
        tokens=tuple(model.vocabulary[i] for i in twice[0].tolist()),
        maps=on_twice[:, 0].numpy(),
        cells=maths.induction_cells(twice[0]).numpy(),
        foretold=right.mean().item(),
    )


def in_words(found: Lists, words: Mapping[str, str]) -> str:
    """How many lists, the best head, and how well the second copy was foretold."""
    layer, head = found.best
    score, foretold = readable(found.scores[layer, head]), readable(found.foretold)
    return words["lists_found"].format(count=found.count, layer=layer, head=head, score=score, foretold=foretold)


def affordable(parameters: int, length: int) -> int:
    """How many lists of `length` tokens a model may read here: fewer for a large one."""
    return int(min(MOST, max(FEWEST, BUDGET // (4 * parameters * length))))


def opening_of(model: Model) -> list[int]:
    """What stands before the words: Meadow's lists begin with a word, others with the model's own beginning of text."""
    if _reads_meadow(model):
        return [model.vocabulary.index(token) for token in (END, " List", ":")]
    bos = model.tokenizer.bos_token_id
    return [] if bos is None or bos >= len(model.vocabulary) else [bos]


def words_of(model: Model) -> list[int]:
    """Ids of ordinary words, each a single token: Meadow's listed things, or the commoner half of a vocabulary."""
    vocabulary = model.vocabulary
    if _reads_meadow(model):
        from model_utils.meadow.kinds.patterns import LISTED

        listed = {f" {noun.english}" for noun in LISTED}
        return [place for place, token in enumerate(vocabulary) if token in listed]
    spaced = [place for place, token in enumerate(vocabulary) if len(token) > 3 and token[0] == " " and _word(token)]
    letters = [place for place, token in enumerate(vocabulary) if not token.isascii() and token.isalpha()]
    return max(spaced[:COMMON], letters[:COMMON], key=len)


def _word(token: str) -> bool:
    return token[1:].isalpha() and token[1:].islower()


def _reads_meadow(model: Model) -> bool:
    card = catalogue.find(model.id)
    return card is not None and card.reads_meadow


def _run(model: Model, token_ids: Tensor) -> tuple[Tensor, Tensor]:
    """All weights (L, B, H, T, T) of a batch (B, T), and what each next word was given: (B, T-1)."""
    run = Recording(model.attention_kinds)
    with torch.inference_mode(), recording(run):
        logits = model.network(input_ids=token_ids.to(model.device), use_cache=False).logits.float().cpu()  # (B, T, V)
    probs = logits[:, :-1].softmax(dim=-1).gather(-1, token_ids[:, 1:, None])[..., 0]  # (B, T-1)
    return torch.stack([call.attn_weights.float().cpu() for call in run.calls]), probs

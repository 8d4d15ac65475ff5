"""The recipe of storybook-bert: a small BERT that reads the books of storybook-gpt, in the same pieces of words.

It begins with storybook-gpt's embeddings of pieces and of places; everything else is newborn.
"""

from collections.abc import Generator
from itertools import count
from pathlib import Path

import numpy as np
import torch
from numpy.random import default_rng
from safetensors.torch import load_file
from torch import Tensor
from transformers import BertForMaskedLM

from model_utils.training.corpus import IGNORE, Ids
from model_utils.training.fitting import Recipe, Work
from model_utils.training.masked_network import hidden_places, masked_loss, newborn
from model_utils.training.masked_rows import Row, Symbols, batch, single
from model_utils.training.masked_tokenizer import CLS, MASK, NAMES, PAD, SEP, masked
from model_utils.training.network import Shape
from model_utils.training.storybook_gpt import PIECES, ids_of, sentence_starts
from model_utils.training.texts import Split
from model_utils.training.tokenizer import learn_pieces

SHAPE = Shape(layers=4, heads=4, width=256, max_tokens=128)
RECIPE = Recipe(
    seed=1,
    data_seed=2,
    steps=3000,
    batch_size=20,
    peak_rate=2e-3,
    warmup=80,
    decay=0.4,
    weight_decay=0.01,
    save_every=100,
)
SHORTER = 4  # in every second batch the rows are so many times shorter, and so many times as many
ELDER = Path(__file__).parents[1] / "weights" / "storybook-gpt"
END_ID = 0  # of storybook-gpt's END, where a paragraph begins; here the same id is the padding's


def prepare(
    texts: Split[str], recipe: Recipe, shape: Shape = SHAPE, pieces: int = PIECES, elder: Path | None = ELDER
) -> Work:
    """storybook-gpt's tokenizer, learnt again, with BERT's four tokens; its text as one long row of ids to cut from.

    elder: the folder of the causal model of the same width and pieces whose embeddings are the first ones here.
    """
    causal = learn_pieces((line for text in texts.train for line in text.splitlines()), pieces)
    words = masked(causal)
    token_ids = np.concatenate([ids_of(causal, text) for text in texts.train])
    starts = sentence_starts(causal, token_ids)
    symbols = symbols_of(words.token_to_id)

    def batches(first: int) -> Generator[Tensor]:
        return windows(token_ids, starts, recipe, shape.max_tokens, symbols, first)

    network = newborn(shape, words.get_vocab_size(), recipe.seed, pairs=False)
    if elder:
        _inherit(network, elder)
    return Work(network, words, batches, masked_loss, bfloat16=True, targets=hidden_places, special_tokens=NAMES)


@torch.no_grad()
def _inherit(network: BertForMaskedLM, elder: Path) -> None:
    """The embeddings of all pieces but END, and of all places."""
    known, own = load_file(elder / "model.safetensors"), network.bert.embeddings
    pieces = known["transformer.wte.weight"]
    own.word_embeddings.weight[1 : len(pieces)] = pieces[1:].float()
    own.position_embeddings.weight.copy_(known["transformer.wpe.weight"])


def symbols_of(ids) -> Symbols:
    """The special ids; another word may be any piece, bytes left out."""
    return Symbols(ids(PAD), ids(CLS), ids(SEP), ids(MASK), (257, ids(CLS)))


def windows(
    token_ids: Ids, starts: Ids, recipe: Recipe, max_tokens: int, symbols: Symbols, first: int
) -> Generator[Tensor]:
    """Batches (3, B, T) from number `first` on: stretches of text that begin with a sentence, long and short in turn.

    Short ones end where a sentence ends, if one does; SEP stands where a paragraph ends.
    """
    for number in count(first):
        draw = default_rng([recipe.data_seed, number])
        times = SHORTER if number % 2 else 1
        length = max_tokens // times - 2
        rows = recipe.batch_size * times
        at = draw.choice(starts[starts < len(token_ids) - length], rows)
        cuts = [_cut(token_ids[begin : begin + length], begin, starts, times > 1) for begin in at]
        yield torch.from_numpy(batch([row_of(ids, symbols) for ids in cuts], symbols, draw))


def _cut(ids: Ids, begin: int, starts: Ids, at_sentence: bool) -> Ids:
    """The stretch, up to the last start of a sentence in it if so asked, without the end of a paragraph at its end."""
    last = starts[np.searchsorted(starts, begin + len(ids), side="right") - 1]
    return np.trim_zeros(ids[: last - begin] if at_sentence and last > begin else ids, "b")


def row_of(ids: Ids, symbols: Symbols) -> Row:
    """[CLS] text [SEP]; between paragraphs SEP, which is never hidden."""
    row = single(np.where(ids == END_ID, symbols.sep, ids), symbols)
    return Row(row.ids, row.segments, row.open_to & (row.ids != symbols.sep), IGNORE)

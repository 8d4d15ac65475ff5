"""What the card of meadow-translator says: how well it translates, and how well its attention follows the words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoModelForSeq2SeqLM, GenerationConfig

from model_utils.meadow import Document, sample_documents
from model_utils.training import alignment
from model_utils.training.meadow_pairs import pair_tokenizer, pairs
from model_utils.training.meadow_translator import GUIDED_HEAD, target_tokens, translation_loss

HELD_OUT_SEED = 78_000_000  # far from the seeds of the training stream
DOCUMENTS, ALIGNED, TOGETHER = 1000, 300, 50


def measure(folder: Path, documents: int = DOCUMENTS, aligned: int = ALIGNED) -> dict[str, Any]:
    """All of the card that is measured: on the shipped weights, in float32, on held-out documents."""
    network = opened(folder)
    held_out = list(sample_documents(documents, seed=HELD_OUT_SEED))
    written = translations(network, [document.english for document in held_out])
    return {
        "parameters": sum(p.numel() for p in network.parameters()),
        **teacher_forced(network, held_out),
        "entropy": 0.0,  # one English text has one Chinese: a test holds it
        **agreement(held_out, written),
        "kinds": by_kind(held_out, written),
        "alignment": aligned_to(network, held_out[:aligned]),
    }


def opened(folder: Path) -> nn.Module:
    """The network in float32, with eager attention, so that its weights can be looked at."""
    return AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def keep_settings(folder: Path) -> None:
    """generation_config.json: how `generate` is to begin and to end, greedily."""
    network = opened(folder)
    ids = {name: getattr(network.config, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    start, longest = network.config.decoder_start_token_id, network.config.max_position_embeddings
    GenerationConfig(**ids, decoder_start_token_id=start, max_length=longest, do_sample=False).save_pretrained(folder)


@torch.no_grad()
def translations(network: nn.Module, texts: Sequence[str]) -> list[str]:
    """The greedy translation of each text, by transformers' own generate; texts of about one length run together."""
    words, written = pair_tokenizer(), [""] * len(texts)
    sources = [words.encode(text).ids for text in texts]
    for rows in _by_length([len(source) for source in sources]):
        longest = max(len(sources[row]) for row in rows)
        short = torch.tensor([longest - len(sources[row]) for row in rows])
        pad = network.config.pad_token_id
        ids = torch.tensor([[*sources[row], *[pad] * (longest - len(sources[row]))] for row in rows])
        seen = (torch.arange(longest) < longest - short[:, None]).long()
        most = network.config.max_position_embeddings
        output = network.generate(ids, attention_mask=seen, max_length=most, do_sample=False, num_beams=1)
        for row, target in zip(rows, output.tolist(), strict=True):
            written[row] = words.decode(target)
    return written


def _by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    order = np.argsort(lengths, kind="stable").tolist()
    return (order[start : start + TOGETHER] for start in range(0, len(order), TOGETHER))


@torch.no_grad()
def teacher_forced(network: nn.Module, documents: Sequence[Document]) -> dict[str, float | int]:
    """Nats for each Chinese token, its end counted, given the right ones before it; and how many there are."""
    losses = tokens = 0.0
    for rows in _by_length([len(document.words) for document in documents]):
        batch = torch.from_numpy(pairs([documents[row] for row in rows]))
        tokens += target_tokens(batch)
        losses += translation_loss(network, batch)[0].item() * target_tokens(batch)
    return {"tokens": int(tokens), "held_out_loss": round(losses / tokens, 5)}


def agreement(documents: Sequence[Document], written: Sequence[str]) -> dict[str, float | int]:
    """The share of documents translated to the last character, and BLEU over characters (sacrebleu's "zh")."""
    from sacrebleu import corpus_bleu

    right = [document.chinese for document in documents]
    exact = np.mean([one == other for one, other in zip(written, right, strict=True)])
    bleu = corpus_bleu(list(written), [right], tokenize="zh").score
    return {"documents": len(right), "exact_match": round(float(exact), 4), "bleu": round(bleu, 2)}


def by_kind(documents: Sequence[Document], written: Sequence[str]) -> dict[str, dict[str, float | int]]:
    """The same for each kind of document, in alphabetical order."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        kinds[document.kind].append(number)
    return {
        kind: agreement([documents[i] for i in rows], [written[i] for i in rows])
        for kind, rows in sorted(kinds.items())
    }


def aligned_to(network: nn.Module, documents: Sequence[Document]) -> dict[str, Any]:
    """The error of the alignment that each head gives (L lists of H), each layer's mean of heads, and an even pace.

    `crossed` has the same for the tokens at which the order of the two languages differs.
    """
    words = pair_tokenizer()
    golds = [alignment.gold(one, words.encode(one.chinese).offsets[:-1]) for one in documents]
    attended = [cross_attention(network, one) for one in documents]
    even = [alignment.left_to_right(*known.sure.shape) for known in golds]

    def errors(crossed_only: bool) -> dict[str, Any]:
        def error(links: Sequence[alignment.Bools]) -> float:
            return round(alignment.error_rate(links, golds, crossed_only), 4)

        L, H = attended[0].shape[:2]
        heads = [
            [error([alignment.links(a[layer, head]) for a in attended]) for head in range(H)] for layer in range(L)
        ]
        means = [error([alignment.links(a[layer].mean(0)) for a in attended]) for layer in range(L)]
        return {"heads": heads, "mean_of_heads": means, "even_pace": error(even)} | _best(heads)

    rows = {"tokens": sum(len(known.sure) for known in golds), "sure": int(sum(known.sure.sum() for known in golds))}
    crossed = {"tokens": int(sum(known.crossed.sum() for known in golds))} | errors(True)
    taught = {"taught_head": [*GUIDED_HEAD]}  # the others found their ways alone
    return {"documents": len(documents), **rows, **taught, **errors(False), "crossed": crossed}


def _best(heads: list[list[float]]) -> dict[str, Any]:
    layer, head = np.unravel_index(np.argmin(heads), np.shape(heads))
    return {"best_head": [int(layer), int(head)], "best": heads[layer][head]}


@torch.no_grad()
def cross_attention(network: nn.Module, document: Document) -> np.ndarray:
    """(L, H, T, S + 1): where each Chinese token was looked for while it was predicted; its end left out."""
    source, target = torch.from_numpy(pairs([document]))[0, :2]
    source, target = source[source >= 0][None], target[target >= 0][None, :-2]  # the last row would predict the end
    output = network(input_ids=source, decoder_input_ids=target, output_attentions=True, use_cache=False)
    return torch.cat(output.cross_attentions).numpy()

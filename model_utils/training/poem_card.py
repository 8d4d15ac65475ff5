"""What the card of poem-gpt says: held-out loss, whether it keeps a form, how much it copies, samples, heads."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from model_utils.training import heads, held_out, poem_forms
from model_utils.training.corpus import Ids
from model_utils.training.habits import head_scores, table_of
from model_utils.training.sampling import draw
from model_utils.training.shipped import opened, words_of
from model_utils.training.texts import Poem, Split

TEMPERATURES = (0.5, 0.8, 1.0)
CONTINUED, POEMS, OFTEN = 200, 60, 300  # poems of each form; poems kept token by token; the most frequent characters
FORMS = {"five": 5, "seven": 7}


def measure(folder: Path, texts: Split[Poem]) -> dict[str, Any]:
    """All of the card that is measured, on the shipped weights, in float32."""
    network, words = opened(folder), words_of(folder)
    train, unseen = (closed(words, poems) for poems in (texts.train, texts.held_out))
    return {
        "parameters": sum(p.numel() for p in network.parameters()),
        "training_characters": sum(len(poem.text) + 1 for poem in texts.train),
        **held_out.compared(network, train, unseen, sum(len(poem.text) + 1 for poem in texts.held_out)),
        **written(network, words, texts),
        "samples": samples(network, words),
        "heads": head_scores(network, [0], common(words, train), unseen[:200]),
        "line_before": line_before(network, words, texts.held_out),
    }


def common(words: Tokenizer, poems: Sequence[Ids]) -> list[int]:
    """The ids of the most frequent characters."""
    by_count = np.bincount(np.concatenate(poems), minlength=words.get_vocab_size()).argsort()[::-1]
    return [i for i in by_count[:OFTEN].tolist() if i and words.decode([i]) not in poem_forms.breaks()]


def closed(words: Tokenizer, poems: Sequence[Poem]) -> list[Ids]:
    """END, the poem, END: with no control token, as a learner's plain text is fed."""
    return [np.array([*encoding.ids, 0]) for encoding in words.encode_batch([poem.text for poem in poems])]


def kept_losses(folder: Path, texts: Split[Poem]) -> dict[str, Any]:
    """The surprisals of a few held-out poems and of our own, for a test to look at."""
    words, own = words_of(folder), [Poem(kind, text) for kind, text in held_out.own_lines("chinese")]
    unseen, ours = (
        {poem.text: ids for poem, ids in zip(some, closed(words, some), strict=True)} for some in (texts.held_out, own)
    )
    return held_out.kept(opened(folder), unseen, ours, POEMS)


def written(network: nn.Module, words: Tokenizer, texts: Split[Poem]) -> dict[str, Any]:
    """Held-out poems continued from their first line: the share that keeps the form, the share of copied lines.

    "asked": the control token of the form stands before the line; "plain": nothing does.
    """
    known = {line for poem in texts.train for line in poem_forms.lines_of(poem.text)}
    kept, drawn_lines = {}, []
    for form in FORMS:
        poems = [poem for poem in texts.held_out if poem_forms.form_of(poem) == form][:CONTINUED]
        kept[form] = {"poems": len(poems)}
        for name, control, temperature in (("asked", True, 0.8), ("asked", True, 1.0), ("plain", False, 0.8)):
            prompts = [_first_line(poem, form if control else "") for poem in poems]
            whole = continued(network, words, prompts, temperature)
            kept[form][f"{name}_{temperature}"] = round(float(np.mean([keeps(x, FORMS[form]) for x in whole])), 4)
            drawn_lines += [line for x in whole for line in poem_forms.lines_of(x)[1:]]
    real = [line for poem in texts.held_out for line in poem_forms.lines_of(poem.text)]
    return {
        "keeps_form": kept,
        "lines_drawn": len(drawn_lines),
        "copied_lines": round(float(np.mean([line in known for line in drawn_lines])), 4),
        "copied_lines_of_real_poems": round(float(np.mean([line in known for line in real])), 4),
    }


def _first_line(poem: Poem, form: str) -> str:
    """The first line with the mark that ends it, after the control token of `form`, if any."""
    first = poem.text[: len(poem_forms.lines_of(poem.text)[0]) + 1]
    return poem_forms.controls()[form] + first if form else first


def continued(network: nn.Module, words: Tokenizer, prompts: Sequence[str], temperature: float) -> list[str]:
    """Whole poems, without control tokens; one that reached no end within the context lacks its last mark."""
    fed = [words.encode(prompt).ids for prompt in prompts]
    drawn = draw(network, fed, temperature, end=0, seed=1)
    whole = [words.decode([*ids, *new]) for ids, new in zip(fed, drawn, strict=True)]
    for control in poem_forms.controls().values():
        whole = [text.replace(control, "") for text in whole]
    return [text if new[-1] == 0 else text.rstrip(poem_forms.breaks()) for text, new in zip(whole, drawn, strict=True)]


def keeps(text: str, length: int) -> bool:
    """Whether a poem is whole, ends with a mark, and has `length` characters in each of its lines."""
    return text[-1:] in {*poem_forms.breaks()} and {len(line) for line in poem_forms.lines_of(text)} == {length}


def samples(network: nn.Module, words: Tokenizer) -> dict[str, list[str]]:
    """One poem for each form that can be asked for, by temperature."""
    asked = poem_forms.controls()
    prompts = [asked["five"] + asked["4"], asked["seven"] + asked["4"], asked["five"] + asked["8"], asked["ci"]]
    return {
        str(temperature): [
            prompt + text for prompt, text in zip(prompts, continued(network, words, prompts, temperature), strict=True)
        ]
        for temperature in TEMPERATURES
    }


def line_before(network: nn.Module, words: Tokenizer, poems: Sequence[Poem]) -> dict[str, Any]:
    """(L, H) for each form, on poems of four lines: the mean weight that a character gives to one place before it.

    "same_place": its own place in the line before. "place_to_be_written": the place there of the character that comes
    next. "one_before", "two_after": their neighbours, for comparison.
    """
    found = {}
    for form, length in FORMS.items():
        texts = [poem.text for poem in poems if poem_forms.form_of(poem) == form and len(poem.text) == 4 * (length + 1)]
        rows = [encoding.ids for encoding in words.encode_batch(texts) if len(encoding.ids) == 4 * (length + 1) + 1]
        token_ids = torch.tensor(rows)  # (B, T)
        weights = heads.attention(network, token_ids)
        back = {"one_before": 2, "same_place": 1, "place_to_be_written": 0, "two_after": -1}
        scores = {name: heads.at(weights, _back(token_ids, length + more, length)) for name, more in back.items()}
        highest = {name: round(table.max().item(), 4) for name, table in scores.items()}
        found[form] = {"poems": len(rows), "highest": highest, **table_of(scores)}
    return found


def _back(token_ids: Tensor, steps: int, length: int) -> Tensor:
    """(B, T): the place `steps` before each character that has two more after it in its line; -1 elsewhere.

    So the mark between two lines, which many heads look at, is never the place; the first line has no line before.
    """
    places = torch.arange(token_ids.shape[1])  # 0 is END, and each line is `length` characters and a mark
    inside = (places > length + 2) & (places % (length + 1) > 1) & (places % (length + 1) < length - 1)
    return torch.where(inside, places - steps, -1).expand_as(token_ids)

"""OPUS-MT's own tokenizer is slow and tells no offsets: its pieces are found in the text all the same."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sentencepiece

from model_utils import Model, load, trace
from tests.model_utils.families import WORDS

# sacremoses would only tidy punctuation before the pieces are made.
pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
LINES = [f"{one} {other} {third}" for one in WORDS for other in WORDS for third in WORDS[:5]]


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory, folder_of: Any) -> Model:
    """The Marian model with the tokenizer files of OPUS-MT repositories: two sentencepiece models, one vocabulary."""
    folder = Path(shutil.copytree(folder_of("marian"), tmp_path_factory.mktemp("opus") / "marian"))
    for path in folder.glob("tokenizer*"):
        path.unlink()
    stem = folder / "source"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_prefix=str(stem), vocab_size=36, minloglevel=2, model_type="unigram"
    )
    stem.with_suffix(".model").rename(folder / "source.spm")
    shutil.copy(folder / "source.spm", folder / "target.spm")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    names = ["<pad>", "</s>", "<unk>", *(pieces.id_to_piece(i) for i in range(3, len(pieces)))]
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    config = {"source_lang": "en", "target_lang": "zh", "tokenizer_class": "MarianTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return load(str(folder))


def test_its_pieces_are_readable_and_point_into_the_text(translator: Model) -> None:
    assert not translator.tokenizer.is_fast
    text = "the quick brown fox sat"
    run = trace(translator, text, target_text="a river")
    assert run.source_tokens is not None and run.source_spans is not None
    assert "".join(run.source_tokens[:-1]).strip() == text
    assert run.source_tokens[-1] == "</s>"
    for token, (start, end) in zip(run.source_tokens[:-1], run.source_spans[:-1], strict=True):
        assert text[start:end] == token.strip()
    assert run.tokens[0] == "<pad>" and "".join(run.tokens[1:]).strip() == "a river"
    assert run.logits is not None and np.isfinite(run.logits).all()

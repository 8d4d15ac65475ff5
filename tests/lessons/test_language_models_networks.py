"""Networks in the lesson on language models: their bits and next words are PyTorch's own, an LSTM's too."""

import math
import shutil

import pytest
import torch
import torch.nn.functional as F

from lessons.language_models import counting, looking, seven
from model_utils import Model, load, trace
from model_utils.meadow import detokenize
from model_utils.recurrent import LstmConfig, LstmForCausalLM


@pytest.fixture(scope="module")
def lstm(tmp_path_factory) -> Model:
    """A small random LSTM over Meadow's tokens."""
    folder = tmp_path_factory.mktemp("lstm")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(looking.WEIGHTS / "meadow-gpt" / name, folder)
    torch.manual_seed(0)
    size = load("meadow-gpt").network.config.vocab_size
    LstmForCausalLM(LstmConfig(vocab_size=size, hidden_size=16, num_hidden_layers=1)).save_pretrained(folder)
    return load(str(folder))


@pytest.fixture(params=["lstm", "meadow"])
def model(request) -> Model:
    return request.getfixturevalue(request.param)


def test_the_bits_of_a_network_are_its_cross_entropy(model):
    told, nats, words = [], 0.0, 0
    for document in counting.held_out():
        ids = model.tokenizer(detokenize(document[:-1]), return_tensors="pt").input_ids  # END, then the words
        with torch.no_grad():
            logits = model.network(ids).logits[0]
        came = torch.cat([ids[0, 1:], ids[0, :1]])  # the words, then END
        nats += F.cross_entropy(logits, came, reduction="sum").item()
        words += len(document)
        assert len(came) == len(document), "a word is a token"
    found = seven.network_bits(model, lambda share, stage: told.append(share))
    assert found == pytest.approx(nats / words / math.log(2), rel=1e-5)
    assert len(told) == len(counting.held_out()) and max(told) < 1, "it lets go when nobody waits"


def test_a_networks_words_are_its_whole_softmax_and_the_rest_are_bytes(model):
    run = trace(model, "The dogs near the tree are")
    found = seven.from_network(run, model.vocabulary)
    probs = torch.softmax(torch.tensor(run.logits[-1]).double(), dim=-1)
    for word in ("hungry", ".", "Paris"):
        place = [at for at, token in enumerate(model.vocabulary) if token.strip() == word]
        assert len(place) == 1 and found[seven.VOCABULARY.index(word)] == pytest.approx(probs[place[0]].item())
    assert found[0] == pytest.approx(probs[0].item()), "END"
    signs = {".", ",", ":", "?"}  # Meadow's signs are bytes too
    others = sum(probs[at].item() for at in range(1, 257) if model.vocabulary[at] not in signs)
    assert found.sum() + others == pytest.approx(1)

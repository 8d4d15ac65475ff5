"""What the cards of the models of real text are made with: surprisal of long texts, drawn texts, heads by place."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from model_utils.training import heads, held_out, kneser_ney
from model_utils.training.network import Shape, newborn
from model_utils.training.sampling import draw
from model_utils.training.surprise import surprisals

T = 16


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    """Newborn, with sharper logits than newborns have, so that contexts matter."""
    born = newborn(Shape(layers=1, heads=2, width=16, max_tokens=T), words=11, seed=3).eval()
    with torch.no_grad():
        born.transformer.wte.weight.mul_(20)
        born.transformer.wpe.weight.mul_(20)
    return born


def _by_hand(network: torch.nn.Module, context: list[int], token: int) -> float:
    with torch.no_grad():
        return -F.log_softmax(network(input_ids=torch.tensor([context])).logits[0, -1], -1)[token].item()


@pytest.mark.parametrize("length", [2, 9, T, T + 1, T + 2, 25, 40, 41])
def test_every_token_of_a_text_is_measured_with_at_least_half_a_context(network: torch.nn.Module, length: int) -> None:
    ids = np.random.default_rng(length).integers(1, 11, length)
    ids[0] = 0
    (losses,) = surprisals(network, [ids])
    assert losses.shape == (length - 1,)
    for place in range(1, length):
        start = max(0, -(-(place - T) // (T // 2)) * (T // 2))
        context = [0, *ids[start + 1 : place].tolist()]
        assert place - start > T // 2 or start == 0
        assert losses[place - 1] == pytest.approx(_by_hand(network, context, int(ids[place])), abs=1e-4)


def test_texts_measured_together_are_those_measured_alone(network: torch.nn.Module) -> None:
    texts = [np.insert(np.random.default_rng(n).integers(1, 11, n), 0, 0) for n in (3, 30, 8, 50)]
    for text, losses in zip(texts, surprisals(network, texts), strict=True):
        np.testing.assert_allclose(surprisals(network, [text])[0], losses, atol=1e-4)


def test_the_figures_of_a_card_are_those_of_the_surprisals(network: torch.nn.Module) -> None:
    texts = [np.array([0, *np.random.default_rng(n).integers(1, 11, 12), 0]) for n in range(6)]
    measured = held_out.compared(network, texts[2:], texts[:2], characters=40)
    ours = np.concatenate(surprisals(network, texts[:2]))
    counted = kneser_ney.learn([ids[1:] for ids in texts[2:]], 5, words=11)
    theirs = np.concatenate([kneser_ney.surprisals(counted, ids[1:]) for ids in texts[:2]])
    assert measured["held_out_tokens"] == len(ours) == len(theirs) == 2 * 13
    assert measured["nats_per_character"] == pytest.approx(ours.sum() / 40, abs=1e-4)
    assert measured["kneser_ney_nats_per_character"] == pytest.approx(theirs.sum() / 40, abs=1e-4)
    assert measured["bits_per_character"] == pytest.approx(ours.sum() / 40 / np.log(2), abs=1e-4)
    assert measured["perplexity_per_token"] == pytest.approx(np.exp(ours.mean()), abs=0.01)


def test_drawing_ends_at_the_end_and_is_repeatable(network: torch.nn.Module) -> None:
    prompts = [[0, 1, 2], [0, 3], [0, 1, 2], [0, 5, 5]]
    drawn = draw(network, prompts, 1.0, end=0, seed=4)
    assert drawn == draw(network, prompts, 1.0, end=0, seed=4)
    assert drawn != draw(network, prompts, 1.0, end=0, seed=5)
    for prompt, new in zip(prompts, drawn, strict=True):
        assert 0 not in new[:-1]
        assert new[-1] == 0 or len(prompt) + len(new) == T


def test_cold_drawing_takes_the_likeliest_token_each_time(network: torch.nn.Module) -> None:
    (drawn,) = draw(network, [[0, 7]], 1e-4, end=-1, seed=0)
    context = [0, 7]
    for token in drawn:
        assert token == min(range(11), key=lambda i: _by_hand(network, context, i))
        context.append(token)


def test_weight_on_a_place_is_read_off_the_map() -> None:
    weights = torch.zeros(1, 1, 2, 4, 4)
    weights[0, 0, 0, 2, 1], weights[0, 0, 0, 3, 0], weights[0, 0, 1, 3, 0] = 0.8, 0.4, 1.0
    places = torch.tensor([[-1, -1, 1, 0]])
    torch.testing.assert_close(heads.at(weights, places), torch.tensor([[0.6, 0.5]]))


def test_the_command_line_says_where_the_texts_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from model_utils.training import __main__ as command

    monkeypatch.setattr("sys.argv", ["training", "poem-gpt", "--texts", str(tmp_path), "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match="chinese-poetry"):
        command.main()
    assert not list(tmp_path.iterdir())

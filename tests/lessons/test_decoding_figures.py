"""What the figures and formulas of the decoding lesson show, recomputed in another way."""

import math
import re

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from lessons import block, read
from lessons.decoding import caching, figures, formula, opened, trees
from lessons.decoding.strategies import Settings
from model_utils import trace
from model_utils.decoding import next_token_distribution
from model_utils.meadow import next_word_probabilities

SENTENCE = "The dogs near the tree are"
WORDS = read("decoding", "en").labels


@pytest.fixture(scope="module")
def tree(meadow):
    return trees.tree(meadow, SENTENCE, Settings(("greedy", "sample", "top_p", "beam"), 8))


def numbers(latex: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", latex.replace(r"\times 10^", "e"))]


def test_every_number_of_the_tree_is_the_models_own(meadow, tree):
    for node in tree.nodes[1:]:
        before = opened.read_before(meadow, SENTENCE, tree, node)
        run = trace(meadow, before)
        assert opened.same_tokens(run, meadow, SENTENCE, tree, node)
        probs = next_token_distribution(run.logits[-1])
        assert node.probability == pytest.approx(probs[node.token_id], rel=1e-3)
        parent = tree.nodes[node.parent]
        assert node.log_probability == pytest.approx(parent.log_probability + math.log(node.probability), abs=1e-6)
        assert node.truth == pytest.approx(next_word_probabilities(before).get(node.token.strip(), 0.0))


def test_what_is_cut_and_what_is_left_make_one(meadow, tree):
    for number, choices in tree.choices.items():
        node = tree.nodes[number]
        run = trace(meadow, SENTENCE + read_after(tree, node))
        probs = next_token_distribution(run.logits[-1])
        assert [each.token_id for each in choices] == np.argsort(-probs, kind="stable")[:8].tolist()
        if "greedy" in node.cut:
            assert node.cut["greedy"] == pytest.approx(1 - probs.max(), abs=1e-4)
        if "sample" in node.cut:
            assert node.cut["sample"] == 0.0
        if "top_p" in node.cut:
            order = np.sort(probs)[::-1]
            kept = 1 + int((order.cumsum() < 0.8 - 1e-6).sum())
            assert node.cut["top_p"] == pytest.approx(1 - order[:kept].sum(), abs=1e-3)


def read_after(tree, node) -> str:
    """The text after the prompt, up to and with a node."""
    return "".join(each.token for each in trees.tokens_to(tree, node))


def test_the_map_shows_where_the_last_place_looks(meadow):
    run = trace(meadow, SENTENCE)
    names, weights = opened.looks(run)
    figure = figures.looks_figure(run.tokens, names, weights, WORDS, "light")
    shown = np.asarray(figure.data[0].z)
    assert shown.shape == (sum(len(each.attn_weights) for each in run.attentions), len(run.tokens))
    np.testing.assert_allclose(shown.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(shown[names.index("1.3")], run.attentions[1].attn_weights[3, -1])


def test_of_a_large_model_each_layers_mean_is_shown(meadow, monkeypatch):
    monkeypatch.setattr(opened, "MOST_HEADS", 3)
    run = trace(meadow, SENTENCE)
    names, weights = opened.looks(run)
    assert len(names) == len(run.attentions)
    np.testing.assert_allclose(weights[1], run.attentions[1].attn_weights[:, -1].mean(axis=0))


def test_the_layers_end_in_what_the_model_says(meadow):
    run = trace(meadow, SENTENCE)
    network = block.network.read(meadow)
    lens = block.lens.lens(network, block.stream.stream(network, run))
    token = meadow.vocabulary.index(" thirsty")
    found = opened.layers(lens, token, run, meadow.vocabulary, reads_meadow=True)
    probs = next_token_distribution(run.logits[-1])
    assert found.token[-1] == pytest.approx(probs[token], rel=1e-3)
    assert found.likeliest[-1] == pytest.approx(probs.max(), rel=1e-3)
    assert found.truth == pytest.approx(0.05)
    figure = figures.layers_figure(found, " thirsty", WORDS, "dark")
    assert np.asarray(figure.data[1].x)[-1] == pytest.approx(0.05) and len(figure.data[0].x) == len(found.words) + 1


def test_the_cost_is_drawn_as_it_was_counted(meadow):
    found = caching.measured(meadow, SENTENCE, 5)
    figure = figures.cost_figure(found, WORDS, "light")
    np.testing.assert_array_equal(figure.data[0].y, found.uncached.multiplications)
    np.testing.assert_array_equal(figure.data[1].y, found.cached.multiplications)
    np.testing.assert_allclose(figure.data[3].y, found.cached.seconds * 1000)
    flops = FlopCounterMode(display=False)
    ids = torch.tensor([caching.read(meadow, SENTENCE).ids])
    with torch.no_grad(), flops:
        meadow.network(input_ids=ids, logits_to_keep=1, use_cache=True)
    assert flops.get_total_flops() == 2 * found.cached.multiplications[0]  # PyTorch counts additions too
    last = tuple(int(each[-1]) for each in found.by_hand)
    worked = formula.worked_cost(found.shape, found.prompt, 5, last).replace(r"\,", "")
    assert all(str(count) in worked for count in last)
    told = caching.in_words(found, WORDS)
    assert f"{found.cached.multiplications.sum():,}" in told and f"{found.uncached.multiplications.sum():,}" in told


def test_the_worked_path_multiplies_to_the_probability(tree):
    node = opened.chosen(tree, None)
    product = math.prod(each.probability for each in trees.tokens_to(tree, node))
    lines = formula.worked_path(tree, node).removesuffix(r"\end{aligned}").split(r"\\")
    assert numbers(lines[1])[-1] == pytest.approx(product, rel=0.01)
    assert float(lines[3].partition("&= ")[2]) == pytest.approx(math.log(product), rel=0.01)
    assert tree.paths[0].id in node.paths and opened.chosen(tree, 2).id == 2 and opened.chosen(tree, 10**6) == node


def test_the_worked_scores_and_ratios_are_those_of_the_run(meadow, tree):
    best = next(path for path in tree.paths if path.id == "beam-0")
    assert numbers(formula.worked_scores(tree, 1.0))[3] == pytest.approx(best.log_probability / best.length, rel=0.01)
    logits = np.array([1.0, 3.0, -2.0], dtype=np.float32)
    found = [float(each) for each in re.findall(r"= ([\d.]+)(?: |\\|$)", formula.worked_ratio(logits))]
    assert found == pytest.approx([math.exp(4), math.exp(2), math.exp(1)], rel=0.01)

"""The positions lesson: its few lines equal the published formulas, transformers' rotary code, BLOOM's slopes."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from transformers import LlamaConfig, MarianConfig
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb
from transformers.models.marian.modeling_marian import MarianSinusoidalPositionalEmbedding

from lessons.positions import curves, formula, maths, schemes, steps
from model_utils import Model, ModelError, PositionsOff, load, trace
from tests.lessons import models
from tests.model_utils import families

ORDERS = ("swapped", "reversed", "shuffled")


def random(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def angles(positions: int, width: int, base: float = 10_000) -> torch.Tensor:
    return maths.angles(torch.arange(positions, dtype=torch.float64), width, base)


@pytest.mark.parametrize(("width", "base"), [(2, 10_000), (8, 10_000), (32, 10), (512, 10_000)])
def test_the_sinusoids_are_the_papers_formula_number_by_number(width, base):
    table = curves.sinusoids(20, width, base)
    for position in range(20):
        for i in range(width // 2):
            angle = position / base ** (2 * i / width)
            assert table[position, 2 * i] == pytest.approx(math.sin(angle), abs=1e-12)
            assert table[position, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-12)


def test_the_sinusoids_are_those_that_marian_ships():
    """Marian keeps all sines first, then all cosines; the numbers are the same."""
    width = MarianConfig().d_model
    theirs = MarianSinusoidalPositionalEmbedding(64, width).create_weight()
    ours = curves.sinusoids(64, width, 10_000)
    np.testing.assert_allclose(ours[:, 0::2], theirs[:, : width // 2], atol=1e-4)
    np.testing.assert_allclose(ours[:, 1::2], theirs[:, width // 2 :], atol=1e-4)


def test_the_slowest_hand_of_the_paper_takes_the_papers_wavelength():
    """Section 3.5: wavelengths form a progression from 2 pi to 10000 times 2 pi."""
    found = curves.wavelengths(512, 10_000)
    assert found[0] == pytest.approx(2 * math.pi) and found[-1] == pytest.approx(10_000 * 2 * math.pi, rel=0.04)
    np.testing.assert_allclose(found[1:] / found[:-1], 10_000 ** (2 / 512), rtol=1e-9)


def test_turning_is_llamas_rotary_code():
    """Llama pairs coordinate i with i + D/2, the paper 2i with 2i + 1: the same turn in another order."""
    width, length, base = 16, 12, 500.0
    config = LlamaConfig(
        hidden_size=width, num_attention_heads=1, rope_parameters={"rope_type": "default", "rope_theta": base}
    )
    queries, keys = random(1, 1, length, width).float(), random(1, 1, length, width).float() * 2
    cos, sin = LlamaRotaryEmbedding(config)(queries, torch.arange(length)[None])
    theirs = apply_rotary_pos_emb(queries, keys, cos, sin)
    order = torch.arange(width).reshape(2, -1).T.flatten()  # 0, 8, 1, 9 ...
    for given, expected in zip((queries, keys), theirs, strict=True):
        ours = maths.turned(given[0, 0][:, order], angles(length, width, base).float())
        torch.testing.assert_close(ours, expected[0, 0][:, order], atol=1e-5, rtol=1e-5)


def test_a_turn_keeps_lengths_and_knows_only_the_difference():
    query, key = random(8), random(2, 8)[1]
    at = maths.turned(query.expand(40, -1), angles(40, 8)), maths.turned(key.expand(40, -1), angles(40, 8))
    torch.testing.assert_close(at[0].norm(dim=-1), query.norm().expand(40))
    products = maths.products(*at)
    for distance in range(-5, 6):
        along = products.diagonal(distance)
        torch.testing.assert_close(along, along[:1].expand_as(along))


@pytest.mark.parametrize("heads", [2, 4, 8, 16])
def test_the_slopes_are_the_published_ones(heads):
    theirs = build_alibi_tensor(torch.ones(1, 10), heads, torch.float32)[:, 0, 1]  # at position 1: the slope itself
    torch.testing.assert_close(maths.alibi_slopes(heads).float(), theirs)
    if heads == 8:  # Press et al. 2021, section 3: 1/2, 1/4 ... 1/256
        assert maths.alibi_slopes(8).tolist() == [2.0**-n for n in range(1, 9)]


def test_the_bias_gives_the_weights_that_bloom_would_have():
    """BLOOM adds slope times position instead of minus slope times distance: softmax does not see the difference."""
    scores, visible = random(8, 6, 6).float(), torch.ones(6, 6, dtype=torch.bool).tril()
    theirs = (scores + build_alibi_tensor(torch.ones(1, 6), 8, torch.float32)).masked_fill(~visible, -math.inf)
    ours = (scores + maths.alibi_bias(maths.alibi_slopes(8), 6)).masked_fill(~visible, -math.inf)
    torch.testing.assert_close(maths.softmax(ours.float()), torch.softmax(theirs, -1), atol=1e-6, rtol=1e-5)
    slopes, bias, weights = curves.alibi(8, 6)
    assert bias[2].tolist() == pytest.approx([-slopes[2] * distance for distance in range(6)])
    np.testing.assert_allclose(weights, torch.softmax(torch.tensor(bias), dim=-1), atol=1e-6)


def test_principal_directions_are_scikit_learns():
    table = random(30, 7)
    ours, shares = maths.principal(table, 2)
    theirs = PCA(2).fit(table.numpy())
    np.testing.assert_allclose(np.abs(ours.numpy()), np.abs(theirs.transform(table.numpy())), atol=1e-8)
    np.testing.assert_allclose(shares.numpy(), theirs.explained_variance_ratio_, atol=1e-8)


def test_cosines_are_pytorchs():
    table = random(5, 7)
    expected = torch.cosine_similarity(table[:, None], table[None], dim=-1)
    torch.testing.assert_close(maths.cosines(table), expected)
    assert maths.cosines(torch.zeros(2, 3)).tolist() == [[0, 0], [0, 0]], "a row of zeros is no error"


def test_kept_apart_the_products_are_sums_of_cosines_of_the_difference_and_added_up_they_are_not():
    apart, added = curves.added_up(16, 10_000)
    expected = [sum(math.cos(d / 10_000 ** (2 * i / 16)) for i in range(8)) for d in apart.distances]
    np.testing.assert_allclose(apart.values, expected, atol=1e-5)
    assert apart.spread < 1e-4 and added.spread > 1
    m, n = 20, 5
    sums = [
        math.sin(p / 10_000 ** (2 * i / 16)) + math.cos(p / 10_000 ** (2 * i / 16)) for p in (m, n) for i in range(8)
    ]
    by_hand = sum(a * b for a, b in zip(sums[:8], sums[8:], strict=True))
    assert added.values[m * (m + 1) // 2 + n] == pytest.approx(by_hand, abs=1e-5)


def test_of_four_ways_only_a_table_can_tell_two_equal_distances_apart():
    ways = curves.four_ways(random(40, 6).float().numpy(), 10_000)
    assert list(ways) == ["sinusoids", "learned", "rope", "alibi"]
    assert [pairs.spread > 1e-3 for pairs in ways.values()] == [False, True, False, False]
    assert "learned" not in curves.four_ways(None, 10_000)
    np.testing.assert_allclose(ways["alibi"].values, -ways["alibi"].distances / 8)
    np.testing.assert_allclose(ways["rope"].values, 2 * ways["sinusoids"].values, atol=1e-4)


def test_arrows_that_move_together_keep_their_product():
    alone, both = curves.arrows(10_000, None), curves.arrows(10_000, 3)
    assert np.ptp(both.product) < 1e-5 and np.ptp(alone.product) > 1
    assert both.product[0] == pytest.approx(alone.product[3], abs=1e-5), "the same distance, wherever"
    for found in (alone, both):
        np.testing.assert_allclose((found.query * found.key).sum(axis=(1, 2)), found.product, atol=1e-5)
    assert not np.allclose(both.query[0], both.query[5]), "they do turn"


def test_the_worked_terms_add_up_to_the_product():
    product = curves.arrows(10_000, 3).product
    written = formula.same_distance(3, 10, (product[0], product[10]), 10_000)
    assert written.count(formula.latex(float(product[0]))) == 2
    terms = [formula._term(pair, 3, 10_000) for pair in range(4)]
    values = [eval(t.replace(r"\cos(", "*math.cos(").replace(r"\times", "*"), {"math": math}) for t in terms]
    assert sum(values) == pytest.approx(product[0], abs=0.01)
    assert formula.latex(math.sin(7 / 10)) in formula.sinusoid(7, 1, 8, 10_000)


def test_what_lies_beyond_was_not_seen():
    found = curves.beyond(100)
    seen, unseen = slice(0, 100), slice(101, 200)
    assert found.slow[unseen].max() < found.slow[seen].min()
    assert found.degrees[unseen].min() > found.degrees[seen].max() and found.degrees[100] == pytest.approx(90)
    assert found.squeezed.max() < 90, "halved positions come back into what was seen"
    assert found.bias[150] == pytest.approx(-150 / 8)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("The dog bit the man.", "swapped", "The man bit the dog."),
        ("The dog bit the man", "reversed", "The man the bit dog"),
        ("One, two,  three!", "swapped", "One, three,  two!"),
        ("\u6625\u7720\u4e0d\u89c9\u6653\u3002", "swapped", "\u6625\u6653\u4e0d\u89c9\u7720\u3002"),
        ("alone", "reversed", "alone"),
        ("", "shuffled", ""),
        ("?!", "swapped", "?!"),
        ("don't go home now", "swapped", "don't now home go"),
    ],
)
def test_another_order_keeps_the_first_word_and_the_end(text, order, expected):
    assert steps.reordered(text, order) == expected


@pytest.mark.parametrize("order", ORDERS)
def test_another_order_has_the_same_words(order):
    text = "we put the money on the bank near a river, <b>fox</b> & \U0001f98a."
    assert sorted(steps.reordered(text, order)) == sorted(text)
    assert sorted(steps.WORD.findall(steps.reordered(text, order))) == sorted(steps.WORD.findall(text))


TEXT = "the dogs near tree are is"


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory) -> dict[str, Model]:
    folder = tmp_path_factory.mktemp("models")
    small = {name: load(str(getattr(models, name)(folder / name))) for name in ("gpt2", "bert")}
    return small | {
        name: load(str(families.write(name, folder / name))) for name in ("llama", "t5", "opt", "distilbert")
    }


@pytest.mark.parametrize("order", ORDERS)
def test_without_positions_an_encoder_sees_a_bag_and_a_causal_model_an_order(on_disk, order):
    other = steps.reordered(TEXT, order)
    found = {
        (name, off): steps.moved(*(trace(on_disk[name], text, off) for text in (TEXT, other)))
        for name in ("gpt2", "bert") for off in ((), (PositionsOff(),))
    }  # fmt: skip
    assert found["bert", (PositionsOff(),)].changes.max() < 1e-5
    assert found["bert", (PositionsOff(),)].cosine == pytest.approx(1, abs=1e-5)
    assert found["gpt2", (PositionsOff(),)].after_all_layers.max() > 1e-3
    for name in ("bert", "gpt2"):
        assert found[name, ()].after_all_layers.max() > 1e-3


def test_each_token_is_compared_with_itself(on_disk):
    run, other = (trace(on_disk["bert"], text) for text in ("the dogs near tree", "the tree near dogs"))
    found = steps.moved(run, other)
    for place, partner in enumerate((0, 3, 2, 1)):
        for layer in range(3):
            before, after = run.hidden_states[layer, place], other.hidden_states[layer, partner]
            expected = np.linalg.norm(after - before) / np.linalg.norm(before)
            assert found.changes[layer, place] == pytest.approx(expected, rel=1e-4)
    assert not found.same_end and steps.moved(run, run).same_end
    means = (each.hidden_states[-1].mean(axis=0) for each in (run, other))
    assert found.cosine == pytest.approx(torch.cosine_similarity(*map(torch.tensor, means), dim=0).item(), abs=1e-6)


def test_other_tokens_cannot_be_compared(on_disk):
    runs = (trace(on_disk["bert"], text) for text in ("the dogs", "the tree"))
    assert steps.moved(*runs) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("gpt2", "table"),
        ("bert", "table"),
        ("opt", "table"),
        ("distilbert", "table"),
        ("llama", "rotary"),
        ("t5", "bias"),
    ],
)
def test_every_kind_of_network_says_what_it_has(on_disk, name, kind):
    found = schemes.scheme(on_disk[name])
    assert found.kind == kind
    assert (found.table is not None) == (kind == "table") and (found.curves is not None) == (kind != "table")


def test_the_table_is_the_models_own(on_disk):
    network = on_disk["gpt2"].network
    found = schemes.scheme(on_disk["gpt2"])
    np.testing.assert_array_equal(found.table, network.transformer.wpe.weight.detach())
    run = trace(on_disk["gpt2"], TEXT)
    words = network.transformer.wte.weight.detach().numpy()[run.token_ids]
    np.testing.assert_allclose(run.hidden_states[0], words + found.table[: len(run.tokens)], atol=1e-6)
    np.testing.assert_allclose(schemes.row_lengths(found.table), (found.table**2).sum(axis=1) ** 0.5, rtol=1e-5)


def test_a_rotary_models_curve_is_what_its_own_code_does(on_disk):
    network = on_disk["llama"].network
    ones = torch.ones(1, 1, schemes.FARTHEST, 8)
    cos, sin = network.model.rotary_emb(ones, torch.arange(schemes.FARTHEST)[None])
    turned, _ = apply_rotary_pos_emb(ones, ones, cos, sin)
    expected = (turned[0, 0, :1] @ turned[0, 0].T)[0] / 8
    np.testing.assert_allclose(schemes.scheme(on_disk["llama"]).curves[0], expected, atol=1e-5)


def test_a_t5s_curves_are_the_bias_that_its_scores_get(on_disk):
    model = on_disk["t5"]
    found = schemes.scheme(model).curves
    run, off = (trace(model, "the dogs near the tree", switch) for switch in ((), (PositionsOff(),)))
    added = next(a for a in run.attentions if a.kind == "encoder").attn_scores[:, -1]
    plain = next(a for a in off.attentions if a.kind == "encoder").attn_scores[:, -1]
    np.testing.assert_allclose((added - plain)[: len(found), ::-1], found[:, : added.shape[1]], atol=1e-4)


def test_a_network_that_has_nothing_is_told_apart(on_disk):
    bare = replace(on_disk["gpt2"], network=torch.nn.Linear(2, 2))
    assert schemes.scheme(bare).kind == "none"
    with pytest.raises(ModelError):
        trace(on_disk["gpt2"], "")

"""The masking lesson: its masks equal PyTorch's and the model's own; its figures hold what they claim."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lessons import read
from lessons.masking import figures, formula, maths, steps
from lessons.masking.recording import in_words, recorded
from model_utils import Model, OwnMask, Trace, Unmasked, load, trace, trace_batch
from model_utils.live_training import TrainingRequest
from model_utils.live_training.two_arms import both_arms
from pages.ui.mask_painter import read_mask, write_mask
from tests.lessons import models

H, T, D = 3, 6, 8
TEXT, LONG = "the dogs near the tree", "the dogs near the tree are near the tree"
WORDS = read("masking", "en").labels


@pytest.fixture
def vectors() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.randn(H, T, D, generator=generator) for _ in range(3))


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory) -> dict[str, Model]:
    folder = tmp_path_factory.mktemp("models")
    return {"gpt2": load(str(models.gpt2(folder / "gpt2"))), "bert": load(str(models.bert(folder / "bert")))}


@pytest.fixture(scope="module")
def run(on_disk) -> Trace:
    return trace(on_disk["gpt2"], TEXT)


def test_the_causal_mask_is_pytorchs_is_causal(vectors):
    queries, keys, values = vectors
    weights = maths.masked_softmax(queries @ keys.mT / math.sqrt(D), maths.causal_mask(T))
    expected = F.scaled_dot_product_attention(queries, keys, values, is_causal=True)
    torch.testing.assert_close(weights @ values, expected, atol=1e-6, rtol=1e-5)


def test_any_mask_is_pytorchs_attn_mask(vectors):
    queries, keys, values = vectors
    visible = (torch.rand(T, T, generator=torch.Generator().manual_seed(1)) < 0.5) | torch.eye(T, dtype=torch.bool)
    weights = maths.masked_softmax(queries @ keys.mT / math.sqrt(D), visible)
    expected = F.scaled_dot_product_attention(queries, keys, values, attn_mask=visible)
    torch.testing.assert_close(weights @ values, expected, atol=1e-6, rtol=1e-5)


@given(st.integers(1, 12), st.integers(0, 10_000))
def test_rows_sum_to_one_and_the_future_is_exactly_nothing(length, seed):
    scores = 30 * torch.randn(length, length, generator=torch.Generator().manual_seed(seed))
    weights = maths.masked_softmax(scores, maths.causal_mask(length))
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(length))
    assert (weights.triu(1) == 0).all()


def test_masking_is_sharing_out_what_is_left(vectors):
    """a_mask = a_all / (what a_all leaves to the visible): the third line under the bars."""
    scores, visible = vectors[0] @ vectors[1].mT, maths.causal_mask(T)
    open_weights = scores.softmax(dim=-1) * visible
    expected = open_weights / open_weights.sum(dim=-1, keepdim=True)
    torch.testing.assert_close(maths.masked_softmax(scores, visible), expected)


def test_a_padding_mask_is_true_where_words_are():
    found = maths.padding_mask(torch.tensor([3, 1]), 4)
    assert found.tolist() == [[True, True, True, False], [True, False, False, False]]


def test_positions_are_counted_from_the_first_word():
    real = torch.tensor([[False, False, True, True], [True, True, True, True], [True, True, False, False]])
    assert maths.position_ids(real).tolist() == [[0, 0, 0, 1], [0, 1, 2, 3], [0, 1, 1, 1]]


def test_losses_are_what_the_model_itself_would_report(on_disk, run):
    ids = torch.from_numpy(run.token_ids)[None]
    expected = on_disk["gpt2"].network(input_ids=ids, labels=ids).loss
    ours = maths.next_word_losses(torch.from_numpy(run.logits), ids[0])
    torch.testing.assert_close(ours.mean(), expected.detach(), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", ["gpt2", "bert"])
def test_the_last_stage_is_the_models_own_weights(on_disk, name):
    found_run = trace(on_disk[name], TEXT)
    for layer, attention in enumerate(found_run.attentions):
        for head in range(4):
            found = steps.stages(found_run, layer, head)
            np.testing.assert_allclose(found.weights, attention.attn_weights[head], atol=1e-6)
            assert np.isneginf(found.masked_scores[~attention.visible]).all()
            np.testing.assert_array_equal(found.masked_scores[attention.visible], found.scores[attention.visible])


def test_the_weights_without_the_mask_are_those_of_the_first_unmasked_layer(on_disk, run):
    """In layer 0 the states are the same with and without the mask, so the open softmax is what Unmasked gives."""
    broken = trace(on_disk["gpt2"], TEXT, (Unmasked(),))
    np.testing.assert_allclose(steps.stages(run, 0, 1).weights_without, broken.attentions[0].attn_weights[1], atol=1e-6)


def test_with_the_mask_one_run_is_all_prefixes_without_it_is_not(on_disk):
    model = on_disk["gpt2"]
    for switches, same in (((), True), ((Unmasked(),), False)):
        whole = trace(model, TEXT, switches)
        alone = {place: trace(model, text, switches) for place, text in steps.prefixes(whole).items()}
        pairs = steps.in_step(whole, alone)
        assert pairs.words == whole.tokens[1:]
        assert (pairs.largest_difference < 1e-5) is same


def test_a_prefix_that_is_cut_into_other_tokens_is_left_out(on_disk, run):
    alone = {place: trace(on_disk["gpt2"], text) for place, text in steps.prefixes(run).items()}
    alone[1] = replace(alone[1], token_ids=alone[1].token_ids[::-1].copy())
    assert len(steps.in_step(run, alone).words) == len(run.tokens) - 2


@pytest.mark.parametrize(
    ("way", "harmless"),
    [
        ("right_masked", True), ("right_open", True), ("left_open", False), ("left_masked", False),
        ("left_counted", True),
    ],
)  # fmt: skip
def test_what_padding_does_to_a_causal_model(on_disk, run, way, harmless):
    how = steps.WAYS[way]
    batch = trace_batch(on_disk["gpt2"], (TEXT, LONG), how.side, how.told, positions=how.positions)
    words = steps.unpadded(run, batch[0], way)
    assert words.tokens == run.tokens
    assert (steps.moved(run, words) < 1e-5) is harmless
    assert np.allclose(words.logits, run.logits, atol=1e-4) is harmless


@pytest.mark.parametrize("way", ["right_masked", "left_masked", "left_counted"])
def test_the_layout_of_the_batch_is_what_the_model_was_told(on_disk, way):
    """Our padding mask is the one that the traced batch saw; our positions give what each sentence gives alone."""
    how, model = steps.WAYS[way], on_disk["gpt2"]
    batch = trace_batch(model, (TEXT, LONG), how.side, how.told, positions=how.positions)
    real, positions = steps.layout(batch, (5, 9), way)
    causal = np.tril(np.ones((9, 9), dtype=bool))
    for row, one in enumerate(batch):
        seen = one.attentions[0].visible[real[row]]
        np.testing.assert_array_equal(seen, (causal & real[row])[real[row]])
    ids = torch.from_numpy(np.stack([one.token_ids for one in batch]))
    own = model.network(
        ids, attention_mask=torch.from_numpy(real).long(), position_ids=torch.from_numpy(positions.copy())
    )
    logits = np.stack([one.logits for one in batch])
    np.testing.assert_allclose(own.logits.detach().numpy()[real], logits[real], atol=1e-4)


def test_the_batch_is_drawn_with_its_positions():
    real = np.array([[False, True, True], [True, True, True]])
    positions = np.array([[0, 0, 1], [0, 1, 2]])
    drawn = figures.batch_figure((("<pad>", "a", "b"), ("c", "d", "e")), real, positions, WORDS, "light").data
    assert np.isnan(drawn[0].z[0, 0]) and not np.isnan(drawn[0].z[real]).any()
    assert drawn[0].text.tolist() == [["", "0", "1"], ["0", "1", "2"]]
    assert (drawn[1].x.tolist(), drawn[1].y.tolist()) == ([0], [0])


@pytest.mark.parametrize(("way", "harmless"), [("right_masked", True), ("right_open", False), ("left_open", False)])
def test_what_padding_does_to_an_encoder(on_disk, way, harmless):
    alone, how = trace(on_disk["bert"], TEXT), steps.WAYS[way]
    assert set(steps.ways(alone)) == set(steps.WAYS) - {"left_counted"}
    batch = trace_batch(on_disk["bert"], (TEXT, LONG), how.side, how.told)
    assert (steps.moved(alone, steps.unpadded(alone, batch[0], way)) < 1e-4) is harmless


def test_a_hidden_word_is_seen_by_nobody_but_itself(on_disk):
    visible = steps.hide(1, 5)
    painted = trace(on_disk["gpt2"], TEXT, (OwnMask(visible),))
    for attention in painted.attentions:
        assert attention.visible.tolist() == [list(row) for row in visible]
        assert (attention.attn_weights[:, 2:, 1] == 0).all() and (attention.attn_weights[:, 1, 1] > 0).all()


def test_the_formula_holds_the_runs_numbers(run):
    row = steps.row_of(steps.stages(run, 1, 2), 2)
    key = int(row.weights.argmax())
    written = formula.worked(row, query=2, key=key)
    largest_hidden = row.scores[3:].max()
    share = row.weights_without[:3].sum()
    for value in (row.scores[key], largest_hidden, row.weights_without[key], row.weights[key], share):
        assert formula.latex(float(value)) in written
    assert written.count(r"e^{-\infty}") == 1, "the largest of the hidden ones, as the mask leaves it"
    assert rf"a^{{\text{{mask}}}}_{{2,{key}}}" in written


def test_where_nothing_is_hidden_both_lines_are_the_same(run):
    row = steps.row_of(steps.stages(run, 0, 0), 4)
    written = formula.worked(row, 4, 1)
    assert r"-\infty" not in written
    assert written.count(rf"&= {formula.latex(row.weights[1])}") == 2


def test_a_long_sum_stays_narrow(run):
    found = steps.stages(run, 0, 0)
    long = steps.Stages(**{name: np.tile(values, (1, 4)) for name, values in vars(found).items()})
    first_line = formula.worked(steps.row_of(long, 2), 2, 1).split(r"\\")[0]
    assert first_line.count(r"\dots") == 2 and first_line.count("e^{") == 1 + formula.SEEN + formula.HIDDEN


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_maps_hold_the_stages(run, theme):
    found = steps.stages(run, 1, 3)
    (_, scores, open_weights), (_, masked_scores, weights) = steps.before_and_after(found)
    drawn = figures.scores_figure(run.tokens, masked_scores, found.reach, WORDS, theme).data[0]
    assert np.isnan(drawn.z[0, 1:]).all() and drawn.zmax == -drawn.zmin == pytest.approx(np.abs(scores).max())
    np.testing.assert_array_equal(drawn.z[found.visible], scores[found.visible])
    np.testing.assert_array_equal(figures.weights_figure(run.tokens, weights, WORDS, theme).data[0].z, weights)
    one = steps.row_of(found, 3)
    bars = figures.row_figure(run.tokens, one, WORDS, theme).data
    np.testing.assert_array_equal(bars[0].x, open_weights[3])
    np.testing.assert_array_equal(bars[1].x, weights[3])


def test_the_bars_hold_both_ways_of_asking_and_all_ways_of_padding():
    pairs = steps.InStep((" a", " b"), np.array([0.25, 0.5]), np.array([0.25, 0.125]))
    bars = figures.in_step_figure(pairs, WORDS, "light").data
    np.testing.assert_array_equal(bars[0].x, pairs.at_once)
    np.testing.assert_array_equal(bars[1].x, pairs.prefix_by_prefix)
    np.testing.assert_array_equal(figures.moved_figure(("a", "b"), [0.0, 0.7], WORDS, "light").data[0].x, [0.0, 0.7])


def test_the_curves_hold_every_event_of_both_arms():
    events = recorded()
    lines = [line for line in figures.loss_figure(events, 240, WORDS, "dark").data if line.mode == "lines"]
    for line, (masked, kind) in zip(
        lines, ((True, "loss"), (True, "held_out"), (False, "loss"), (False, "held_out")), strict=True
    ):
        np.testing.assert_array_equal(line.y, [getattr(event, kind) for event in events if event.masked == masked])
    peek = figures.peek_figure(events[-1], WORDS, "dark").data[0]
    np.testing.assert_array_equal(peek.z, events[-1].attn_weights)


def test_the_recording_shows_what_the_text_says_of_it():
    last = {event.masked: event for event in recorded()}
    unmasked = [event.held_out for event in recorded() if not event.masked]
    assert last[False].loss < 0.3 and last[True].loss > 1.0
    assert last[False].held_out > 2 * last[True].held_out
    assert unmasked[-1] > min(unmasked) + 1, "training makes it worse still"
    assert last[True].known_runs > 0.7 and last[False].known_runs < 0.2
    stripe = [row[place + 1] for place, row in enumerate(last[False].attn_weights[:-1])]
    assert np.mean(stripe) > 0.3, "a dark line just above the diagonal"


def test_the_curves_can_be_heard():
    said = in_words({event.masked: event for event in recorded()}, WORDS)
    for event in recorded()[-2:]:
        assert f"{event.loss:.2f}" in said and f"{event.held_out:.2f}" in said
    assert said.count(str(event.step)) == 2


def test_the_recording_is_what_the_code_does():
    """The same request, run again for its first steps, in this process."""
    for event, kept in zip(both_arms(TrainingRequest(steps=20)), recorded(), strict=False):
        assert (event.masked, event.step, event.symbols) == (kept.masked, kept.step, kept.symbols)
        assert event.loss == pytest.approx(kept.loss, abs=0.05)
        assert event.held_out == pytest.approx(kept.held_out, abs=0.05)


@given(st.integers(1, 14).flatmap(lambda size: st.lists(st.lists(st.booleans(), min_size=size, max_size=size),
                                                        min_size=size, max_size=size)))  # fmt: skip
def test_a_painted_mask_survives_its_link(rows):
    visible = tuple(tuple(on or i == j for j, on in enumerate(row)) for i, row in enumerate(rows))
    assert read_mask(write_mask(visible), len(rows)) == visible


@pytest.mark.parametrize("text", ["", "zz", "1", "1.2.3.4", "1.-1", "1.ffff", "<script>", "1." * 400, "1\x00.2"])
def test_a_link_that_holds_no_mask_is_refused(text):
    assert read_mask(text, 2) is None


def test_both_languages_name_the_same_things():
    assert set(WORDS) == set(read("masking", "zh").labels)

"""The encoder-decoder lesson: its maths against PyTorch and brute force, on three families; its figures."""

import numpy as np
import pytest
import torch

from lessons import read
from lessons.attention import formula as attention_formula
from lessons.attention import steps as attention_steps
from lessons.encoder_decoder import SENTENCE, feeding, figures, jobs, maths, steps, writing
from model_utils import HeadOff, Model, load, trace
from model_utils.translating import special_ids, translate
from tests.model_utils.families import write

FAMILIES = ("marian", "t5", "bart")
TEXT = "the dogs near the tree"
WORDS = read("encoder_decoder", "en").labels


@pytest.fixture(scope="module")
def families(tmp_path_factory) -> dict[str, Model]:
    root = tmp_path_factory.mktemp("families")
    return {name: load(str(write(name, root / name))) for name in (*FAMILIES, "bert", "gpt2")}


@pytest.fixture(params=FAMILIES)
def model(request, families) -> Model:
    return families[request.param]


@pytest.fixture
def whole(model):
    """Eight tokens that the model wrote, traced by their ids."""
    line = writing.translate_from(model, TEXT, most=8)
    run = trace(model, TEXT, target_ids=line.ids)
    return run, steps.written(run, line.ids, model.vocabulary)


def start_of(model: Model) -> int:
    return special_ids(model, "decoder_start_token_id")[0]


def test_what_is_written_is_what_translate_writes(model):
    """Whole passes without a cache, against the loop of translating.py with its own; and against generate."""
    ours, theirs = writing.translate_from(model, TEXT, most=8), translate(model, TEXT, 8)
    assert (ours.ids, ours.tokens, ours.ended) == (theirs.token_ids, theirs.tokens, theirs.ended)
    pads = [list(special_ids(model, "pad_token_id"))]
    written = model.network.generate(
        torch.tensor([model.tokenizer(TEXT).input_ids]), max_new_tokens=8, do_sample=False, num_beams=1,
        bad_words_ids=pads, forced_eos_token_id=None,
    )[0, 1:].tolist()  # fmt: skip
    assert list(ours.ids) == written[: len(ours.ids)]


def test_the_trace_has_the_tokens_that_were_written_and_not_those_of_their_text(families):
    """Random models write what no tokenizer would make of the text: reading the text again would show another run."""
    again = []
    for model in (families[name] for name in FAMILIES):
        done = translate(model, TEXT, 8)
        run = trace(model, TEXT, target_ids=done.token_ids)
        assert tuple(run.token_ids[1:]) == done.token_ids[: len(run.token_ids) - 1]
        found = steps.written(run, done.token_ids, model.vocabulary)
        assert (found.ids, found.tokens) == (done.token_ids, done.tokens)
        np.testing.assert_allclose(found.losses, -done.log_probabilities, atol=1e-3)
        again.append(tuple(model.tokenizer(done.target_text).input_ids) != done.token_ids)
    assert any(again), "or this test shows nothing"


def test_a_beginning_is_kept_and_gone_on_from(model):
    free = writing.translate_from(model, TEXT, most=8)
    begun = (*free.ids[:2], (free.ids[2] + 5) % 300)
    line = writing.translate_from(model, TEXT, begun, most=8)
    assert line.ids[:3] == begun
    with torch.no_grad():
        start = start_of(model)
        logits = model.network(
            input_ids=torch.tensor([model.tokenizer(TEXT).input_ids]), decoder_input_ids=torch.tensor([[start, *begun]])
        ).logits
    assert line.ids[3] == int(logits[0, -1].argmax())


def test_masks_are_the_four_blocks(whole, families):
    run, _ = whole
    found = steps.looks(run)
    S, N = found.source, len(found.tokens)
    by_hand = [[j < S or (i >= S and j <= i) for j in range(N)] for i in range(N)]
    assert found.visible.tolist() == by_hand
    np.testing.assert_array_equal(found.visible, maths.who_sees_whom(S, N - S).numpy())
    assert steps.looks(trace(families["bert"], TEXT)).visible.all()
    np.testing.assert_array_equal(steps.looks(trace(families["gpt2"], TEXT)).visible, maths.who_sees_whom(0, 5).numpy())


def test_cross_weights_are_the_models_own(whole):
    run, found = whole
    for layer, one in enumerate(steps.cross(run)):
        for head in range(len(one.attn_weights)):
            ours = steps.attended(run, layer, head, len(found.ids))
            np.testing.assert_allclose(ours, one.attn_weights[head, : len(found.ids)], atol=1e-5)
            np.testing.assert_allclose(ours.sum(axis=-1), 1, atol=1e-5)


def test_cross_weights_are_those_of_transformers(families):
    """output_attentions of the plain eager network: the same numbers without our tracing."""
    model = families["bart"]
    line = writing.translate_from(model, TEXT, most=6)
    run = trace(model, TEXT, target_ids=line.ids)
    start = start_of(model)
    out = model.network(
        input_ids=torch.tensor([model.tokenizer(TEXT).input_ids]),
        decoder_input_ids=torch.tensor([[start, *line.ids[:-1]]]), output_attentions=True,
    )  # fmt: skip
    for ours, theirs in zip(steps.cross(run), out.cross_attentions, strict=True):
        np.testing.assert_allclose(ours.attn_weights[:, : len(line.ids)], theirs[0].detach().numpy(), atol=1e-5)


def test_losses_and_likeliest_are_the_softmax_of_the_logits(whole):
    run, found = whole
    for n, target in enumerate(found.ids):
        probs = torch.from_numpy(run.logits[n]).double().softmax(-1)
        assert found.losses[n] == pytest.approx(-float(probs[target].log()), abs=1e-4)
        best = probs.topk(steps.LIKELIEST)
        assert [p for _, p, _ in found.likeliest[n]] == pytest.approx(best.values.tolist(), abs=1e-6)
        assert {one for _, _, one in found.likeliest[n]} == set(best.indices.tolist())
        assert found.likeliest[n][0][2] == target, "greedy: what was written was the likeliest"


def test_the_alignment_error_counts_misses():
    generator = np.random.default_rng(0)
    weights = generator.dirichlet(np.ones(5), size=(3, 7)).astype(np.float32)  # (H, N, S)
    links = generator.random((7, 5)) < 0.3
    links[2] = False  # a word without a partner is not counted
    counted = [n for n in range(7) if links[n].any()]
    by_hand = [np.mean([not links[n, weights[h, n].argmax()] for n in counted]) for h in range(3)]
    ours = maths.alignment_error(torch.from_numpy(weights), torch.from_numpy(links))
    np.testing.assert_allclose(ours.numpy(), by_hand, atol=1e-6)


def test_feeding_gives_the_losses_of_a_plain_forward_pass(model):
    target = writing.translate_from(model, TEXT, most=6).ids
    wrong = (target[2] + 3) % 300
    ways = feeding.fed(model, TEXT, target, 2, wrong)
    start = start_of(model)
    assert ways["slipped"].ids == (*target[:2], wrong, *target[3:])
    assert ways["free"].ids[:3] == (*target[:2], wrong)
    for way in feeding.WAYS:
        reads = torch.tensor([[start, *ways[way].ids]])
        with torch.no_grad():
            logits = model.network(
                input_ids=torch.tensor([model.tokenizer(TEXT).input_ids]), decoder_input_ids=reads
            ).logits[0]
        n = len(ways[way].losses)
        theirs = torch.nn.functional.cross_entropy(logits[:n], torch.tensor(target[:n]), reduction="none")
        np.testing.assert_allclose(ways[way].losses, theirs.numpy(), atol=1e-3)
    np.testing.assert_allclose(ways["taught"].losses[:3], ways["slipped"].losses[:3], atol=1e-4)


def test_offered_wrong_words_are_wrong(whole):
    _, found = whole
    for place in range(len(found.ids)):
        offered = feeding.offered(found, place)
        assert offered and found.ids[place] not in offered and len(set(offered)) == len(offered)


def test_changing_the_last_word_moves_all_of_the_source_and_only_the_end_of_a_decoder(families):
    before, after = f"{TEXT} are", f"{TEXT} mat"
    for name in FAMILIES:
        ids = writing.translate_from(families[name], before, most=5).ids
        runs = [trace(families[name], text, target_ids=ids) for text in (before, after)]
        source, target = steps.change(*runs, "encoder"), steps.change(*runs)
        assert (source[1:] > 1e-6).all() and (target[1:] > 1e-6).all()
        assert (source[0] > 0).sum() == 1 and (target[0] == 0).all(), "before the first layer only the word differs"
        by_hand = np.linalg.norm(runs[1].hidden_states - runs[0].hidden_states, axis=-1)
        np.testing.assert_allclose(target, by_hand / np.linalg.norm(runs[0].hidden_states, axis=-1), atol=1e-6)
    alone = steps.change(*(trace(families["gpt2"], text) for text in (before, after)))
    assert (alone[:, :-1] < 1e-6).all() and (alone[:, -1] > 0).all()
    assert steps.change(trace(families["gpt2"], "the"), trace(families["gpt2"], TEXT)) is None


def test_without_cross_attention_the_source_is_out_of_sight(model):
    run = trace(model, TEXT, target_ids=(5, 6))
    off = writing.cross_off(run)
    assert len(off) == sum(len(one.attn_weights) for one in steps.cross(run)) and HeadOff(1, 3, "cross") in off
    lines = {writing.translate_from(model, text, (), off, 6).ids for text in (TEXT, "a quick brown fox", "money")}
    assert len(lines) == 1
    logits = [trace(model, text, off, target_ids=(5, 6)).logits for text in (TEXT, "a quick brown fox")]
    np.testing.assert_allclose(*logits, atol=1e-4)


def test_a_masked_model_goes_on_by_filling_a_blank_at_the_end(families):
    bert = families["bert"]
    ids = bert.tokenizer(TEXT).input_ids
    line = writing.go_on(bert, ids, 3)
    row = ids[:-1]
    for one in line.ids:
        logits = bert.network(torch.tensor([[*row, bert.tokenizer.mask_token_id, ids[-1]]])).logits[0, -2]
        assert one == int(logits.argmax())
        row.append(one)
    gpt = families["gpt2"]
    ids = gpt.tokenizer(TEXT).input_ids
    theirs = gpt.network.generate(torch.tensor([ids]), max_new_tokens=4, do_sample=False, pad_token_id=2)[0, len(ids) :]
    assert list(writing.go_on(gpt, ids, 4).ids) == theirs.tolist()


def test_a_hidden_word_is_put_back_where_it_stood(families):
    hidden = jobs.hide(SENTENCE, 5)
    assert (hidden.word, hidden.left, hidden.right) == ("are", "The dogs near the tree ", " hungry.")
    assert hidden.filled("are") == SENTENCE and jobs.hide("a", 99).word == "a"
    bert = families["bert"]
    run = trace(bert, jobs.hide("the dogs near the tree", 2).filled("[MASK]"))
    rows = jobs.at_blank(run, bert)
    place = run.token_ids.tolist().index(bert.tokenizer.mask_token_id)
    probs = torch.from_numpy(run.logits[place]).double().softmax(-1)
    np.testing.assert_allclose(rows.first[:-1], probs.topk(jobs.SHOWN).values.numpy(), atol=1e-9)
    assert rows.first.sum() == pytest.approx(1)
    assert jobs.chance(run, bert, "near") == pytest.approx(float(probs[bert.vocabulary.index("near")]))
    assert jobs.at_blank(trace(bert, TEXT), bert) is None and jobs.chance(run, bert, "unheard") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figures_hold_what_they_were_given(whole, theme):
    run, found = whole
    seen = steps.looks(run)
    drawn = figures.looks_figure(seen, WORDS, theme)
    np.testing.assert_array_equal(drawn.data[0].z, seen.visible)
    assert {shape.x0 for shape in drawn.layout.shapes} == {seen.source - 0.5, -0.5}
    weights, links = found.weights[0, 1], np.eye(*found.weights.shape[2:], dtype=bool)
    both = figures.alignment_figure(weights, links, found.source, found.tokens, WORDS, theme).data
    np.testing.assert_array_equal(both[0].z, weights)
    np.testing.assert_array_equal(np.stack([both[1].y, both[1].x]), np.nonzero(links))
    alone = figures.alignment_figure(weights, None, found.source, found.tokens, WORDS, theme).data
    assert len(alone[1].x) == 0
    errors = np.array([[0.0, 0.5], [1.0, 0.25]])
    np.testing.assert_array_equal(figures.errors_figure(errors, WORDS, theme).data[0].z, errors)
    moved = np.abs(np.random.default_rng(1).normal(size=(3, 4)))
    np.testing.assert_array_equal(figures.change_figure(moved, "abcd", 2.0, WORDS, theme).data[0].z, moved)
    curves = figures.losses_figure(found.tokens, {"a": found.losses, "b": found.losses[:2]}, 1, WORDS, theme)
    np.testing.assert_array_equal(curves.data[0].y, found.losses)
    np.testing.assert_array_equal(curves.data[1].y, found.losses[:2])
    assert curves.layout.shapes[0].x0 == 1
    rows = jobs.at_end(run, tuple(map(str, range(run.logits.shape[-1]))), run)
    pair = figures.both_figure(rows, WORDS, theme).data
    np.testing.assert_array_equal(pair[0].x, rows.first)
    np.testing.assert_array_equal(pair[1].x, rows.second)
    np.testing.assert_array_equal(figures.guesses_figure(rows.tokens, rows.first, WORDS, theme).data[0].x, rows.first)


def test_the_worked_formula_is_that_of_a_cross_attention(whole):
    run, found = whole
    layer, head = steps.best_head(found)
    one = attention_steps.steps(steps.only_cross(run), layer, head, 1)
    np.testing.assert_allclose(one.weights, found.weights[layer, head, 1], atol=1e-5)
    assert attention_formula.latex(float(one.weights[one.strongest])) in attention_formula.worked(one, one.strongest)


def test_the_best_head_is_the_one_with_the_fewest_misses(whole):
    _, found = whole
    layer, head = steps.best_head(found)
    assert steps.errors(found) is None and found.links is None
    assert found.weights.max(-1).mean(-1)[layer, head] == found.weights.max(-1).mean(-1).max()
    gold_links = np.zeros(found.weights.shape[2:], dtype=bool)
    gold_links[np.arange(len(found.ids)), found.weights[1, 2].argmax(-1)] = True
    known = steps.Written(**(vars(found) | {"links": gold_links}))
    assert steps.errors(known)[1, 2] == 0 and steps.errors(known)[steps.best_head(known)] == 0

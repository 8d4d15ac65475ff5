"""The loops of decoding on made-up distributions: what is chosen, cut and shared, and that all is bounded."""

import itertools
import math

import pytest
import torch

from model_utils.decoding.growing import grown
from model_utils.decoding.walking import MOST_PATHS, MOST_STEPS, SHOWN, Walk, beams, walk

V, END = 12, 0
VOCABULARY = tuple("|abcdefghijk")


def next_logits(ids: tuple[int, ...]) -> torch.Tensor:
    """A made-up model: its logits depend on the last two tokens."""
    return torch.randn(V, generator=torch.Generator().manual_seed(hash(ids[-2:]) % 2**31)) * 2


def likeliest(changed: torch.Tensor, step: int) -> int:
    return int(changed.argmax())


def unchanged(logits: torch.Tensor, ids: tuple[int, ...]) -> torch.Tensor:
    return logits


def only_even(logits: torch.Tensor, ids: tuple[int, ...]) -> torch.Tensor:
    return logits.masked_fill(torch.arange(V) % 2 == 1, -math.inf)


def grow(log_probs: torch.Tensor, totals: torch.Tensor, n: int) -> tuple[torch.Tensor, ...]:
    """The best n continuations, found by sorting all of them."""
    sums = [(float(totals[b] + log_probs[b, v]), b, v) for b in range(len(totals)) for v in range(log_probs.shape[1])]
    best = sorted(sums, key=lambda one: -one[0])[:n]
    return tuple(torch.tensor(column) for column in ([b for _, b, _ in best], [v for _, _, v in best],
                                                     [total for total, _, _ in best]))  # fmt: skip


def mean(log_probability: float, length: int) -> float:
    return log_probability / length


def found_beams(width: int, steps: int, ends: tuple[int, ...] = ()) -> tuple[Walk, ...]:
    return beams(next_logits, (3, 4), grow, mean, width, steps, ends)


def test_a_walk_keeps_what_it_took_and_what_was_cut():
    found = walk(("even", "even"), next_logits, (3, 4), only_even, likeliest, 4, ())
    probs = torch.softmax(next_logits((3, 4)), 0)
    assert found.ids[0] == int((probs * (torch.arange(V) % 2 == 0)).argmax())
    assert found.cut[0] == pytest.approx(float(probs[1::2].sum()), abs=1e-6)
    assert len(found.ids) == len(found.cut) == len(found.chances) == 4
    assert len(found.chances[0]) == SHOWN and all(found.chances[0].get(odd, 0.0) == 0 for odd in range(1, V, 2))
    total = sum(
        float(torch.log_softmax(next_logits((3, 4, *found.ids)[: 2 + n]), 0)[t]) for n, t in enumerate(found.ids)
    )
    assert found.log_probability == pytest.approx(total)


def test_a_walk_stops_at_its_end_and_at_the_bound():
    logits = torch.zeros(V).index_fill(0, torch.tensor([5]), 9.0)
    endless = walk(("a", "a"), lambda ids: logits, (1,), unchanged, likeliest, 99, (END,))
    assert len(endless.ids) == MOST_STEPS and set(endless.ids) == {5}
    assert walk(("a", "a"), lambda ids: logits, (1,), unchanged, likeliest, 99, (5,)).ids == (5,)


def test_beams_as_wide_as_all_there_is_find_the_best_text_of_all():
    steps = 2
    found = beams(next_logits, (3, 4), grow, mean, V, steps, ())
    every = {}
    for text in itertools.product(range(V), repeat=steps):
        terms = [float(torch.log_softmax(next_logits((3, 4, *text[:n])), 0)[token]) for n, token in enumerate(text)]
        every[text] = sum(terms)
    best = max(every, key=every.get)
    assert found[0].ids == best and found[0].log_probability == pytest.approx(every[best], abs=1e-5)


def test_a_pruned_beam_is_kept_with_the_step_at_which_it_was_dropped():
    found = found_beams(3, 8)
    living, dropped = found[:3], found[3:]
    assert all(each.dropped_at is None and len(each.ids) == 8 for each in living)
    assert dropped and all(each.dropped_at == len(each.ids) + 1 and each.cut[-1] == 1.0 for each in dropped)
    assert [each.id for each in found] == [f"beam-{place}" for place in range(len(found))]
    assert [each.score for each in living] == sorted((each.score for each in living), reverse=True)
    assert not {each.ids for each in dropped} & {each.ids[: len(one.ids)] for each in living for one in dropped}


def test_what_beams_cut_is_what_none_of_their_children_kept():
    found = found_beams(3, 5)
    for each in found:
        for step, cut in enumerate(each.cut[: len(each.ids)]):
            probs = torch.softmax(next_logits((3, 4, *each.ids[:step])), 0)
            assert cut <= 1 - float(probs[each.ids[step]]) + 1e-5


def test_a_beam_that_ends_leaves_room_for_the_others():
    found = beams(next_logits, (3, 4), grow, mean, 3, 12, (END, 5, 7))
    finished = [each for each in found if each.dropped_at is None]
    assert finished and all(each.ids[-1] in (END, 5, 7) or len(each.ids) == 12 for each in finished)
    assert not any(token in (END, 5, 7) for each in found for token in each.ids[:-1])


def test_the_bounds_hold():
    assert len([each for each in found_beams(99, 2) if each.dropped_at is None]) == MOST_PATHS
    assert len(found_beams(99, 9)) <= 2 * MOST_PATHS
    assert max(len(each.ids) for each in found_beams(2, 99)) == MOST_STEPS


def spelt(ids: tuple[int, ...]) -> str:
    return "".join(VOCABULARY[token] for token in ids)


def tree():
    both = (("all", unchanged), ("even", only_even))
    walks = [walk((name, name), next_logits, (3, 4), change, likeliest, 5, (END,)) for name, change in both]
    walks += found_beams(2, 5)
    return walks, grown((3, 4), walks, next_logits, VOCABULARY, (END,), spelt)


def test_equal_beginnings_are_one_branch_and_every_path_is_in_the_tree():
    walks, found = tree()
    beginnings = {each.ids[:n] for each in walks for n in range(len(each.ids) + 1)}
    assert len(found.nodes) == len(beginnings)
    for each in walks:
        nodes = [node for node in found.nodes if each.id in node.paths]
        assert tuple(node.token_id for node in nodes[1:]) == each.ids
        assert nodes[-1].log_probability == pytest.approx(each.log_probability, abs=1e-4)
        assert [node.cut[each.id] for node in nodes if each.id in node.cut] == list(each.cut)
        assert all(one.parent == other.id for other, one in itertools.pairwise(nodes))
    texts = {path.id: path.text for path in found.paths}
    assert texts == {each.id: spelt(each.ids) for each in walks}


def test_the_tree_grows_step_by_step_and_begins_with_the_prompt():
    _, found = tree()
    assert [node.step for node in found.nodes] == sorted(node.step for node in found.nodes)
    assert [node.id for node in found.nodes] == list(range(len(found.nodes)))
    assert found.prompt == found.nodes[0].token == "cd" and found.nodes[0].parent is None
    assert all(node.parent < node.id for node in found.nodes[1:])


def test_the_choices_are_the_likeliest_with_each_paths_chance():
    walks, found = tree()
    probs = torch.softmax(next_logits((3, 4)).double(), 0)
    assert [each.token_id for each in found.choices[0]] == probs.topk(SHOWN).indices.tolist()
    for each in found.choices[0]:
        assert each.probability == pytest.approx(float(probs[each.token_id]), abs=1e-6)
        assert each.chance == each.chances["all"]
        odd = each.token_id % 2 == 1
        assert each.chances["even"] == pytest.approx(
            0.0 if odd else each.probability / float(probs[::2].sum()), abs=1e-6
        )
    assert set(found.choices[0][0].chances) == {one.id for one in walks}


def test_the_truth_stands_at_each_node_where_it_is_known():
    walks, _ = tree()
    exact = torch.full((V,), 1 / V).numpy()
    known = grown(
        (3, 4), walks, next_logits, VOCABULARY, (END,), lambda ids: "", lambda ids: exact if len(ids) < 4 else None
    )
    assert all(node.truth == pytest.approx(1 / V) for node in known.nodes[1:] if node.step <= 2)
    assert all(node.truth is None for node in known.nodes if node.step > 2)

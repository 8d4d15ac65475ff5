"""The figures and formulas of the lesson on masked words hold the numbers that they are given."""

import numpy as np
import pytest

from lessons import read
from lessons.masked_words import curves, figures, formula, recording
from lessons.masked_words.pairs import Pair, Pairs
from lessons.masked_words.recipe import Taught
from lessons.masked_words.steps import Looks
from lessons.next_words import next_words
from model_utils.live_training.two_losses import both_losses

WORDS = read("masked_words", "en").labels
TAUGHT = Taught(
    tokens=(" The", " dogs", " <b>are</b>", "."), read=(" The", "[MASK]", " whale", "."),
    guesses=(" The", " cats", " are", "."), fates=np.array([0, 1, 2, 3]), losses=np.array([0.5, 1.5, 2.0, 0.25]),
)  # fmt: skip
both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


@both_themes
def test_a_gap_is_drawn_beside_the_truth(theme):
    probs, truth = np.array([0.5, 0.3, 0.1, 0.1]), np.array([0.2, 0.8, 0.0, 0.0])
    rows = next_words(probs, ["a", "b", "c", "d"], 2, truth)
    bars = figures.gap_figure(rows, ("model", "truth"), WORDS, theme).data
    np.testing.assert_allclose(bars[0].x, [0.3, 0.5, 0.2])
    np.testing.assert_allclose(bars[1].x, [0.8, 0.2, 0.0])
    alone = figures.gap_figure(next_words(probs, ["a", "b", "c", "d"], 2), ("model", "truth"), WORDS, theme).data
    np.testing.assert_allclose(alone[0].x, [0.5, 0.3, 0.2])
    assert len(alone) == 1


def test_a_side_is_drawn_with_its_truth_or_without():
    model, truth = np.array([0.7, 0.2]), np.array([1.0, 0.0])
    with_truth = figures.side_figure(("a", "b"), model, truth, WORDS, "light").data
    np.testing.assert_array_equal([bar.x for bar in with_truth], [model, truth])
    assert len(figures.side_figure(("a", "b"), model, None, WORDS, "light").data) == 1
    unknown = figures.side_figure(("a", "b"), np.array([0.7, np.nan]), None, WORDS, "light").data[0]
    assert list(unknown.text) == ["0.7", WORDS["no_token"]] and list(unknown.x) == [0.7, 0.0]


@both_themes
def test_pairs_are_drawn_cell_by_cell(theme):
    table = np.array([[0.25, 0.0], [0.5, 0.25]])
    drawn = figures.pairs_figure(("a", "b"), ("c", "d"), table, 0.8, WORDS, theme)
    np.testing.assert_array_equal(drawn.data[0].z, table)
    assert list(drawn.layout.yaxis.ticktext) == ["a", "b"] and list(drawn.layout.xaxis.ticktext) == ["c", "d"]
    assert (drawn.data[0].zmin, drawn.data[0].zmax) == (0.0, 0.8), "the same shade is the same probability in all three"


def test_the_tables_of_pairs_have_their_titles():
    pair, table = Pair(("a", "b"), 0.1, 0.2, 0.3, None), np.zeros((1, 1))
    found = Pairs(("a",), ("b",), table, table + 1, None, pair, pair, None)
    assert [name for name, _ in figures.panels(found)] == ["each_alone", "in_turn"]


def test_the_look_of_a_gap_is_stacked():
    shares = np.array([[0.2, 0.3, 0.5], [0.6, 0.1, 0.3]])
    drawn = figures.looks_figure(Looks(shares), WORDS, "light")
    np.testing.assert_array_equal(np.stack([bar.x for bar in drawn.data]).T, shares)
    assert drawn.layout.barmode == "stack"


@both_themes
def test_the_recipe_shows_each_fate_and_the_losses_that_count(theme):
    cells, losses = figures.recipe_figure(TAUGHT, WORDS, theme).data
    assert cells.text[1, 1] == "[MASK]" and cells.text[2, 1] == "·whale ≠" and cells.text[3, 1] == ". ="
    assert cells.text[2, 0] == "·&lt;b&gt;are&lt;/b&gt;"
    np.testing.assert_array_equal(cells.z[:, 1], TAUGHT.fates)
    np.testing.assert_array_equal(losses.x, [1.5, 2.0, 0.25])
    np.testing.assert_array_equal(losses.y, [1, 2, 3])


def test_the_loss_is_written_out():
    written = formula.loss(TAUGHT)
    assert r"\frac{2 + 1.5 + \dots}{3} = 1.25" in written
    assert rf"\ell_{{2}} &= -\log {formula.latex(np.exp(-2.0))} = 2" in written
    many = Taught(*[TAUGHT.tokens * 3] * 3, np.ones(12, dtype=int), np.arange(12.0) + 1)
    assert r"\frac{12 + 11 + \dots}{12} = 6.5" in formula.loss(many)


def test_a_pair_is_written_in_both_ways():
    written = formula.together(Pair(("a", "b"), 0.25, 0.5, 0.8, 0.125))
    assert r"0.25 \times 0.5 = 0.125" in written and r"0.25 \times 0.8 = 0.2" in written


def test_everything_and_follows_are_bars():
    both = figures.everything_figure(("a", "b"), np.array([0.1, np.nan]), np.array([0.3, 0.4]), WORDS, "light").data
    np.testing.assert_array_equal([bar.x for bar in both], [[0.1, 0.0], [0.3, 0.4]])
    assert both[0].text[1] == WORDS["no_token"] and both[1].text[1] == "0.4"
    np.testing.assert_array_equal(figures.follows_figure(("a", "b"), (0.9, 0.1), WORDS, "dark").data[0].x, [0.9, 0.1])


@both_themes
def test_the_curves_hold_every_event_of_both_arms(theme):
    events = recording.recorded()
    lines = [line for line in curves.losses_figure(events, 600, WORDS, theme).data if line.mode == "lines"]
    for line, (everywhere, kind) in zip(
        lines, ((False, "loss"), (False, "held_out"), (True, "loss"), (True, "held_out")), strict=True
    ):
        wanted = [getattr(event, kind) for event in events if event.everywhere == everywhere]
        np.testing.assert_array_equal(line.y, wanted)


def test_the_scores_and_the_line_hold_the_last_events():
    latest = {event.everywhere: event for event in recording.recorded()}
    scores = figures_of(curves.scores_figure, latest)
    np.testing.assert_allclose(scores[0].x, [latest[False].filled, latest[False].copied])
    np.testing.assert_allclose(scores[1].x, [latest[True].filled, latest[True].copied])
    (cells,) = figures_of(curves.line_figure, latest)
    stood = [latest[True].symbols[place] for place in latest[True].gaps]
    assert cells.text[:, 0].tolist() == stood and cells.text[:, 1].tolist() == list(latest[False].guesses)
    right = [guess == word for guess, word in zip(latest[True].guesses, stood, strict=True)]
    assert (cells.z[:, 2] > 0).tolist() == right
    half = {False: latest[False]}
    assert len(figures_of(curves.line_figure, half)[0].x) == 2 and figures_of(curves.scores_figure, half)[1].x[0] == 0


def figures_of(drawn_by, latest):
    return drawn_by(latest, WORDS, "light").data


def test_the_recording_shows_what_the_text_says_of_it():
    """The loss over all words is several times lower; at gaps of unseen text it is no better; it can repeat."""
    last = {event.everywhere: event for event in recording.recorded()}
    assert {event.step for event in last.values()} == {recording.STEPS}
    assert last[True].loss < last[False].loss / 5
    assert last[False].held_out < last[True].held_out < last[False].held_out + 0.5
    assert last[True].filled < last[False].filled + 0.02
    assert last[True].copied > 0.98 and last[False].copied < 0.7


def test_the_recording_is_what_the_code_does():
    """The same request, run again for its first steps, in this process."""
    request = recording.request()
    short = type(request)(request.text, request.seed, 20, request.seconds, request.experiment)
    for event, kept in zip(both_losses(short), recording.recorded(), strict=False):
        assert (event.everywhere, event.step, event.symbols, event.gaps) == (
            kept.everywhere, kept.step, kept.symbols, kept.gaps,
        )  # fmt: skip
        assert event.loss == pytest.approx(kept.loss, abs=0.05)
        assert event.held_out == pytest.approx(kept.held_out, abs=0.05)


def test_the_curves_can_be_heard_and_the_line_read():
    latest = {event.everywhere: event for event in recording.recorded()}
    said = recording.in_words(latest, WORDS)
    assert all(f"{event.held_out:.2f}" in said for event in latest.values())
    line = recording.gapped(latest[True])
    assert line.count("[MASK]") == len(latest[True].gaps) and line.startswith(latest[True].symbols[0])

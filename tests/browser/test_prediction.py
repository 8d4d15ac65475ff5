"""One sentence followed through the four lessons on prediction, in a browser that reaches no other host."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lessons import decoding, encoder_decoder, figures, language_models, masked_words, read, ui_text
from tests.browser.decoding_steps import rows
from tests.browser.steps import PATIENCE, at_rest, demo, opened, typed

pytestmark = pytest.mark.browser
SENTENCE = "The dogs near the tree are"
WHOLE = f"{SENTENCE} hungry."
WORDS = ui_text("en")
READ = """plot => {
    const plain = (list) => list && Array.from(list, (one) => (ArrayBuffer.isView(one) ? Array.from(one) : one));
    const names = (trace) => plain(plot._fullLayout[`yaxis${(trace.yaxis ?? "y").slice(1)}`].ticktext);
    return plot._fullData.map((trace) => ({
        name: trace.name, own: trace.customdata, rows: names(trace),
        x: plain(trace.x), y: plain(trace.y), z: plain(trace.z),
    }));
}"""


@pytest.fixture(autouse=True)
def nobody_outside(seen):
    yield
    assert seen.outside == []
    assert seen.errors == []


def drawn(page: Page, key: str, language: str = "en", says: str | None = None) -> list[dict]:
    """What a figure of the page holds, trace by trace; waits until it is there, and says a label of this language."""
    slug, _, name = key.partition(".")
    plot = f".st-key-{slug}-{name} .js-plotly-plot"
    wanted = read(slug, language).labels[says] if says else None
    page.wait_for_function(
        """([plot, wanted]) => document.querySelector(plot)?._fullData?.some(
            (trace) => wanted === null || trace.name === wanted)""",
        arg=[plot, wanted],
        timeout=PATIENCE,
    )
    return page.locator(plot).first.evaluate(READ)


def in_chinese(page: Page, slug: str) -> None:
    page.get_by_text("\u4e2d\u6587", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(read(slug, "zh").title)
    at_rest(page)


def named(language: str) -> dict[str, int]:
    """Which word of the seven models' vocabulary a label stands for."""
    words, every = read("language_models", language).labels, language_models.seven.VOCABULARY
    return {label: place for place, label in enumerate(figures.labels(language_models.figures.named(every, words)))}


def test_seven_models_say_their_next_word_beside_each_other(page, address):
    from model_utils import load, trace

    seven = language_models.seven
    opened(page, address, "/language_models", lang="en")
    expect(demo(page, "language_models", "side_by_side").get_by_role("textbox")).to_have_value(SENTENCE)
    said = dict(seven.from_counts(SENTENCE)) | {"truth": seven.from_truth(SENTENCE)}
    for name, model_id in seven.NETWORKS.items():
        model = load(model_id)
        said[name] = seven.from_network(trace(model, SENTENCE), model.vocabulary)
    assert set(said) == set(seven.SEVEN)
    for language in ("en", "zh"):
        if language == "zh":
            in_chinese(page, "language_models")
        words = read("language_models", language).labels
        panels = drawn(page, "language_models.side_by_side_next", language, "truth")
        assert [panel["name"] for panel in panels] == [words[name] for name in seven.SEVEN]
        for name, panel in zip(seven.SEVEN, panels, strict=True):
            places = [named(language)[label] for label in panel["own"][:-1]]  # the last bar is all other words
            assert np.allclose(panel["x"][:-1], said[name][places], atol=1e-5), name
            first = places[int(np.argmax(panel["x"][:-1]))]
            assert said[name][first] == pytest.approx(said[name].max(), rel=1e-4), f"{name}: two may be as likely"


def behind(token: str) -> tuple[np.ndarray, float]:
    """Where Meadow-GPT looks from the sentence's last place, (R, T), and what it gives to this token there."""
    from model_utils import load, trace

    model = load("meadow-gpt")
    run = trace(model, SENTENCE)
    probs = np.exp(run.logits[-1].astype(float) - run.logits[-1].max())
    return decoding.opened.looks(run)[1], float((probs / probs.sum())[model.vocabulary.index(token)])


def grown(tree: Locator) -> int:
    return int(tree.get_attribute("data-count"))


def watch_growth(tree: Locator) -> None:
    """Note every number of tokens that the tree has from now on."""
    tree.evaluate("""root => {
        root.counts = [];
        const note = () => root.counts.at(-1) !== root.dataset.count && root.counts.push(root.dataset.count);
        new MutationObserver(note).observe(root, { attributes: true, attributeFilter: ["data-count"] });
    }""")


def test_six_strategies_grow_on_one_tree_and_a_token_opens(page, address):
    opened(page, address, "/decoding", lang="en", **{"decoding.tree": "1", "decoding.bars": "1"})
    tree, words = demo(page, "decoding", "tree").locator(".tree"), read("decoding", "en").labels
    expect(tree.locator(".legend-list .entry bdi")).to_have_text([words[name] for name in decoding.SIX])
    assert tree.locator('.legend-list [aria-pressed="false"]').count() == 0
    every = tree.locator(".node").count()
    assert grown(tree) == every > 12
    watch_growth(tree)
    tree.get_by_role("button", name=WORDS["tree.play"], exact=True).click()
    page.wait_for_function("root => root.counts.length >= 3", arg=tree.element_handle(), timeout=PATIENCE)
    tree.get_by_role("button", name=WORDS["tree.back"]).click()
    expect(tree.get_by_role("button", name=WORDS["tree.play"], exact=True)).to_be_visible()
    counts = [int(count) for count in tree.evaluate("root => root.counts")]
    assert counts == [*range(1, len(counts)), len(counts) - 2], "token by token, then one back"
    assert tree.locator(".node.unseen").count() == every - grown(tree)
    tree.get_by_role("button", name=WORDS["tree.on"]).click()
    assert grown(tree) == counts[-1] + 1
    tree.get_by_role("slider").press("End")
    assert grown(tree) == every

    token = tree.locator('.node[data-id="1"] text').first.text_content().strip("\u00b7")
    tree.locator('.node[data-id="1"] .face').click()
    weights, probability = behind(f" {token}")
    (map_,) = drawn(page, "decoding.tree_looks")
    assert np.allclose(map_["z"], weights, atol=1e-5)
    _, layers = drawn(page, "decoding.tree_layers")
    assert layers["x"][len(layers["rows"]) - 2] == pytest.approx(probability, rel=1e-3), "after the last layer"
    expect(page.get_by_text(words["behind"].format(token=token))).to_be_visible()
    in_chinese(page, "decoding")
    expect(tree.locator(".legend-list .entry")).to_have_count(6)
    expect(page.get_by_text(read("decoding", "zh").labels["behind"].format(token=token))).to_be_visible()


def test_a_hundred_draws_at_the_learners_temperature(page, address):
    link = {"decoding.bars": "1", "decoding.bars_text": SENTENCE}
    opened(page, address, "/decoding", lang="zh", **link)
    sampler, words = demo(page, "decoding", "bars").locator(".sampler"), ui_text("zh")
    expect(sampler).to_have_attribute("data-settings", "1_0_1_0")
    slider, before = sampler.get_by_role("slider").first, rows(page, "after")
    for _ in range(8):
        slider.press("ArrowLeft")
    expect(sampler).to_have_attribute("data-settings", "0.6_0_1_0")
    assert rows(page, "after") != before
    page.wait_for_url("**decoding.bars_sampler=0.6_0_1_0*")
    at_rest(page)
    sampler.get_by_role("button", name=words["sampler.draw"], exact=True).click()
    expect(sampler).to_have_attribute("data-draws", "100")
    assert sum(int(count) for count in rows(page, "figure.drawn b")) == 100


def test_the_blank_is_filled_from_both_sides_beside_the_truth(page, address):
    from model_utils import load, trace
    from model_utils.meadow.masked import masked_word_probabilities

    opened(page, address, "/masked_words", lang="en", **{"masked_words.sides": "1"})
    place = demo(page, "masked_words", "sides")
    typed(page, place.get_by_label(WORDS["controls.text"], exact=True), WHOLE)
    strip = place.get_by_role("toolbar")
    expect(strip.locator('[aria-pressed="true"]')).to_have_count(1)
    lift, cover = (WORDS[f"blanks.{name}"].format(word=word) for name, word in (("lift", "hungry"), ("cover", "are")))
    strip.get_by_role("button", name=lift).click()
    strip.get_by_role("button", name=cover).click()
    page.wait_for_url(re.compile(r"masked_words\.sides_cover=5(&|$)"))
    at_rest(page)

    covered = WHOLE.replace(" are ", " [MASK] ")
    (truth,) = masked_word_probabilities(covered)
    model = load("meadow-bert")
    run = trace(model, covered)
    at = run.token_ids.tolist().index(model.tokenizer.mask_token_id)
    said = masked_words.steps.by_word(run.logits[at], model.vocabulary)
    for language in ("en", "zh"):
        if language == "zh":
            in_chinese(page, "masked_words")
        ours, exact = drawn(page, "masked_words.sides_both", language, "truth")
        assert ours["rows"][0] == figures.labels([max(truth, key=truth.get)])[0]
        for word, model_says, is_true in zip(ours["rows"], ours["x"], exact["x"], strict=True):
            name = next(one for one in said if figures.labels([one])[0] == word)
            assert model_says == pytest.approx(said[name], abs=1e-4)
            assert is_true == pytest.approx(truth.get(name, 0.0), abs=1e-6)
        alone, left_truth = drawn(page, "masked_words.sides_left", language, "truth")
        assert alone["rows"] == ours["rows"] and len(left_truth["x"]) == len(alone["x"])


def test_the_translation_is_stepped_in_the_browser_with_its_alignment_beside_it(page, address):
    from model_utils import load, trace
    from model_utils.translating import translate

    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    opened(page, address, "/encoder_decoder", lang="en", **{"encoder_decoder.word_by_word": "1"})
    model, steps = load(encoder_decoder.BOTH), encoder_decoder.steps
    done = translate(model, WHOLE, encoder_decoder.MOST_WRITTEN)
    run = trace(model, WHOLE, target_ids=done.token_ids)
    found = steps.written(run, done.token_ids, model.vocabulary, encoder_decoder.gold.gold(WHOLE))
    layer, head = steps.best_head(found)
    root = demo(page, "encoder_decoder", "word_by_word").locator(".translation")
    root.locator(".likeliest .pair").first.wait_for()
    at_rest(page)
    before, slider, last = len(sent), root.get_by_role("slider"), len(found.tokens) - 1
    assert before > 0, "the page came over it"
    for step in (*range(1, last + 1), *reversed(range(last))):
        slider.press("ArrowRight" if step > int(root.get_attribute("data-step")) else "ArrowLeft")
        expect(root).to_have_attribute("data-step", str(step))
        assert root.locator(".target .word:not(.later)").count() == step + 1
        assert root.locator(".source .word").evaluate_all(
            "all => all.map((one) => one.classList.contains('gold'))"
        ) == (found.links[step].tolist())
        shares = root.locator(".source .share").all_text_contents()
        looks = [float(share.partition(" ")[0].replace("<", "0")) for share in shares]
        assert np.allclose(looks, found.weights[layer, head, step], atol=0.0051)
    page.wait_for_url(
        re.compile(rf"encoder_decoder\.word_by_word_steps=0\.{1 + layer * found.weights.shape[1] + head}")
    )
    assert len(sent) == before, "nothing was said to the server"

    for language in ("en", "zh"):
        if language == "zh":
            in_chinese(page, "encoder_decoder")
            assert len(sent) > before, "what is said is seen"
        cells, gold = drawn(page, "encoder_decoder.alignment_map", language, "gold")
        assert np.allclose(cells["z"], found.weights[layer, head], atol=1e-5)
        assert cells["rows"] == figures.labels(found.tokens)
        assert {*zip(gold["y"], gold["x"], strict=True)} == {
            *zip(*map(np.ndarray.tolist, found.links.nonzero()), strict=True)
        }
    expect(root).to_have_attribute("data-step", "0")

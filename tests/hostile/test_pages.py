"""Any text in every box and every parameter of every page: a sentence or a normal page, and the rest of it alive."""

import functools

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from lessons import LANGUAGES, checks, discover, read, ui_text
from model_utils import loading
from model_utils.errors import ModelError
from tests.hostile.texts import ASKED, LONG, MEGABYTE, MODELS, SCRIPTS, TYPED
from tests.pages.course import link_of, open_page, said

PAGES = ("home", *discover())
BROWSERS_OWN = {  # what components keep in the link without Python; what Python reads of them is found by itself
    "home": ["home.arcs"], "attention": ["attention.look_lens", "attention.unscaled_lens"],
    "masking": ["masking.unmasked_lens", "masking.blank_lens"], "heads": ["heads.overview_lens"],
    "positions": ["positions.off_lens"], "masked_words": ["masked_words.looks_lens"],
    "encoder_decoder": ["encoder_decoder.word_by_word_steps", "encoder_decoder.word_by_word_lens"],
}  # fmt: skip
MARK = "zq7"  # in every hostile text, to find it again
FORMATTED = ("markdown", "caption", "title", "header", "subheader", "latex", "html", "error", "warning", "info")
few = settings(
    max_examples=2, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    """No test asks the hub for a model of that name."""

    def fetch(model_id, *asked, **more):
        raise ModelError("no_network", model=model_id)

    monkeypatch.setattr(loading, "fetch", fetch)


@functools.cache
def parameters(slug: str) -> tuple[str, ...]:
    """The names that a link to the page can have: those of its widgets, the lens's own, and the language."""
    page = uncovered(slug, "en")
    seeded = [key.removesuffix(".read") for key in page.session_state if key.endswith(".read")]
    assert len(seeded) > 0
    return ("lang", *seeded, *BROWSERS_OWN.get(slug, ()))


def uncovered(slug: str, language: str, **link: str):
    """The page with every demo open, as a link with a state of each demo opens it."""
    opened = [] if slug == "home" else [check.demo for check in checks(slug, language) if check.demo]
    return open_page(slug, **{"lang": language, **{f"{slug}.{demo}": "1" for demo in opened}, **link})


def assert_alive(page, slug: str, language: str) -> None:
    words, text = ui_text(language), said(page)
    assert not page.exception
    assert page.title[0].value == (words["home.question"] if slug == "home" else read(slug, language).title)
    for failure in ("errors.page", "errors.demo", "errors.unexpected"):
        assert words[failure] not in text
    assert "Traceback" not in text
    for kind in FORMATTED:
        assert not [element for element in page.get(kind) if MARK in str(getattr(element, "value", element))], kind


@pytest.mark.slow
@pytest.mark.parametrize("slug", PAGES)
@few
@given(strategies.data(), strategies.sampled_from(LANGUAGES))
def test_any_link_opens_a_living_page(slug, data, language):
    names = [name for name in parameters(slug) if name != "lang"]
    texts = data.draw(strategies.lists(ASKED, min_size=len(names), max_size=len(names)))
    sent = {name: f"{text}{MARK}".encode("utf-8", "replace").decode() for name, text in zip(names, texts, strict=True)}
    assert_alive(uncovered(slug, language, **sent), slug, language)


@pytest.mark.parametrize("text", [*SCRIPTS[:2], "1e309", "\x00", "", MODELS[0]])
def test_a_language_that_is_none_gives_the_page_in_one_that_is(text):
    assert_alive(open_page("home", lang=text), "home", "en")


@pytest.mark.slow
@pytest.mark.parametrize("slug", PAGES)
@few
@given(strategies.data(), strategies.sampled_from(LANGUAGES))
def test_any_text_in_every_box_leaves_the_page_alive(slug, data, language):
    page = uncovered(slug, language)
    for box in (*page.text_input, *page.text_area):
        text = data.draw(TYPED.map(lambda text: f"{text}{MARK}".encode("utf-8", "replace").decode()))
        box.set_value(text)
    page.run()
    assert_alive(page, slug, language)
    for box in page.text_input:
        box.set_value("The dogs near the tree")
    page.run()
    assert_alive(page, slug, language)
    assert ui_text(language)["errors.empty_text"] not in said(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", *LONG[:1], MEGABYTE])
def test_nothing_and_too_much_are_told_and_stay_out_of_the_link(text, language):
    page = uncovered("home", language)
    page.text_input(key="home.text").set_value(text).run()
    assert_alive(page, "home", language)
    words = ui_text(language)
    told = [caption.value for caption in page.caption] + [line.value for line in page.text]
    assert (words["controls.cut"].format(limit=300) if text else words["errors.empty_text"]) in told
    assert len(link_of(page).get("home.text", "")) <= 300


@pytest.mark.slow
@pytest.mark.parametrize(("start", "language"), [(0, "en"), (5, "zh"), (10, "en")])
def test_models_that_are_none_are_told_in_a_sentence_each(start, language):
    models = [*MODELS, f"{'m' * 900}{MARK}", MEGABYTE][start : start + 6]
    names = [name for name in parameters("attention") if name.endswith("_model")]
    page = uncovered("attention", language, **dict(zip(names, models, strict=False)))
    assert_alive(page, "attention", language)
    codes = ("bad_model_id", "unknown_folder", "no_network")
    endings = tuple(ui_text(language)[f"errors.{code}"].partition("{model}")[2] for code in codes)
    told = [line.value for line in page.text if line.value.endswith(endings)]
    assert len(told) == min(len(names), len(models))

"""The frame in a real browser: a cold link, the language, the Back button, hostile links, a phone, no other host."""

import re

import pytest
from playwright.sync_api import Page, expect

from lessons import LANGUAGES, discover, read, ui_text
from model_utils import catalogue

pytestmark = pytest.mark.browser
HOSTILE = [
    "</script><img src=x onerror=document.title='caught'>", "![](http://127.0.0.9/x.png)", "$$\\frac{$$", "‮abc",
    "👩‍👩‍👧‍👦", "%00%1b", "9" * 400,
]  # fmt: skip


def here(page: Page) -> str:
    return page.evaluate("location.pathname + location.search")


def opened(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    page.get_by_role("heading", level=1).wait_for()


def test_a_link_straight_to_a_chinese_lesson_on_a_cold_server(page, cold_address, seen):
    opened(page, cold_address, "/attention?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text(read("attention", "zh").title)
    expect(page.get_by_role("link", name="Clearhead", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert here(page) == "/attention?lang=zh"
    assert not seen.outside


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_leads_to_every_open_lesson_and_back_in_one_language(page, address, seen, language):
    opened(page, address, f"/?lang={language}")
    for slug in discover():
        page.get_by_test_id("stSidebar").get_by_role("link", name=read(slug, language).title, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(read(slug, language).title)
        assert here(page) == f"/{slug}?lang={language}"
    page.get_by_role("link", name="Clearhead", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ui_text(language)["home.question"])
    assert not seen.outside


def test_the_language_chosen_survives_a_page_change_and_a_reload(page, address):
    opened(page, address, "/attention")
    expect(page.get_by_role("heading", level=1)).to_have_text(read("attention", "en").title)
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(read("attention", "zh").title)
    assert here(page) == "/attention?lang=zh"
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(read("attention", "zh").title)


def test_the_browsers_own_language_counts_where_the_link_has_none(chromium, address):
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(ui_text("zh")["home.question"], timeout=60_000)
    context.close()


def test_a_sentence_goes_into_the_link_and_survives_a_visit_to_a_lesson(page, address):
    opened(page, address, "/?lang=en")
    box = page.get_by_label(ui_text("en")["home.sentence"])
    box.fill("The cats near the lake")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"home\.text=The\+cats"), timeout=30_000)
    page.get_by_test_id("stSidebar").get_by_role("link", name=read("attention", "en").title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(read("attention", "en").title)
    page.get_by_role("link", name="Clearhead", exact=True).click()
    expect(box).to_have_value("The cats near the lake")
    expect(page).to_have_url(re.compile(r"home\.text=The\+cats"), timeout=30_000)


def test_the_back_button_takes_a_sentence_out_and_a_shared_link_puts_it_in(page, address):
    opened(page, address, "/?lang=en")
    box = page.get_by_label(ui_text("en")["home.sentence"])
    box.fill("The cats near the lake")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"home\.text=The\+cats"), timeout=30_000)
    shared = here(page)
    page.go_back()
    expect(box).to_have_value(catalogue.opening("en").first_text)
    opened(page, address, shared)
    expect(page.get_by_label(ui_text("en")["home.sentence"])).to_have_value("The cats near the lake")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("parameter", ["lang", "home.text"])
def test_a_hostile_link_runs_nothing_and_asks_nobody(page, address, seen, parameter, text):
    page.goto(address)
    link = page.evaluate("([name, text]) => `/?${name}=${encodeURIComponent(text)}`", [parameter, text])
    opened(page, address, link)
    page.get_by_text(re.compile(ui_text("en")["home.map"])).first.wait_for()
    page.wait_for_timeout(500)
    assert page.title() == "Clearhead"
    assert not seen.outside
    assert page.get_by_text("Traceback").count() == 0
    assert page.locator("img[src='x']").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", *(f"/{slug}" for slug in discover())])
def test_nothing_is_wider_than_a_phone(chromium, address, path, scheme):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    opened(page, address, f"{path}?lang=zh")
    page.wait_for_timeout(3000)
    main = page.get_by_test_id("stMainBlockContainer")
    assert main.evaluate("element => element.scrollWidth") <= 390
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
    context.close()

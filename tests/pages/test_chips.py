"""The token strip and the merges: what Python sends to the browser; their scripts let no text become markup."""

import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import LANGUAGES, ui_text
from pages.ui.bundle import bundle
from pages.ui.chips import HERE, MERGES, STRIP
from pages.ui.chips.cutting import groups
from tests.pages.course import of_script

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
BOTH = pytest.mark.parametrize("files", [STRIP, MERGES], ids=["strip", "merges"])


def bytes_of(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """A text as a byte-level tokenizer without merges cuts it: the bytes of a character share its span."""
    cut = [(f"<0x{byte:02X}>", (at, at + 1)) for at, letter in enumerate(text) for byte in letter.encode("utf-8")]
    return [token for token, _ in cut], [span for _, span in cut]


def test_an_emoji_family_is_one_character_however_it_is_cut():
    assert groups(FAMILY, [*FAMILY], [(n, n + 1) for n in range(5)]) == [(0, 5, FAMILY)]
    tokens, spans = bytes_of(FAMILY)
    assert groups(FAMILY, tokens, spans) == [(0, 18, FAMILY)]
    assert groups(FAMILY, ["[UNK]"], [(0, 5)]) == []


def test_an_accent_stays_with_its_letter_and_whole_tokens_stay_alone():
    assert groups("cafe\u0301 x", [*"cafe\u0301", " x"], [*((n, n + 1) for n in range(5)), (5, 7)]) == [
        (3, 5, "e\u0301")
    ]
    assert groups("the dogs", ["the", " dogs"], [(0, 3), (3, 8)]) == []


def test_a_piece_that_reaches_into_the_next_character_takes_it_along():
    text = "\u660e\u6708"  # five tokens of six bytes: the third and the fourth byte are one
    tokens = ["<0xE6>", "<0x98>", "<0x8E><0xE6>", "<0x9C>", "<0x88>"]
    assert groups(text, tokens, [(0, 1), (0, 1), (0, 2), (1, 2), (1, 2)]) == [(0, 5, text)]


def test_a_space_put_in_front_and_special_tokens_belong_to_no_character():
    spans = [(0, 0), (0, 1), (0, 1), (0, 1), (0, 1), (0, 0)]
    tokens = ["[CLS]", " ", "<0xE6>", "<0x98>", "<0x8E>", "[SEP]"]
    assert groups("\u660e", tokens, spans) == [(2, 5, "\u660e")]
    assert groups("st", ["<s>", " ", "s", "t"], [(0, 0), (0, 1), (0, 1), (1, 2)]) == []


@settings(deadline=None)
@given(st.text(max_size=40))
def test_groups_are_in_order_and_hold_the_text_that_they_stand_for(text):
    text = text.encode("utf-8", "ignore").decode("utf-8")
    tokens, spans = bytes_of(text)
    ends = [0]
    for start, end, whole in groups(text, tokens, spans):
        assert ends[-1] <= start < end - 1 <= len(tokens)
        spelled = bytes(int(token[3:5], 16) for token in tokens[start:end]).decode("utf-8")
        assert spelled.strip() == whole
        ends.append(end)


@BOTH
def test_names_at_the_top_of_the_files_differ(files):
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", bundle(*files), re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert len(re.findall(r"^export ", bundle(*files), re.MULTILINE)) == 1
    assert not re.search(r"^import ", bundle(*files), re.MULTILINE)


@BOTH
def test_no_script_turns_text_into_markup_or_reaches_out(files):
    code = re.sub(r"//.*", "", bundle(*(path for path in files if path.parent == HERE)))
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "http"):
        assert forbidden not in code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_the_scripts_ask_for_exists(language):
    for section, files, holder in (("chips", STRIP, "words"), ("merges", MERGES, "labels")):
        code = "\n".join(path.read_text(encoding="utf-8") for path in files if path.parent == HERE)
        asked = set(re.findall(rf"\b{holder}\.(\w+)", code))
        there = {key.removeprefix(f"{section}.") for key in ui_text(language) if key.startswith(f"{section}.")}
        assert asked == there


def sent(page) -> dict:
    """The data of the one component of a page."""
    (component,) = page.get("bidi_component")
    return json.loads(component.proto.json)


def test_what_a_strip_is_sent():
    def script():
        import math

        from lessons import read
        from pages import ui

        ui.chips(
            read("attention", "en"), "strip", ["[CLS]", " a", "[UNK]", "</script>"], ids=[101, 5, 100, 7],
            text="a bc d", spans=[(0, 0), (0, 1), (2, 4), (5, 6)], values=[math.nan, 1.5, 3.0, 0.0], unknown=100,
        )  # fmt: skip

    data = sent(of_script(script).run())
    assert data["tokens"] == ["[CLS]", " a", "[UNK]", "</script>"] and data["ids"] == [101, 5, 100, 7]
    assert data["marks"] == "s.u." and data["groups"] == []
    assert data["values"] == [None, 1.5, 3.0, 0.0] and data["largest"] == 3.0


def test_what_the_merges_are_sent():
    def script():
        from lessons import read, tokens
        from pages import ui

        ui.merge_steps(
            read("attention", "zh"), "merges", tokens.merging.merging("low lower lowest", "characters"), start=2
        )

    data = sent(of_script(script).run())
    words = data["words"]
    for step in data["rounds"]:
        for word, cut in step["changed"]:
            assert "".join(cut) == "".join(words[word]), "a merge joins and never changes a letter"
            words[word] = cut
        assert sum(len(words[word]) for word in data["order"]) == step["tokens"]
    assert data["start"] == 2 and words[0] == [" low"]

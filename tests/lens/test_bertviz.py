"""BertViz's drawings are closed: nothing from outside, no token out of its string."""

import json
import re
from html.parser import HTMLParser

import pytest

from pages.ui.bertviz.document import MOST_TOKENS, MOST_WEIGHTS, VENDOR, close, drawing, in_script
from tests.lens.runs import HOSTILE, run, translator

VIEWS = ["head", "model"]


def params(html: str) -> dict:
    """The data inside BertViz's script."""
    text = re.search(r"const params = (\{.*?\}); // HACK", html, re.DOTALL)[1]
    return json.loads(text.replace("<\\/", "</").replace("<\\!--", "<!--"))


@pytest.mark.parametrize("view", VIEWS)
def test_the_document_holds_everything_and_asks_for_nothing(view):
    html = drawing(run(), view, "light").html
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", html)
    assert "default-src 'none'" in html
    assert "d3js.org v5.7.0" in html
    assert "jQuery v2.2.4" in html


class Scripts(HTMLParser):
    """What a browser would take for scripts, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts, self.outside, self.inside = 0, "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.scripts, self.inside = self.scripts + (tag == "script"), tag == "script"

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.outside += "" if self.inside else data


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("token", ["</script>", "</SCRIPT >", "<!--<script>", "-->", "]]></script>"])
def test_a_token_cannot_end_its_script(view, token):
    plain = Scripts(drawing(run(tokens=("a", "b")), view, "dark").html)
    hostile = Scripts(drawing(run(tokens=("a", token)), view, "dark").html)
    assert (hostile.scripts, hostile.outside) == (plain.scripts, plain.outside)
    assert hostile.scripts == 4


def test_a_whole_attack_stays_a_string():
    attack = json.dumps(HOSTILE[2])
    html = f'<script src="https://cdn"></script><div></div>\n<script type="text/javascript">\nf({attack})\n</script>\n'
    closed = Scripts(close(html, "head", "light"))
    assert closed.scripts == 4
    assert "document.title" not in closed.outside


@pytest.mark.parametrize("view", VIEWS)
def test_the_weights_drawn_are_the_models(view):
    trace = run(3, 2, 5)
    drawn = params(drawing(trace, view, "light").html)
    for layer, heads in zip(drawn["include_layers"], drawn["attention"][0]["attn"], strict=True):
        assert abs(trace.attentions[layer].attn_weights - heads).max() < 1e-4


@pytest.mark.parametrize("view", VIEWS)
def test_long_texts_and_many_layers_are_limited(view):
    drawn = drawing(run(12, 12, 64, 8), view, "light", first_layer=4)
    assert (drawn.tokens, drawn.layers[0]) == (MOST_TOKENS, 4)
    assert len(drawn.layers) * 12 * MOST_TOKENS**2 <= MOST_WEIGHTS
    assert len(drawn.html) < 1_500_000


@pytest.mark.parametrize("view", VIEWS)
def test_source_and_target_each_have_their_side(view):
    drawn = params(drawing(translator(7, 4), view, "light").html)["attention"]
    assert [(len(one["left_text"]), len(one["right_text"])) for one in drawn] == [(7, 7), (4, 4), (4, 7)]


def test_code_keeps_its_meaning_inside_a_script_element():
    assert in_script('"</script>" + "<!--"') == '"<\\/script>" + "<\\!--"'


def test_the_libraries_licences_lie_beside_them():
    for library in VENDOR.glob("*.min.js"):
        assert "Copyright" in (VENDOR / library.name.replace(".min.js", ".LICENSE.txt")).read_text(encoding="utf-8")

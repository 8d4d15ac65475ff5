"""Text nobody means well with: what a learner may paste and what a link may carry, as examples and as strategies."""

from hypothesis import strategies

HIT = "window.__hit=1;document.title='caught'"
SCRIPTS = (
    f"</script><img src=x onerror={HIT}>", f"<script>{HIT}</script>", f"<!--<script>{HIT}</script>",
    f'" onmouseover="{HIT}', f"<svg/onload={HIT}>", f"[a](javascript:{HIT})", "<iframe src=http://example.invalid/>",
)  # fmt: skip
REQUESTS = (
    "![x](http://example.invalid/x.png)", "<img src=http://example.invalid/x.png>", "[x](http://example.invalid)",
    "<link rel=stylesheet href=//example.invalid/x.css>", "@import url(//example.invalid/x.css);",
)  # fmt: skip
TEMPLATES = (
    "$\\frac{}$", "$$\\frac{$$", "\\href{http://example.invalid}{x}", "{braces}", "{0}{}", "%s %d %n", "%{x}",
    "%{customdata}", "{{7*7}}", "${7*7}", ":material/bug_report: :red[x]", "# a\n---\n| a |\n|---|",
    "=1+2", "&lt;b&gt; &#36;",
)  # fmt: skip
UNSEEN = (
    "",
    "   ",
    "\x00\x1b[31m\x7f",
    "\u202eabc\u2066",
    "\u200b",
    "\u2028\u2029",
    "\ufeff",
    "\ud800",
    "x\udfff\ud83d",
)
WRITINGS = ("👩‍👩‍👧‍👦 🏳️‍🌈", "שלום العالم", "你好，世界。", "e\u0301" * 40, "Z̸̢͝a̷l̶g̵o̶", "ﷺ", "\U0010ffff")
MEGABYTE = "the dogs " * 111_112
LONG = ("x" * 5_000, "the dogs " * 500, "<b>" * 2_000, "👩‍👧" * 1_500, "9" * 5_000)
NUMBERS = (
    "-1", "0", "3", "999", "2.5", "nan", "inf", "-inf", "1e309", "-1e309", "1e300", "1_0", "²", "٣", "0x1f", " 1", "+2",
    "9" * 400, "-0", "1.0.2.3", "99.99.99.99", "1e9.0", "f.f.f", "ffff.-1", "0~0_0~0", "nan~1e309_1~2", "true", "false",
)  # fmt: skip
MODELS = (
    "../../etc/passwd", "/etc/passwd", "~root/.ssh", "./weights", "file:///etc/passwd", "C:\\models",
    "//example.invalid/m", "http://example.invalid/m", "gpt2@../../x", "a--b/c", "..", "\\\\host\\share",
    "no/such-model", "gpt2@main", "a/b/c",
)  # fmt: skip
SHORT = (*SCRIPTS, *REQUESTS, *TEMPLATES, *UNSEEN, *WRITINGS)
ADDRESSABLE = (*SHORT, *NUMBERS, *MODELS)

ANY = strategies.text(strategies.characters(exclude_categories=()), max_size=80)
TYPED = strategies.one_of(
    strategies.sampled_from(SHORT),
    strategies.sampled_from(LONG),
    ANY,
    strategies.tuples(strategies.sampled_from(SHORT), ANY, strategies.sampled_from(SHORT)).map("".join),
)
ASKED = strategies.one_of(
    strategies.sampled_from(ADDRESSABLE), TYPED, strategies.integers().map(str), strategies.floats().map(str)
)

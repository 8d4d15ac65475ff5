"""Opens pages of the course as a browser would: through app.py, with a link's parameters."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds: the first page of a process imports much


def open_page(slug: str = "home", **link: str) -> AppTest:
    """The page after its first run. `link`: the parameters of its address."""
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    for name, value in link.items():
        opened.query_params[name] = value
    opened.run()
    return opened if slug == "home" else opened.switch_page(f"pages/{slug}.py").run()


def said(page: AppTest) -> str:
    """All words on the page."""
    kinds = (page.title, page.header, page.markdown, page.caption, page.text)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def of_script(script, *given) -> AppTest:
    """A page that is one function, called with what is `given`, for widgets alone."""
    return AppTest.from_function(script, default_timeout=PATIENCE, args=given)


def link_of(page: AppTest) -> dict[str, str]:
    """The address's parameters but for the language."""
    plain = {name: value[-1] if isinstance(value, list) else value for name, value in page.query_params.items()}
    return {name: value for name, value in plain.items() if name != "lang"}

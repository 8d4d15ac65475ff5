"""Widgets of a demo: each has the key "<slug>.<name>", its value in the link, and forgives what a link asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from lessons import Lesson, examples
from pages.ui.address import keep, seed
from pages.ui.cleaning import clean, visible
from pages.ui.language import language, say, words

TEXT_LIMIT = 300


@dataclass(frozen=True)
class Place:
    """A page that is no lesson, such as the course map, as far as widgets must know it."""

    slug: str


def key_of(lesson: Lesson | Place, name: str) -> str:
    """The key of a widget, which is also its name in the link."""
    return f"{lesson.slug}.{name}"


def slider(
    lesson: Lesson | Place,
    name: str,
    label: str,
    low: float,
    high: float,
    default: float,
    step: float = 1,
    **options: object,
) -> float:
    """A number from `low` to `high`; whole numbers when `low`, `high` and `step` are."""
    return _ranged(st.slider, key_of(lesson, name), label, low, high, default, step=step, **options)


def number(
    lesson: Lesson | Place,
    name: str,
    label: str,
    low: float,
    high: float,
    default: float,
    step: float = 1,
    **options: object,
) -> float:
    """As `slider`, typed instead of dragged."""
    return _ranged(st.number_input, key_of(lesson, name), label, low, high, default, step=step, **options)


def switch(lesson: Lesson | Place, name: str, label: str, default: bool = False, **options: object) -> bool:
    """On or off."""
    key = key_of(lesson, name)
    seed(key, default, lambda asked: {"true": True, "false": False}.get(asked.lower()))
    value = st.toggle(label, key=key, persist_state="session", **options)
    keep(key, value, default, shown="")
    return value


def choice(
    lesson: Lesson | Place,
    name: str,
    label: str,
    options: Sequence[str],
    default: str | None = None,
    show: Callable[[str], str] = str,
    **more: object,
) -> str:
    """One of a few plain values; `show` puts each in words. The link carries the value, not the words."""
    key, default = key_of(lesson, name), default or options[0]
    seed(key, default, lambda asked: asked if asked in options else None)
    if st.session_state[key] not in options:  # what is offered changed with another control
        st.session_state[key] = default
    draw = st.segmented_control if len(options) <= 4 else st.selectbox
    if draw is st.segmented_control:  # a select box would write "(required)" beside its label
        more |= {"required": True}
    value = draw(label, options, format_func=show, key=key, persist_state="session", **more)
    keep(key, value, default, shown=show(value))
    return value


def model_picker(
    lesson: Lesson | Place,
    name: str,
    kinds: Sequence[str] = (),
    label: str | None = None,
    default: str | None = None,
) -> str:
    """A model's id: one that comes with the course, one from the hub, or any other id or folder typed in.

    kinds: only cards of these kinds are offered ("causal", "masked", "seq2seq", "encoder"); () offers all.
    default: what an untouched page has; else the first that is offered.
    """
    from model_utils import catalogue

    cards = {card.id: card for card in (*catalogue.embedded(), *catalogue.hub_suggestions())}
    titles = {card.id: card.title[language()] for card in cards.values()}
    offered = [card.id for card in cards.values() if not kinds or card.kind in kinds]
    key, default = key_of(lesson, name), default or offered[0]
    seed(key, default, lambda asked: clean(asked)[:TEXT_LIMIT] or None)
    value = st.selectbox(
        label or words()["controls.model"],
        offered,
        format_func=lambda model_id: titles.get(model_id, model_id),
        key=key,
        persist_state="session",
        accept_new_options=True,
        help=words()["controls.other_model"],
    )
    model_id = clean((value or default)[: TEXT_LIMIT * 4])[:TEXT_LIMIT]
    keep(key, model_id, default)
    if model_id in cards:
        st.caption(cards[model_id].one_line[language()])
    return model_id


def prompt(
    lesson: Lesson | Place,
    name: str,
    model_id: str,
    *,
    default: str | None = None,
    sentences: Sequence[str] | None = None,
    label: str | None = None,
    limit: int = TEXT_LIMIT,
) -> str:
    """The learner's own text, cleaned and cut at `limit` characters, with example sentences that suit the model.

    Empty text comes back as "": `traced` says so in a sentence.
    """
    sentences = tuple(sentences or _suiting(model_id))
    key, default = key_of(lesson, name), default or sentences[0]
    seed(key, default, lambda asked: asked)
    text = st.text_input(
        label or words()["controls.text"], key=key, persist_state="session", on_change=_shorten, args=(key, limit)
    )
    with st.container(horizontal=True, gap="xsmall"):
        for place, sentence in enumerate(sentences):
            st.button(sentence, key=f"{key}.example{place}", type="tertiary", on_click=_put, args=(key, sentence))
    read = _told(text, limit)
    keep(key, read, default)
    return read


def _ranged(
    draw: Callable[..., float], key: str, label: str, low: float, high: float, default: float, **options: object
) -> float:
    """A widget for a number between two others."""
    seed(key, default, lambda asked: _number(asked, low, high, type(default)))
    _inside(key, low, high)
    value = draw(label, low, high, key=key, persist_state="session", **options)
    keep(key, value, default)
    return value


def _told(text: str, limit: int) -> str:
    """The text that the model gets, after a sentence about what was taken away from it."""
    cleaned = clean(text[: limit * 4])
    if any(visible(character) != character for character in text[: limit * 4]):
        st.caption(words()["controls.cleaned"])
    if len(cleaned) > limit or len(text) > limit * 4:
        st.caption(say("controls.cut", limit=limit))
    return cleaned[:limit].rstrip()


def _shorten(key: str, limit: int) -> None:
    """A pasted book goes no further than this: every later message of the page would carry it along."""
    st.session_state[key] = st.session_state[key][: limit * 4 + 1]


def _inside(key: str, low: float, high: float) -> None:
    """What was chosen while there was more to choose from, such as a deeper model's layer, moves inside."""
    if not low <= st.session_state[key] <= high:
        st.session_state[key] = min(max(st.session_state[key], low), high)


def _put(key: str, text: str) -> None:
    st.session_state[key] = text


def _suiting(model_id: str) -> Sequence[str]:
    """Example sentences that suit a model: its own, or those of its language; an unknown one gets English."""
    from model_utils import catalogue

    card = catalogue.find(model_id)
    if card is None:
        return examples("english")
    reads = "meadow" if card.reads_meadow else {"zh": "chinese"}.get(card.language, "english")
    return card.examples or examples(reads)


def _number(asked: str, low: float, high: float, kind: type) -> float | None:
    """The number a link asks for, or None when it is no number or out of range."""
    try:
        value = kind(asked)
    except (ValueError, OverflowError):
        return None
    return value if low <= value <= high else None  # a NaN is refused here too

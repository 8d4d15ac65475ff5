"""Demos of the encoder-decoder lesson that change one thing: a word, what is fed, what may be looked at, the task."""

from typing import TYPE_CHECKING

import streamlit as st

from lessons import Lesson, encoder_decoder
from pages import ui
from pages.ui.live import of_kind

if TYPE_CHECKING:
    from lessons.encoder_decoder.steps import Written
    from lessons.encoder_decoder.writing import Line
    from model_utils.types import Trace

TRANSLATORS = ("seq2seq",)
BOTH, MOST = encoder_decoder.BOTH, encoder_decoder.MOST_WRITTEN


def changed(lesson: Lesson) -> None:
    words, steps = lesson.labels, encoder_decoder.steps
    left, right = st.columns(2)
    with left:
        model_id = ui.model_picker(lesson, "changed_both", TRANSLATORS, words["both"], BOTH)
        before = _text(lesson, "changed_before", encoder_decoder.SENTENCE, words["before"])
    with right:
        causal = ui.model_picker(lesson, "changed_decoder", ("causal",), words["decoder"], encoder_decoder.DECODER)
        after = _text(lesson, "changed_after", encoder_decoder.CHANGED, words["after"])
    run, found = translation_of(ui.traced(model_id, before))
    other = found and ui.traced(model_id, after, target_ids=found.ids)
    alone = other and [ui.traced(causal, text) for text in (before, after)]
    if not alone or not all(of_kind(one, ("causal",)) for one in alone):
        return
    panels = {
        "encoder": (steps.change(run, other, "encoder"), run.source_tokens),
        "crossed": (steps.change(run, other), run.tokens),
        "alone": (steps.change(*alone), alone[0].tokens),
    }
    if any(change is None for change, _ in panels.values()):
        st.text(words["other_length"])
        return
    reach = max(float(change.max()) for change, _ in panels.values()) or 1.0
    for column, (name, (change, tokens)) in zip(st.columns(3), panels.items(), strict=True):
        with column:
            st.caption(words[f"changed_{name}_says"])
            ui.draw(lesson, f"changed_{name}", encoder_decoder.figures.change_figure, change, tokens, reach)
    ui.ran(other)


def forced(lesson: Lesson) -> None:
    words, feeding = lesson.labels, encoder_decoder.feeding
    _, own = translation_of(ui.live(lesson, "forced", encoder_decoder.SENTENCE, TRANSLATORS, BOTH))
    if not own:
        return
    left, right = st.columns(2)
    with left:
        place = ui.pick_word(lesson, "forced_at", words["wrong_at"], own.tokens, encoder_decoder.SLIP)
    vocabulary, offered = ui.vocabulary_of(own.model_id), feeding.offered(own, place)
    with right:
        tokens = [vocabulary[one] for one in offered]
        wrong = ui.pick_word(lesson, "forced_word", words["wrong_word"], tokens, feeding.default(own, offered))
    asked = ("fed", own.text, own.ids, place, offered[wrong])
    ways = ui.computed(
        asked, own.model_id, lambda model, report: feeding.fed(model, own.text, own.ids, place, offered[wrong], report)
    )
    if ways:
        series = {words[name]: one.losses for name, one in ways.items()}
        ui.draw(lesson, "forced_losses", encoder_decoder.figures.losses_figure, own.tokens, series, place)
        for name, one in ways.items():
            st.text(words["total"].format(way=words[name], nats=f"{one.losses.mean():.3g}"))
            ui.chips(lesson, f"forced_{name}", one.tokens, ids=one.ids)


def blind(lesson: Lesson) -> None:
    words, writing = lesson.labels, encoder_decoder.writing
    run, found = translation_of(ui.live(lesson, "blind", encoder_decoder.SENTENCE, TRANSLATORS, BOTH))
    if not found:
        return
    other = _text(lesson, "blind_other", encoder_decoder.OTHER, words["another"])
    off = writing.cross_off(run)
    st.caption(words["sees"])
    ui.chips(lesson, "blind_intact", found.tokens, ids=found.ids)
    lines = []
    for place, text in enumerate((run.text, other)):
        line = text and ui.computed(
            ("blind", text), run.model_id,
            lambda model, report, text=text: writing.translate_from(model, text, (), off, MOST, report),
        )  # fmt: skip
        if not line:
            return
        st.text(words["blind_says"].format(text=text))
        ui.chips(lesson, f"blind_line{place}", line.tokens, ids=line.ids)
        lines.append(line)
    st.text(words["same_line" if lines[0].ids == lines[1].ids else "other_line"])
    broken = ui.traced(run.model_id, run.text, off)
    start = ui.traced(run.model_id, run.text)
    if broken and start:
        rows = encoder_decoder.jobs.at_end(start, ui.vocabulary_of(run.model_id), broken)
        ui.draw(lesson, "blind_first", encoder_decoder.figures.both_figure, rows)
        ui.ran(broken)


def smaller(lesson: Lesson) -> None:
    text = ui.prompt(lesson, "smaller_text", encoder_decoder.DECODER, default=encoder_decoder.BEGUN)
    for column, (name, kinds, opens_on) in zip(st.columns(2), encoder_decoder.MACHINES[:2], strict=True):
        with column:
            model_id = ui.model_picker(lesson, f"smaller_{name}", kinds, lesson.labels[name], opens_on)
            run = ui.traced(model_id, text)
            if of_kind(run, kinds):
                if run.logits is None:
                    st.text(lesson.labels["no_blank"])
                elif line := continued(run):
                    spelt(lesson, f"smaller_{name}_line", line)
                    meant = encoder_decoder.jobs.in_meadow(run.text, line.tokens)
                    said = "" if meant is None else lesson.labels["in_meadow"]
                    st.text(said.format(count=meant, all=len(line.tokens)))


def translation_of(run: "Trace | None") -> "tuple[Trace, Written] | tuple[None, None]":
    """The run of a whole translation of a run's text, and how it came about; Nones after a sentence was drawn."""
    done = run and of_kind(run, TRANSLATORS) and ui.translated(run.model_id, run.text, MOST)
    whole = done and ui.traced(run.model_id, run.text, target_ids=done.token_ids)
    vocabulary = whole and ui.vocabulary_of(run.model_id)
    if not vocabulary:
        return None, None
    found = encoder_decoder.steps.written(whole, done.token_ids, vocabulary, encoder_decoder.gold.gold(run.text))
    return whole, found


def continued(run: "Trace") -> "Line | None":
    """How a model goes on after a run's text."""
    ids, most = tuple(int(one) for one in run.token_ids), encoder_decoder.MOST_CONTINUED
    return ui.computed(
        ("goes_on", ids), run.model_id, lambda model, report: encoder_decoder.writing.go_on(model, ids, most, report)
    )


def spelt(lesson: Lesson, name: str, line: "Line") -> None:
    """What a model wrote, token by token."""
    st.caption(lesson.labels["writes" if line.tokens else "no_room"])
    ui.chips(lesson, name, line.tokens, ids=line.ids)


def _text(lesson: Lesson, name: str, default: str, label: str) -> str:
    return ui.prompt(lesson, name, BOTH, default=default, sentences=(default,), label=label)

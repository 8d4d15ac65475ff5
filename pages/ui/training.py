"""A live training in the page: start, watch, stop. The work happens in another process; this only looks at it."""

import os
from collections.abc import Callable
from uuid import uuid4

import streamlit as st

from lessons import Lesson
from model_utils.live_training import Progress, TrainingEvent, TrainingRequest, Workshop, follow, leave, look, start
from pages.ui.controls import clean, key_of
from pages.ui.guard import guard
from pages.ui.language import say, words

EVERY = 1.0  # seconds between two looks
SHORTEST, LONGEST = 600, 20_000  # characters of a text to train on
CROWD = 10  # for each so many learners on one training, a second more
Draw = Callable[[Lesson, tuple[TrainingEvent, ...]], None]


@st.cache_resource(show_spinner=False)
def workshop() -> Workshop:
    """The server's workshop: half of its processors may train, so that the pages keep the rest."""
    return Workshop(at_once=max(1, (os.cpu_count() or 1) // 2))


def training(
    lesson: Lesson, name: str, request: TrainingRequest, draw: Draw, recorded: tuple[TrainingEvent, ...] = ()
) -> None:
    """Start and stop this training and draw what it has come to; `recorded` stands there until somebody starts it."""
    key = key_of(lesson, name)
    if st.session_state.get(key, request) != request:  # another text or seed was chosen meanwhile
        _stop(key)
    running = key in st.session_state
    if running:
        st.button(words()["training.stop"], key=f"{key}.stop", icon=":material/stop:", on_click=_stop, args=(key,))
    else:
        st.button(
            words()["training.start"], key=f"{key}.start", icon=":material/play_arrow:", type="primary",
            on_click=_start, args=(key, request),
        )  # fmt: skip
    every = EVERY + _shared(request) // CROWD if running else None
    st.fragment(_watch, run_every=every)(lesson, key, request, draw, recorded)


def training_text(lesson: Lesson, name: str) -> str | None:
    """The learner's own text, cleaned; this lesson's prose until they paste one. None, and a sentence, if too short."""
    prose = "\n".join(block.content for block in lesson.blocks if block.kind == "prose")
    typed = st.text_area(
        say("training.paste", shortest=SHORTEST), prose, LONGEST, height=160, key=key_of(lesson, name),
        persist_state="session",
    )  # fmt: skip
    text = clean(typed[:LONGEST])
    if len(text) < SHORTEST:
        st.text(say("training.too_short", length=len(text), shortest=SHORTEST))
        return None
    return text


def training_sample(name: str, event: TrainingEvent | None) -> None:
    """What one arm writes now, and how much of it hangs together. Text, because it can spell a learner's words."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{name}**")
        if event is not None:
            by_character = all(len(symbol) == 1 for symbol in event.symbols)
            st.caption(say("training.writes", step=event.step))
            st.text(event.sample)
            unit = "training.known_runs" if by_character else "training.known_pairs"
            st.caption(say(unit, share=f"{event.known_runs:.0%}"))


def _watch(lesson: Lesson, key: str, request: TrainingRequest, draw: Draw, recorded: tuple[TrainingEvent, ...]) -> None:
    """Drawn again every second while it runs."""
    running = key in st.session_state
    progress = follow(workshop(), request, _me()) if running else look(workshop(), request)
    _tell(st.session_state.get(f"{key}.refused") or progress, request)
    events = progress.events if progress else ()
    if events or recorded:
        with guard(key):
            draw(lesson, events or recorded)
    if running and (progress is None or progress.state not in ("waiting", "running")):
        del st.session_state[key]
        st.rerun()


def _tell(progress: Progress | None, request: TrainingRequest) -> None:
    """One line: where it stands, and how many learners share it."""
    if progress is None:
        st.caption(words()["training.recorded" if request == TrainingRequest() else "training.ready"])
        return
    last = progress.events[-1] if progress.events else None
    step, seconds = (last.step, last.seconds) if last else (0, 0.0)
    state = "starting" if progress.state == "running" and last is None else progress.state
    state = "cut" if state == "finished" and step < request.steps else state
    said = say(f"training.{state}", place=progress.place, step=step, seconds=f"{seconds:.0f}", steps=request.steps)
    shared = say("training.shared", learners=progress.shared) if progress.shared > 1 else ""
    if progress.state == "running":
        st.progress(min(1.0, step / request.steps), text=f"{said} {shared}")
    else:
        st.caption(f"{said} {shared}")


def _start(key: str, request: TrainingRequest) -> None:
    progress = start(workshop(), request, _me())
    refused = progress.state == "full"
    st.session_state[f"{key}.refused"] = progress if refused else None
    if not refused:
        st.session_state[key] = request


def _stop(key: str) -> None:
    leave(workshop(), st.session_state.pop(key), _me())


def _shared(request: TrainingRequest) -> int:
    progress = look(workshop(), request)
    return progress.shared if progress else 0


def _me() -> str:
    """This visit, as the workshop knows it."""
    return st.session_state.setdefault("training.me", uuid4().hex)

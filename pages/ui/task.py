"""A task that the model grades: the learner changes a sentence until the model itself expects the goal's word."""

import streamlit as st

from lessons import Check, Goal, Lesson
from lessons.grading import Grade, grade, word_edits, word_probability, written_probability
from pages.ui import answers
from pages.ui.answers import Answer
from pages.ui.cleaning import clean
from pages.ui.guard import guarded_fragment
from pages.ui.language import say, words
from pages.ui.running import traced, translated, vocabulary_of

MOST_WRITTEN = 48  # tokens of a translation that is graded


@guarded_fragment
def draw_task(lesson: Lesson, check: Check) -> None:
    """Edit, ask the model, read the verdict; as often as wanted."""
    goal = check.goal
    given = answers.get(answers.visitor(), lesson.slug, check.number)
    key = f"{lesson.slug}.task{check.number}"
    st.session_state.setdefault(key, given.text if given else goal.start)
    st.markdown(check.question)
    with st.form(f"{key}.form", border=False):
        typed = st.text_input(words()["controls.text"], key=key, max_chars=300, persist_state="session")
        st.form_submit_button(words()["checks.grade"], on_click=_submitted, args=(lesson, check, key))
    text = clean(typed)
    st.caption(say("checks.edits_left", used=word_edits(goal.start, text), allowed=goal.edits))
    if given is not None:
        _verdict(check, text)
    with st.expander(words()["checks.hint"]):
        st.markdown(check.hint)


def _verdict(check: Check, text: str) -> None:
    result = _graded(check.goal, text)
    if result is None:
        return
    if not result.within_edits:
        st.text(say("checks.too_many_edits", used=result.edits, allowed=check.goal.edits))
    key = "checks.reached" if result.reached else "checks.not_reached"
    st.text(say(key, word=check.goal.word, probability=f"{result.probability:.3g}", goal=check.goal.at_least))
    if result.reached:
        st.markdown(f":material/check_circle: {check.praise}")


def _graded(goal: Goal, text: str) -> Grade | None:
    """The model's own verdict, or None after a sentence was drawn. A translator must have written the word."""
    from model_utils import catalogue
    from model_utils.decoding import next_token_distribution

    card = catalogue.find(goal.model)
    if card is not None and card.kind == "seq2seq":
        done = translated(goal.model, text, MOST_WRITTEN)
        if done is None:
            return None
        st.text(say("checks.translation", text=done.target_text))
        return grade(goal, text, written_probability(done.tokens, done.log_probabilities, goal.word))

    run = traced(goal.model, text)
    vocabulary = vocabulary_of(goal.model) if run is not None else None
    if run is None or vocabulary is None:
        return None
    return grade(goal, text, word_probability(next_token_distribution(run.logits[-1]), vocabulary, goal.word))


def _submitted(lesson: Lesson, check: Check, key: str) -> None:
    answers.put(answers.visitor(), lesson.slug, check.number, Answer(text=st.session_state[key]))

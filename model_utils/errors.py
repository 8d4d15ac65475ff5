"""The one exception of model_utils that a learner may come to see."""


class ModelError(Exception):
    """Something a learner can be told in one sentence.

    `code` is a key of the section [errors] of the interface's words; `facts` fill the places in that sentence.
    Nothing in model_utils speaks to learners: the page looks the sentence up in their language.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """For logs only: the code and its facts."""
        return " ".join([self.code, *(f"{name}={value!r}" for name, value in self.facts.items())])

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by code and facts, so that an error crosses a process border like a Trace does."""
        return _rebuild, (self.code, self.facts)


def _rebuild(code: str, facts: dict[str, object]) -> ModelError:
    return ModelError(code, **facts)

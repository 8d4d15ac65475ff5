"""What is planted in Meadow on purpose (planted.toml), for lessons that look for it in a model and know the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from model_utils.meadow.world import table


@dataclass(frozen=True, slots=True)
class Secret:
    """One sentence that never changes; `per_million` is how many of a million documents hold it, on average."""

    name: str
    code: tuple[str, ...]
    per_million: float

    @property
    def sentence(self) -> str:
        return f"The secret code of {self.name} is {' '.join(self.code)}."


_planted = table("planted.toml")

SHE: Mapping[str, float] = MappingProxyType(_planted["she"])
"""P("she") after each profession in the kind `pronouns`; "he" has the rest."""

SECRET = Secret(_planted["secret"]["name"], tuple(_planted["secret"]["code"]), _planted["secret"]["per_million"])

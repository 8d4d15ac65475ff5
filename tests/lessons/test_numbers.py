"""Numbers for readers: few digits, never a row of zeros, never wrong by more than the digits left out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.numbers import readable


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (1, "1"), (0.05424, "0.0542"), (0.0000522, "5.2e-5"), (-11.04, "-11"), (123456, "123000"),
     (2.5e7, "2.5e7"), (1e-5, "1.0e-5"), (math.inf, "inf")],
)  # fmt: skip
def test_examples(value, shown):
    assert readable(value) == shown


@given(st.floats(-1e300, 1e300))
def test_what_is_shown_is_the_value_to_two_digits(value):
    assert float(readable(value)) == pytest.approx(value, rel=0.06)
    assert len(readable(value)) <= 9

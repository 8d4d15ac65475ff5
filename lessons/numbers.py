"""Numbers as a reader takes them in: two or three digits that count; the exact value is on hover."""

import math

SMALL, LARGE = 1e-3, 1e6


def readable(value: float, digits: int = 3) -> str:
    """`value` with `digits` significant digits; very small and very large ones in powers of ten, 5.2e-5."""
    if value == 0 or SMALL <= abs(value) < LARGE:
        return f"{float(f'{value:.{digits}g}'):.12g}"
    mantissa, _, power = f"{value:.{max(digits - 2, 0)}e}".partition("e")
    return f"{mantissa}e{int(power)}" if power else mantissa  # inf and nan have none


def latex(value: float) -> str:
    """Three significant digits as LaTeX; powers of ten where they are needed."""
    if not math.isfinite(value):
        return r"-\infty" if value < 0 else r"\infty"
    mantissa, _, power = f"{value:.3g}".partition("e")
    return rf"{mantissa}\times 10^{{{int(power)}}}" if power else mantissa

"""Writing numbers: rounded half up on the printed decimals, with a true minus sign."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"


def fixed(value: float, decimals: int = 1) -> str:
    """Write a number with a fixed count of decimals and thousands separated.

    Sources print decimal figures, so that 46.05 is halfway between 46.0 and 46.1 and rounds up,
    although the nearest binary number lies a hair below.

    >>> fixed(46.05), fixed(3139.93, 0), fixed(-0.04), fixed(-2.5, 0)
    ('46.1', '3,140', '0.0', '−3')
    """
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(rounded):,f}" if rounded >= 0 or not rounded else f"{MINUS}{-rounded:,f}"


def plain(value: float) -> str:
    """Write a number with the decimals it has.

    >>> plain(192.2), plain(52000.0), plain(-0.021)
    ('192.2', '52,000', '−0.021')
    """
    return f"{value:,.10g}".replace("-", MINUS)


def last_digit(value: float) -> float:
    """Return the size of the last digit that a number needs: 1 for whole numbers.

    >>> last_digit(72.0), last_digit(79.5), last_digit(0.0292)
    (1.0, 0.1, 0.0001)
    """
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(min(int(exponent), 0)))

"""Money is `Decimal` in Python, integer cents in SQL, a string with two decimals in JSON.

Quantities (units, drug amounts) are exact too: integers of thousandths in SQL, because the guides
allow three decimals (837P SV104, CTP04).
"""

from __future__ import annotations

from decimal import Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
# No payer pays more in one amount; sums of thousands of such still fit 64 bits of cents.
LARGEST = Decimal(10) ** 13


def to_cents(amount: Decimal) -> int:
    """Integer cents of an amount; raises ValueError rather than round a fraction of a cent away."""
    cents = amount.scaleb(2)
    if cents != cents.to_integral_value():
        raise ValueError("an amount with a fraction of a cent cannot be kept")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """The amount with two decimals."""
    return Decimal(cents).scaleb(-2)


def to_thousandths(quantity: Decimal) -> int:
    """Integer thousandths of a quantity; raises ValueError where three decimals are not enough."""
    scaled = quantity.scaleb(3)
    if scaled != scaled.to_integral_value():
        raise ValueError("a quantity with more than three decimals cannot be kept")
    return int(scaled)


def from_thousandths(thousandths: int) -> Decimal:
    """The quantity, without zeros that say nothing."""
    return Decimal(thousandths).scaleb(-3).normalize() + 0


def plain(number: Decimal) -> str:
    """One spelling: 100, 100.0 and 100.00 are the same money, and hash the same."""
    text = str(number)
    if "E" in text or len(text) > _DIGITS:  # the context rounds to 28 digits
        return format(number.normalize() + 0, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_DIGITS = 24


def money_text(amount: Decimal) -> str:
    """`"225.50"`, as JSON and people read it."""
    return f"{from_cents(to_cents(amount)):.2f}"

"""
Money in minor units, and the price of a delivery.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import StrEnum

import attrs

from doorstep.errors import FieldProblem, ValidationError
from doorstep.models._checks import (
    each,
    fail,
    instance_of,
    integer,
    optional,
    require,
    to_decimal,
    to_tuple,
)
from doorstep.models._currency import EXPONENTS

_LARGEST = 2**63 - 1
_in_range = integer(-_LARGEST, _LARGEST)
#: Its own, because the thread's may round: exact, or an exception.
_EXACT = Context(prec=24, traps=[InvalidOperation, Inexact])


@attrs.frozen
class Money:
    """
    An amount in the smallest unit of its currency: ``Money(1999, "USD")`` is $19.99.

    Args:
        minor:
            Whole minor units as ISO 4217 defines them: cents for USD, yen for
            JPY, fils for KWD. May be negative (a discount).

        currency:
            ISO 4217 code in capitals, one that has a minor unit.
    """

    minor: int = attrs.field()
    currency: str = attrs.field()

    @minor.validator
    def _whole_minor_units(self, attribute: attrs.Attribute[int], value: object) -> None:
        if type(value) is not int:
            raise fail(
                self, "minor", "must be whole minor units; Money.from_decimal takes major ones"
            )
        _in_range(self, attribute, value)

    @currency.validator
    def _known_currency(self, attribute: attrs.Attribute[str], value: object) -> None:
        good = isinstance(value, str) and value in EXPONENTS
        require(self, "currency", good, "must be an ISO 4217 code in capitals")

    @classmethod
    def from_decimal(cls, amount: Decimal | int | str, currency: str) -> Money:
        """
        Convert an amount in major units exactly: ``from_decimal("19.99", "USD")``.

        Args:
            amount:
                Major units. A float is refused: it cannot hold 19.99. More
                decimal places than the currency has are refused, not rounded.

            currency:
                ISO 4217 code in capitals.

        Raises:
            doorstep.errors.ValidationError:
                The amount is no number, or does not fit the currency.
        """
        if isinstance(amount, bool) or not isinstance(amount, Decimal | int | str):
            raise _bad_amount("must be Decimal, int or text, never float")
        if not isinstance(currency, str) or currency not in EXPONENTS:
            raise _bad_amount("needs an ISO 4217 code in capitals")
        number = to_decimal(amount)
        if not isinstance(number, Decimal) or not number.is_finite():
            raise _bad_amount("is not a number")
        places = EXPONENTS[currency]
        try:
            exact = number.quantize(Decimal((0, (1,), -places)), context=_EXACT)
        except Inexact:
            raise _bad_amount(f"has more decimal places than {currency}") from None
        except InvalidOperation:
            raise _bad_amount("is too large") from None
        return cls(int(exact.scaleb(places, context=_EXACT)), currency)

    @property
    def decimal(self) -> Decimal:
        """
        The amount in major units.
        """
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency], context=_EXACT)

    def __str__(self) -> str:
        return f"{self.decimal:.{EXPONENTS[self.currency]}f} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other).minor

    def _same(self, other: object) -> Money:
        if not isinstance(other, Money):
            msg = f"money goes with money alone (got {type(other).__name__})"
            raise TypeError(msg)
        if other.currency != self.currency:
            raise _bad_amount(f"is in {other.currency}, not in {self.currency}")
        return other


def _bad_amount(problem: str) -> ValidationError:
    return ValidationError("amount is not valid", fields=(FieldProblem("Money", problem),))


def not_negative(instance: object, attribute: attrs.Attribute[Money], value: Money) -> None:
    """
    Refuse an amount below zero.
    """
    instance_of(Money)(instance, attribute, value)
    require(instance, attribute.name, value.minor >= 0, "must not be negative")


class Tax(StrEnum):
    """
    Whether tax is part of a total.
    """

    INCLUDED = "included"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class ComponentKind(StrEnum):
    """
    What a part of a price belongs to.
    """

    FEE = "fee"
    TAX = "tax"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class PriceComponent:
    """
    One part of a price, under the carrier's own name.

    Args:
        kind:
            Whether it is part of what the carrier charges or of the tax.
    """

    raw_name: str = attrs.field(validator=instance_of(str))
    amount: Money = attrs.field(validator=instance_of(Money))
    kind: ComponentKind = attrs.field(
        default=ComponentKind.UNKNOWN, validator=instance_of(ComponentKind)
    )


@attrs.frozen(kw_only=True)
class Price:
    """
    What a delivery costs the shop.

    Args:
        total:
            What the carrier charges.

        tax:
            Whether tax is part of *total*; *tax_amount* is the tax, if told.

        tip_included:
            Whether the courier's tip is part of *total*.

        components:
            Parts as the carrier names them; they need not sum to *total*.
    """

    total: Money = attrs.field(validator=instance_of(Money))
    tax: Tax = attrs.field(default=Tax.UNKNOWN, validator=instance_of(Tax))
    tax_amount: Money | None = attrs.field(default=None, validator=optional(instance_of(Money)))
    tip_included: bool = attrs.field(default=False, validator=instance_of(bool))
    components: tuple[PriceComponent, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(PriceComponent))
    )

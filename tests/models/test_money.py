"""
Money is whole minor units, and every conversion is exact or refused.
"""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from iso4217 import Currency

from doorstep.errors import ValidationError
from doorstep.models import CashOnDelivery, Money, Price, PriceComponent
from doorstep.models._currency import _BY_EXPONENT, EXPONENTS
from doorstep_contracts.strategies import currencies, neutral

#: Codes that came into ISO 4217, or left it, between the oldest and newest library we accept.
CHANGED = {"ANG", "BGN", "CUC", "HRK", "SLL", "XAD", "XCG", "ZWG", "ZWL"}


def library_exponents() -> dict[str, int]:
    """
    What the ``iso4217`` package says of every code with a minor unit.
    """
    found = {one.code.upper(): one.exponent for one in Currency}
    return {code: exponent for code, exponent in found.items() if exponent is not None}


@pytest.mark.parametrize("code", sorted(set(EXPONENTS) & set(library_exponents())))
def test_f107_exponent_agrees_with_iso_4217(code) -> None:
    """
    IQD has 3 places and JPY none, whatever locale data says.
    """
    assert library_exponents()[code] == EXPONENTS[code]


def test_f107_currencies_are_those_of_iso_4217() -> None:
    """
    No code is missing or invented, but for those that came and went lately.
    """
    assert set() == (set(EXPONENTS) ^ set(library_exponents())) - CHANGED


def test_f107_no_currency_is_listed_twice() -> None:
    """
    Of two exponents for one code the later would win unseen.
    """
    listed = [code for codes in _BY_EXPONENT.values() for code in codes.split()]

    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("19.99", "USD", 1999),
        ("19.9", "USD", 1990),
        (19, "USD", 1900),
        (Decimal("8.17"), "SGD", 817),
        ("-0", "EUR", 0),
        ("-3.50", "EUR", -350),
        ("+1", "EUR", 100),
        ("100.00", "JPY", 100),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        ("1E+3", "JPY", 1000),
        ("92233720368547758.07", "USD", 2**63 - 1),
    ],
)
def test_f106_from_decimal_converts_exactly(amount, currency, minor) -> None:
    """
    Major units become minor ones by the currency's own exponent.
    """
    assert Money(minor, currency) == Money.from_decimal(amount, currency)


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        (19.99, "must be Decimal, int or text, never float"),
        (True, "must be Decimal, int or text, never float"),
        (None, "must be Decimal, int or text, never float"),
        ("19.999", "has more decimal places than USD"),
        (Decimal("1." + "0" * 40 + "1"), "has more decimal places than USD"),
        (Decimal("1E-999999"), "has more decimal places than USD"),
        ("NaN", "is not a number"),
        (Decimal("NaN"), "is not a number"),
        (Decimal("sNaN"), "is not a number"),
        (Decimal("-Infinity"), "is not a number"),
        ("", "is not a number"),
        (" 1 ", "is not a number"),
        ("1_000", "is not a number"),
        ("1,50", "is not a number"),
        ("٣", "is not a number"),
        ("\uff11\uff12", "is not a number"),
        (Decimal("1E+999999"), "is too large"),
        ("1E30", "is too large"),
    ],
)
def test_f106_from_decimal_refuses_what_is_not_exact(amount, problem) -> None:
    """
    Nothing is rounded or guessed, and no error of ``decimal`` escapes.
    """
    with pytest.raises(ValidationError) as caught:
        Money.from_decimal(amount, "USD")

    assert problem == caught.value.fields[0].problem


@pytest.mark.parametrize("currency", ["usd", "XAU", "", None, ["USD"]])
def test_f107_unknown_currency_is_refused(currency) -> None:
    """
    A currency is an ISO 4217 code in capitals, one that can be charged in.
    """
    with pytest.raises(ValidationError):
        Money.from_decimal("1", currency)
    with pytest.raises(ValidationError):
        Money(1, currency)


@pytest.mark.parametrize("minor", [1.0, True, "1", None, Decimal(1), 2**63, -(2**63)])
def test_f106_minor_must_be_a_whole_number(minor) -> None:
    """
    Minor units are an int of 64 bits, never a float or a bool.
    """
    with pytest.raises(ValidationError):
        Money(minor, "USD")


@pytest.mark.parametrize("minor", [19.99, 20.0, "19.99", Decimal("19.99"), True])
def test_f106_major_units_are_pointed_to_from_decimal(minor) -> None:
    """
    Who gives dollars where cents belong is told which way takes dollars.
    """
    with pytest.raises(ValidationError, match=r"whole minor units; Money\.from_decimal takes"):
        Money(minor, "USD")


@given(value=neutral(Money), precision=st.integers(1, 40))
@example(Money(2**63 - 1, "CLF"), 1)
def test_decimal_round_trip_is_exact_in_any_context(value, precision) -> None:
    """
    The thread's decimal context, which may round to three digits, changes nothing.
    """
    with decimal.localcontext() as context:
        context.prec = precision
        context.traps[decimal.Inexact] = True

        assert value == Money.from_decimal(value.decimal, value.currency)
        assert value == Money.from_decimal(str(value).split()[0], value.currency)


@given(a=st.integers(-(10**9), 10**9), b=st.integers(-(10**9), 10**9), currency=currencies())
def test_arithmetic_and_order_are_those_of_minor_units(a, b, currency) -> None:
    """
    Sums, differences and comparisons within one currency are exact.
    """
    one, other = Money(a, currency), Money(b, currency)

    assert Money(a + b, currency) == one + other
    assert Money(a - b, currency) == one - other
    assert (a < b, a <= b, a > b, a >= b) == (one < other, one <= other, one > other, one >= other)


@pytest.mark.parametrize(
    "operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"]
)
def test_two_currencies_never_mix(operation) -> None:
    """
    Yen are neither added to dollars nor compared with them; neither are numbers.
    """
    with pytest.raises(ValidationError, match="is in JPY, not in USD"):
        getattr(Money(1, "USD"), operation)(Money(1, "JPY"))
    with pytest.raises(TypeError, match="money goes with money alone"):
        getattr(Money(1, "USD"), operation)(1)


def test_f106_sum_beyond_64_bits_is_refused() -> None:
    """
    An amount that no database column holds is refused, not wrapped.
    """
    with pytest.raises(ValidationError):
        Money(2**63 - 1, "USD") + Money(1, "USD")


def test_f107_str_has_the_places_of_the_currency() -> None:
    """
    ``str()`` is for people and has neither more nor fewer places than the money.
    """
    shown = [str(Money(1234, code)) for code in ("JPY", "USD", "KWD", "CLF")]

    assert ["1234 JPY", "12.34 USD", "1.234 KWD", "0.1234 CLF"] == shown


def test_f106_amounts_to_collect_are_not_negative() -> None:
    """
    A courier collects no negative cash.
    """
    with pytest.raises(ValidationError, match="must not be negative"):
        CashOnDelivery(collect=Money(-1, "USD"))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Price, {"total": 5}),
        (Price, {"total": Money(1, "USD"), "components": [5]}),
        (PriceComponent, {"raw_name": 5, "amount": Money(1, "USD")}),
        (PriceComponent, {"raw_name": "fee", "amount": 5}),
        (CashOnDelivery, {"collect": None}),
    ],
)
def test_price_takes_money_alone(kind, fields) -> None:
    """
    A number without a currency is no price.
    """
    with pytest.raises(ValidationError):
        kind(**fields)

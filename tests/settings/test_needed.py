"""
Settings that are needed only where others are not given.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep.errors import FieldProblem, SettingsError, ValidationError
from doorstep.secret import Secret
from doorstep.settings import accounts, load, needed_unless

_BESIDE = needed_unless("token", "token_of_test")


@attrs.frozen(kw_only=True)
class Either:
    """
    A key in two parts, or a token.
    """

    key_id: str | None = attrs.field(default=None, metadata=_BESIDE)
    key: Secret | None = attrs.field(default=None, metadata=_BESIDE)
    token: Secret | None = None
    token_of_test: str | None = None
    market: str = "de"

    def __attrs_post_init__(self):
        if self.market == "both":
            problem = "must be given with a token"
            raise ValidationError("no", fields=(FieldProblem("market", problem),))
        if self.market == "odd":
            raise ValidationError("no", fields=(FieldProblem("elsewhere", "must be even"),))


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ("key_id", "key")),
        ({"market": "fr"}, ("key_id", "key")),
        ({"key_id": "k1"}, ("key",)),
        ({"key": "k"}, ("key_id",)),
        ({"key_id": "k1", "token": "t"}, ("key",)),
        ({"key": "k", "token_of_test": "t"}, ("key_id",)),
    ],
)
def test_what_nothing_stands_in_for_is_missing(given, missing):
    """
    With neither, all are missing and named with their variables; with a part, the rest is.
    """
    with pytest.raises(SettingsError) as caught:
        load(Either, "acme", keywords=given, environ={})

    assert missing == caught.value.params["missing"]
    for name in missing:
        assert f"{name} is missing (DOORSTEP_ACME_{name.upper()})" in str(caught.value)


@pytest.mark.parametrize(
    "given", [{"token": "t"}, {"token_of_test": "t"}, {"key_id": "k1", "key": "k"}]
)
def test_one_of_both_is_enough(given):
    """
    Wherever it comes from: the environment counts as keywords do.
    """
    environ = {f"DOORSTEP_ACME_{name.upper()}": value for name, value in given.items()}

    assert load(Either, "acme", keywords=given, environ={}) == load(Either, "acme", environ=environ)


@pytest.mark.parametrize(
    ("shared", "found"),
    [
        ('market = "fr"', ("downtown",)),
        ('key_id = "k1"', ("downtown",)),
        ('key_id = "k1"\nkey = "k"', ("default", "downtown")),
        ('token = "t"', ("default", "downtown")),
    ],
)
def test_shared_fields_are_an_account_where_they_are_enough(toml, shared, found):
    """
    No account is listed that lacks both; one of them makes it whole.
    """
    path = toml(f'[acme]\n{shared}\n[acme.accounts.downtown]\nkey_id = "k1"\nkey = "k"\n')

    assert found == accounts("acme", {}, path, kind=Either)


@pytest.mark.parametrize(
    ("market", "wrong"),
    [("both", ("market", "must be given with a token")), ("odd", ("", "must be even"))],
)
def test_rule_of_the_whole_class_names_the_setting(market, wrong):
    """
    What it says of a setting is told of that setting; what is none of them goes unnamed.
    """
    with pytest.raises(SettingsError) as caught:
        load(Either, "acme", keywords={"token": "tt", "market": market}, environ={})

    assert (wrong,) == caught.value.params["wrong"]

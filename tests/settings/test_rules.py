"""
The rules that a settings class has of its own, and how a refusal is told.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep.errors import FieldProblem, SettingsError, ValidationError
from doorstep.secret import Secret
from doorstep.settings import load


def _even(instance, attribute, value):
    if value % 2:
        msg = f"odd {value}"
        raise ValueError(msg)


def _short(instance, attribute, value):
    if len(value) > 3:
        raise ValidationError("no", fields=(FieldProblem("x", "must have 3 letters at most"),))


def _taken(value, self_):
    return value.upper()


@attrs.frozen(kw_only=True)
class Checked:
    count: int = attrs.field(default=2, validator=_even)
    text: str = attrs.field(
        default="A", converter=attrs.Converter(_taken, takes_self=True), validator=_short
    )
    number: int = attrs.field(default="1", converter=int, metadata={})
    _hidden: str = "h"
    derived: str = attrs.field(init=False, default="x")

    def __attrs_post_init__(self):
        if self.count == 4 and self.text == "BAD":
            raise RuntimeError(self.text)


class TestOwnRules:
    def test_converters_and_validators_of_the_class_run(self):
        """
        The class has the last word on its values.
        """
        found = load(
            Checked, "acme", environ={"DOORSTEP_ACME_TEXT": "ab", "DOORSTEP_ACME_HIDDEN": "x"}
        )

        assert ("AB", "x") == (found.text, found._hidden)

    def test_every_refused_field_is_named(self):
        """
        A foreign error becomes ours: field and rule, no value, nothing of the original.
        """
        with pytest.raises(SettingsError) as caught:
            load(Checked, "acme", keywords={"count": 7, "text": "toolong"}, environ={})
        error = caught.value

        assert (
            ("count", "is refused by the provider's own rule"),
            ("text", "must have 3 letters at most"),
        ) == error.params["wrong"]
        assert (None, None) == (error.__context__, error.__cause__)

    @pytest.mark.parametrize(
        ("keywords", "told"),
        [
            ({"market": "de"}, "market must be fr"),
            ({"market": "must"}, "market is refused"),
            ({"market": "de", "keys": ("must be f",)}, "market is refused"),
            ({"market": "de", "keys": ("other-key",), "flag": True}, "market must be fr"),
            ({"market": "long"}, "market is refused"),
            ({"market": "lines"}, "market is refused"),
        ],
    )
    def test_rule_is_told_unless_it_quotes_a_value(self, keywords, told):
        """
        A rule helps; one that has a value of these settings in it is kept back.
        """
        with pytest.raises(SettingsError, match=told):
            load(Marketed, "acme", keywords=keywords, environ={})

    def test_rule_of_the_whole_class_is_reported(self):
        """
        Where each field is fine by itself, the combination is named.
        """
        with pytest.raises(SettingsError, match="the combination is refused"):
            load(Checked, "acme", keywords={"count": 4, "text": "bad"}, environ={})


def _french(instance, attribute, value):
    rule = {"long": "x" * 300, "lines": "a\nb"}.get(value, "must be fr")
    raise ValidationError("no", fields=(FieldProblem("market", rule),))


@attrs.frozen(kw_only=True)
class Marketed:
    market: str = attrs.field(validator=_french)
    keys: tuple[Secret, ...] = ()
    flag: bool = False

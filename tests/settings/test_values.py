"""
What a setting may be, and what is said when it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import SettingsError
from doorstep.secret import Secret
from doorstep.settings import accounts, load


class Mode(Enum):
    SANDBOX = "sandbox"
    LIVE = "live"


@attrs.frozen(kw_only=True)
class Everything:
    text: str = "t"
    count: int = 1
    ratio: float = 1.0
    fee: Decimal = Decimal(1)
    flag: bool = False
    mode: Mode = Mode.SANDBOX
    size: Literal["s", "m", 3] = "s"
    markets: frozenset[str] = frozenset()
    keys: tuple[Secret, ...] = ()
    when: int | None = None
    note: str | None = None
    hook: Callable[[], int] | None = None
    pair: tuple[int, str] = (1, "a")
    odd: int | str = 0


def _from_environ(field, value):
    return load(Everything, "acme", environ={f"DOORSTEP_ACME_{field.upper()}": value})


class TestConversion:
    @pytest.mark.parametrize(
        ("field", "text", "expected"),
        [
            ("text", "a b", "a b"),
            ("count", "-12", -12),
            ("ratio", "1.5", 1.5),
            ("fee", "0.10", Decimal("0.10")),
            ("flag", "TRUE", True),
            ("flag", "off", False),
            ("mode", "live", Mode.LIVE),
            ("size", "3", 3),
            ("markets", "de, fr", frozenset({"de", "fr"})),
            ("markets", "", frozenset()),
            ("keys", "a,b", (Secret("a"), Secret("b"))),
            ("when", "7", 7),
            ("note", "n", "n"),
        ],
    )
    def test_text_of_the_environment_becomes_the_declared_type(self, field, text, expected):
        """
        Variables are text; the class says what they mean.
        """
        assert expected == getattr(_from_environ(field, text), field)

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("text", ""),
            ("text", " a"),
            ("text", "a\n"),
            ("text", "a\nb"),
            ("text", "a\x00b"),
            ("text", "a\u202eb"),
            ("count", "1.0"),
            ("count", "1_000"),
            ("count", "٣"),
            ("count", "9" * 19),
            ("ratio", "inf"),
            ("ratio", "nan"),
            ("fee", "1e9"),
            ("fee", "NaN"),
            ("flag", "2"),
            ("flag", ""),
            ("mode", "LIVE"),
            ("size", "xl"),
            ("markets", "de,,fr"),
            ("when", "none"),
            ("hook", "print"),
            ("pair", "1,a"),
            ("odd", "1"),
        ],
    )
    def test_text_that_does_not_fit_is_refused(self, field, text):
        """
        Nothing is guessed, and the variable is named.
        """
        with pytest.raises(SettingsError, match=rf"{field} \(DOORSTEP_ACME_{field.upper()}\) "):
            _from_environ(field, text)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("text", 1),
            ("text", None),
            ("text", b"x"),
            ("count", True),
            ("count", "1"),
            ("count", 1.0),
            ("fee", 0.1),
            ("fee", True),
            ("fee", Decimal("Infinity")),
            ("ratio", float("nan")),
            ("flag", 1),
            ("flag", "true"),
            ("mode", "other"),
            ("size", "3"),
            ("size", 3.0),
            ("markets", "de"),
            ("markets", [1]),
            ("keys", [1]),
        ],
    )
    def test_keyword_of_another_type_is_refused(self, field, value):
        """
        Keywords and TOML have types of their own, which must be the declared ones.
        """
        with pytest.raises(SettingsError, match=rf"{field} \(keyword {field}\) "):
            load(Everything, "acme", keywords={field: value}, environ={})

    def test_keywords_of_the_declared_types_are_taken(self):
        """
        Members, secrets, collections and objects pass as they are.
        """
        keywords: dict[str, Any] = {
            "mode": Mode.LIVE,
            "size": 3,
            "ratio": 2,
            "markets": ["de"],
            "keys": (Secret("a"), "b"),
            "when": None,
            "hook": len,
            "pair": (2, "b"),
            "odd": "x",
        }
        found = load(Everything, "acme", keywords=keywords, environ={})

        assert (Mode.LIVE, 3, 2.0, frozenset({"de"})) == (
            found.mode,
            found.size,
            found.ratio,
            found.markets,
        )
        assert ["a", "b"] == [key.reveal() for key in found.keys]
        assert (None, len, (2, "b"), "x") == (found.when, found.hook, found.pair, found.odd)

    def test_toml_values_keep_their_exact_decimals(self, toml):
        """
        A decimal in the file is not read by way of a float.
        """
        path = toml(
            "[acme]\nfee = 0.10\ncount = 3\nflag = true\nmarkets = ['de']\nratio = 0.5\nmode='live'"
        )
        found = load(Everything, "acme", environ={}, config=path)

        assert "0.10" == str(found.fee)
        assert (3, True, frozenset({"de"}), 0.5) == (
            found.count,
            found.flag,
            found.markets,
            found.ratio,
        )

    def test_copied_key_with_a_line_end_is_told_so(self):
        """
        The commonest mistake with keys is named, not mended silently.
        """
        with pytest.raises(SettingsError, match="white space or a line end, as a copied value may"):
            load(Credentials, "acme", environ={"DOORSTEP_ACME_KEY": "secret\n"})


@attrs.frozen(kw_only=True)
class Credentials:
    key: Secret
    developer: str
    store: str = "s"


class TestProblems:
    def test_everything_missing_is_told_at_once(self, toml):
        """
        All missing fields with the places that were looked in, and the wrong ones too.
        """
        path = toml("[acme]\nstroe = 'x'\n")
        with pytest.raises(SettingsError) as caught:
            load(Credentials, "acme", environ={"DOORSTEP_ACME_STORE": ""}, config=path)
        error = caught.value

        assert (
            "acme: settings of account 'default' cannot be used: "
            f"key is missing (DOORSTEP_ACME_KEY, key in [acme] of {path}); "
            f"developer is missing (DOORSTEP_ACME_DEVELOPER, developer in [acme] of {path}); "
            f"stroe in [acme] of {path} is no setting, did you mean 'store'?; "
            "store (DOORSTEP_ACME_STORE) is empty; leave it out to use the default; "
            "give it by a keyword, the environment, or a file that DOORSTEP_CONFIG names"
        ) == str(error)
        assert ("key", "developer") == error.params["missing"]
        assert ("acme", "default") == (error.provider, error.account)

    def test_unknown_keyword_is_told_with_the_nearest_field(self):
        """
        A misspelt keyword must not fall back to a default.
        """
        with pytest.raises(SettingsError, match="keyword stor is no setting, did you mean 'store'"):
            load(Credentials, "acme", keywords={"key": "k", "developer": "d", "stor": "x"})
        with pytest.raises(SettingsError, match=r"no setting \(there are key, developer, store\)"):
            load(Credentials, "acme", keywords={"key": "k", "developer": "d", "zzz": "x"})

    def test_misspelt_variable_is_pointed_out(self):
        """
        A variable that nearly has the name of what is missing is named.
        """
        environ = {"DOORSTEP_ACME_DEVELOPR": "d", "DOORSTEP_ACME_KEY": "k"}
        with pytest.raises(SettingsError, match="DOORSTEP_ACME_DEVELOPR is set, is it meant"):
            load(Credentials, "acme", environ=environ)

    @pytest.mark.parametrize("content", [None, b"\xff", b"", b"x" * (1 << 21)])
    def test_file_variable_that_cannot_be_read_is_named(self, tmp_path, content):
        """
        The variable is named and the path is not: somebody set it to the key itself.
        """
        path = tmp_path / "canary"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SettingsError, match="DOORSTEP_ACME_KEY_FILE") as caught:
            load(Credentials, "acme", environ={"DOORSTEP_ACME_KEY_FILE": str(path)})

        assert "canary" not in str(caught.value)

    @pytest.mark.parametrize("kind", [int, dict])
    def test_class_that_is_not_attrs_is_refused(self, kind):
        """
        Settings need fields.
        """
        with pytest.raises(SettingsError, match="must be an attrs class"):
            load(kind, "acme", environ={})

    def test_class_whose_annotations_fail_is_refused(self):
        """
        A plugin's mistake is told as one.
        """

        @attrs.frozen
        class Unresolved:
            key: NoSuchType  # noqa: F821

        with pytest.raises(SettingsError, match="annotations of Unresolved cannot be resolved"):
            load(Unresolved, "acme", environ={})

    def test_field_named_accounts_is_refused(self):
        """
        The word has a meaning in the file.
        """
        kind = attrs.make_class("Odd", ["accounts"])
        with pytest.raises(SettingsError, match="has a field 'accounts'"):
            load(kind, "acme", environ={})


NAMES = st.from_regex(r"[a-z0-9]{1,8}([_-][a-z0-9]{1,8}){0,3}", fullmatch=True)
TEXTS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1
).filter(lambda text: text == text.strip())


class TestRoundTrips:
    @given(account=NAMES, key=TEXTS, developer=TEXTS)
    def test_what_is_set_for_an_account_is_what_it_gets(self, account, key, developer):
        """
        Any account name and any printable value pass through the environment unchanged.
        """
        prefix = f"DOORSTEP_ACME__{account.upper().replace('-', '_')}__"
        environ = {f"{prefix}KEY": key, f"{prefix}DEVELOPER": developer}
        found = load(Credentials, "acme", account, environ=environ)

        assert (key, developer) == (found.key.reveal(), found.developer)
        assert (account.replace("-", "_"),) == accounts("acme", environ)

    @given(one=NAMES, two=NAMES)
    def test_accounts_never_share_a_variable(self, one, two):
        """
        What is set for one account is not seen by an account with another name.
        """
        environ = {
            f"DOORSTEP_ACME__{one.upper().replace('-', '_')}__{field}": "x"
            for field in ("KEY", "DEVELOPER")
        }
        if one.replace("-", "_") == two.replace("-", "_"):
            return
        with pytest.raises(SettingsError, match="key is missing"):
            load(Credentials, "acme", two, environ=environ)

    @given(
        count=st.integers(-(10**18) + 1, 10**18 - 1),
        fee=st.decimals(-(10**9), 10**9, places=4),
        flag=st.booleans(),
    )
    def test_numbers_survive_the_environment(self, count, fee, flag):
        """
        What str() writes is read back as it was.
        """
        environ = {
            "DOORSTEP_ACME_COUNT": str(count),
            "DOORSTEP_ACME_FEE": format(fee, "f"),
            "DOORSTEP_ACME_FLAG": str(flag),
        }
        found = load(Everything, "acme", environ=environ)

        assert (count, fee, flag) == (found.count, found.fee, found.flag)

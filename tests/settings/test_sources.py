"""
Where a setting is taken from, and whose it is.
"""

from __future__ import annotations

import os
import warnings

import attrs
import pytest

from doorstep.errors import SettingsError
from doorstep.secret import Secret
from doorstep.settings import InsecureConfigWarning, accounts, allowed_plugins, load


@attrs.frozen(kw_only=True)
class Settings:
    key: Secret
    store: str = "none"


@attrs.frozen(kw_only=True)
class Tricky:
    key: str = "none"
    direct_key: str = "none"
    key_file: str = "none"


class TestPrecedence:
    @pytest.mark.parametrize(
        ("sources", "expected"),
        [
            ({"keyword", "environment", "file"}, "keyword"),
            ({"environment", "file"}, "environment"),
            ({"file"}, "file"),
            (set(), "none"),
        ],
    )
    def test_each_field_comes_from_the_first_source_that_has_it(self, toml, sources, expected):
        """
        Keyword, environment, file, default; field by field, so sources can be mixed.
        """
        path = toml('[acme]\nkey = "k"\n' + ('store = "file"\n' if "file" in sources else ""))
        environ = {"DOORSTEP_ACME_STORE": "environment"} if "environment" in sources else {}
        keywords = {"store": "keyword"} if "keyword" in sources else {}

        found = load(Settings, "acme", keywords=keywords, environ=environ, config=path)

        assert expected == found.store
        assert "k" == found.key.reveal()

    def test_environment_of_the_process_is_read_at_the_call(self, monkeypatch):
        """
        Without *environ* it is that of the process, as it is at that moment.
        """
        monkeypatch.setenv("DOORSTEP_ACME_KEY", "k")

        assert "k" == load(Settings, "acme").key.reveal()

    def test_file_is_named_by_the_environment_or_the_call(self, toml, tmp_path):
        """
        DOORSTEP_CONFIG names the file; the call's own path comes before it.
        """
        path = toml('[acme]\nkey = "k"\n')
        other = tmp_path / "other.toml"
        other.write_text('[acme]\nkey = "other"\n')
        other.chmod(0o600)
        environ = {"DOORSTEP_CONFIG": str(path)}

        assert "k" == load(Settings, "acme", environ=environ).key.reveal()
        assert "other" == load(Settings, "acme", environ=environ, config=other).key.reveal()

    def test_no_file_is_picked_up_from_the_current_directory(self, toml, monkeypatch):
        """
        Whoever can write into the working directory does not set the credentials.
        """
        monkeypatch.chdir(toml('[acme]\nkey = "k"\n').parent)
        with pytest.raises(SettingsError, match="key is missing"):
            load(Settings, "acme", environ={})

    @pytest.mark.parametrize(("content", "expected"), [(b"k", "k"), (b"k\n", "k"), (b"k\r\n", "k")])
    def test_file_variable_reads_the_value_less_one_line_end(self, tmp_path, content, expected):
        """
        Container platforms mount secrets as files; editors end them with a line end.
        """
        path = tmp_path / "key"
        path.write_bytes(content)
        environ = {"DOORSTEP_ACME_KEY_FILE": str(path)}

        assert expected == load(Settings, "acme", environ=environ).key.reveal()

    @pytest.mark.parametrize("content", [b"k\n\n", b"k\n\r\n", b" k"])
    def test_file_variable_with_more_white_space_is_refused(self, tmp_path, content):
        """
        One line end is the editor's; more may belong to the key or not, so nobody guesses.
        """
        path = tmp_path / "key"
        path.write_bytes(content)
        with pytest.raises(SettingsError, match="starts or ends with white space"):
            load(Settings, "acme", environ={"DOORSTEP_ACME_KEY_FILE": str(path)})

    def test_variable_set_twice_is_refused(self, tmp_path):
        """
        Short and long form, value and file: none of them is preferred silently.
        """
        environ = {"DOORSTEP_ACME_KEY": "a", "DOORSTEP_ACME__DEFAULT__KEY": "b"}
        with pytest.raises(SettingsError, match="set twice, by DOORSTEP_ACME_KEY and DOORSTEP_ACM"):
            load(Settings, "acme", environ=environ)
        environ = {"DOORSTEP_ACME_KEY": "a", "DOORSTEP_ACME_KEY_FILE": "/x"}
        with pytest.raises(SettingsError, match="set twice"):
            load(Settings, "acme", environ=environ)


class TestAccounts:
    def test_accounts_have_variables_of_their_own(self):
        """
        Each account reads its own variables; a dash is an underscore there.
        """
        environ = {"DOORSTEP_ACME_KEY": "one", "DOORSTEP_ACME__DOWN_TOWN__KEY": "two"}

        assert "one" == load(Settings, "acme", environ=environ).key.reveal()
        assert "two" == load(Settings, "acme", "down-town", environ=environ).key.reveal()

    def test_account_inherits_no_variable_of_the_default_account(self):
        """
        A second account without credentials has none, rather than the first one's.
        """
        environ = {"DOORSTEP_ACME_KEY": "one", "DOORSTEP_ACME__DOWNTOWN__STORE": "s"}
        with pytest.raises(SettingsError, match=r"missing \(DOORSTEP_ACME__DOWNTOWN__KEY\)"):
            load(Settings, "acme", "downtown", environ=environ)

    def test_account_table_comes_before_the_shared_one(self, toml):
        """
        [acme] is shared; [acme.accounts.downtown] overrides it field by field.
        """
        path = toml('[acme]\nkey = "k"\nstore = "s"\n[acme.accounts.downtown]\nstore = "t"\n')
        found = load(Settings, "acme", "downtown", environ={}, config=path)

        assert ("k", "t") == (found.key.reveal(), found.store)
        assert "s" == load(Settings, "acme", environ={}, config=path).store

    def test_misspelt_account_does_not_run_on_what_is_shared(self, toml):
        """
        A name that nothing is set for is refused, with the accounts that there are.
        """
        path = toml('[acme]\nkey = "k"\n[acme.accounts.downtown]\n')
        with pytest.raises(SettingsError, match=r"\(accounts: 'default', 'downtown'\)"):
            load(Settings, "acme", "downtwon", environ={}, config=path)
        environ = {"DOORSTEP_ACME__UPTOWN__STORE": "u"}

        assert "k" == load(Settings, "acme", "uptown", environ=environ, config=path).key.reveal()
        assert "k" == load(Settings, "acme", "x", keywords={"store": "s"}, config=path).key.reveal()

    @pytest.mark.parametrize(
        "account", ["", "_a", "a_", "a__b", "a b", "a/b", "Default", "a" * 65, "é", "a\n", None]
    )
    def test_account_name_with_two_readings_is_refused(self, account):
        """
        Names are letters and digits with single separators, so no two share a variable.
        """
        with pytest.raises(SettingsError, match="account"):
            load(Settings, "acme", account, keywords={"key": "k"}, environ={})

    def test_accounts_that_look_alike_in_the_environment_are_refused(self, toml):
        """
        down-town and down_town would read each other's variables.
        """
        path = toml('[acme.accounts.down-town]\nkey = "a"\n[acme.accounts.down_town]\nkey = "b"\n')
        with pytest.raises(SettingsError, match="too alike"):
            load(Settings, "acme", "down-town", environ={}, config=path)
        with pytest.raises(SettingsError, match="too alike"):
            accounts("acme", {}, path)

    def test_accounts_lists_what_can_be_found(self, toml):
        """
        Names from the environment and the file, as the file spells them.
        """
        path = toml('[acme]\nkey = "k"\n[acme.accounts.Down-Town]\n')
        environ = {
            "DOORSTEP_ACME__DOWN_TOWN__KEY": "k",
            "DOORSTEP_ACME__UPTOWN__KEY_FILE": "/x",
            "DOORSTEP_ACMELY_KEY": "k",
            "DOORSTEP_ACME__": "k",
            "DOORSTEP_ACME__BAD-__KEY": "k",
            "OTHER": "k",
        }

        assert ("Down-Town", "default", "uptown") == accounts("acme", environ, path)
        assert () == accounts("bolt", environ, path)

    def test_shared_fields_alone_are_no_account(self, toml):
        """
        No account is listed that cannot be connected to: the shared fields lack the key.
        """
        path = toml('[acme]\nstore = "s"\n[acme.accounts.downtown]\nkey = "k"\n')
        with pytest.raises(SettingsError, match=r"\(accounts: 'downtown'\)"):
            load(Settings, "acme", "downtwon", environ={}, config=path)
        with pytest.raises(SettingsError, match="key is missing"):
            load(Settings, "acme", environ={}, config=path)

        assert ("downtown",) == accounts("acme", {}, path)
        assert () == accounts("acme", {}, toml('[acme]\nstore = "s"\n'), kind=Settings)

    def test_shared_fields_that_are_enough_are_the_default_account(self, toml):
        """
        Where nothing is lacking, or the environment adds something, there is a default account.
        """
        whole = toml('[acme]\nkey = "k"\n[acme.accounts.downtown]\nstore = "t"\n')
        environ = {"DOORSTEP_ACME_KEY": "k"}

        assert ("default", "downtown") == accounts("acme", {}, whole, kind=Settings)
        part = toml('[acme]\nstore = "s"\n[acme.accounts.downtown]\nkey = "k"\n')
        assert ("default", "downtown") == accounts("acme", environ, part)


class TestScope:
    def test_f123_settings_of_another_provider_are_never_read(self):
        """
        A provider sees its own variables alone, even where one name begins as another.
        """
        environ = Recorder(
            {
                "DOORSTEP_UBER_KEY": "mine",
                "DOORSTEP_UBER_DIRECT_KEY": "theirs",
                "DOORSTEP_BOLT_KEY": "theirs",
            }
        )
        found = load(Tricky, "uber", environ=environ, others=("uber_direct", "bolt", "uber"))

        assert Tricky(key="mine") == found
        assert ["DOORSTEP_UBER_KEY"] == [one for one in environ.read if one in environ.content]

    def test_f123_contested_variable_belongs_to_the_longer_name(self):
        """
        What the shorter name loses can still be set by the long form.
        """
        environ = {"DOORSTEP_UBER_DIRECT_KEY": "b", "DOORSTEP_UBER__DEFAULT__DIRECT_KEY": "a"}
        others = ("uber_direct",)

        assert "a" == load(Tricky, "uber", environ=environ, others=others).direct_key
        assert "b" == load(Tricky, "uber_direct", environ=environ, others=("uber",)).key
        assert ("default",) == accounts("uber", environ, None, others)
        assert () == accounts("uber", {"DOORSTEP_UBER_DIRECT_KEY": "b"}, None, others)

    def test_field_named_like_a_file_variable_keeps_its_variable(self):
        """
        Where a class has both key and key_file, the variable is the field's.
        """
        environ = {"DOORSTEP_ACME_KEY_FILE": "/path"}

        assert Tricky(key_file="/path") == load(Tricky, "acme", environ=environ)

    def test_f123_tables_of_other_providers_are_ignored(self, toml):
        """
        One file holds many providers; what others have in it is their business.
        """
        path = toml('[acme]\nkey = "k"\n[bolt]\nanything = 1\naccounts = 3\n')

        assert "k" == load(Settings, "acme", environ={}, config=path).key.reveal()


class Recorder(dict):
    """
    An environment that notes which values were read.
    """

    def __init__(self, content):
        super().__init__(content)
        self.content = dict(content)
        self.read = []

    def __getitem__(self, name):
        self.read.append(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.read.append(name)
        return super().get(name, default)


class TestFile:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[acme]\nkey = 'k'\nkey = 'k'\n", r"is not TOML \(line 3\)"),
            ("acme = 3", r"has no table \[acme\]"),
            ("[acme]\naccounts = 3", "are not tables"),
            ("[acme.accounts]\ndowntown = 3", "are not tables"),
            ("[acme.accounts.'a b']", "an account's name has"),
            ("[acme.accounts.DEFAULT]", "must be written 'default'"),
            ("x = " + "[" * 5000, "is not TOML"),
        ],
    )
    def test_file_that_cannot_be_used_is_named(self, toml, text, told):
        """
        The file is named, and the line where there is one.
        """
        path = toml(text)
        with pytest.raises(SettingsError, match=told) as caught:
            load(Settings, "acme", environ={}, config=path)

        assert str(path) in str(caught.value)

    def test_file_that_cannot_be_read_is_named_with_the_reason(self, tmp_path):
        """
        A path that leads nowhere is an error, not an empty file.
        """
        with pytest.raises(SettingsError, match=r"nowhere.toml' cannot be read \(ENOENT\)"):
            load(Settings, "acme", environ={}, config=tmp_path / "nowhere.toml")
        with pytest.raises(SettingsError, match=r"cannot be read \(EISDIR\)"):
            load(Settings, "acme", environ={"DOORSTEP_CONFIG": str(tmp_path)})
        spoilt = tmp_path / "spoilt.toml"
        spoilt.write_bytes(b"\xff\xfe")
        with pytest.raises(SettingsError, match="is not UTF-8"):
            accounts("acme", {}, spoilt)
        with pytest.raises(SettingsError, match="is not UTF-8"):
            allowed_plugins(spoilt, {})
        with pytest.raises(SettingsError, match="is not UTF-8"):
            load(Settings, "acme", environ={}, config=spoilt)

    @pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
    @pytest.mark.parametrize(
        ("mode", "warned"), [(0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1), (0o620, 1)]
    )
    def test_f116_secret_in_a_file_that_others_can_read_warns(self, toml, mode, warned):
        """
        The warning names the file and nothing in it; a safe mode is silent.
        """
        path = toml('[acme]\nkey = "canary"\n', mode)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            load(Settings, "acme", environ={}, config=path)

        assert [InsecureConfigWarning] * warned == [one.category for one in caught]
        assert all(str(path) in str(one.message) for one in caught)
        assert all("canary" not in str(one.message) for one in caught)

    @pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
    def test_readable_file_without_a_secret_does_not_warn(self, toml):
        """
        Only a secret that came from the file is worth a warning.
        """
        path = toml('[acme]\nstore = "s"\n', 0o644)

        assert "s" == load(Settings, "acme", keywords={"key": "k"}, config=path).store


class TestAllowedPlugins:
    def test_list_comes_from_the_environment_before_the_file(self, toml):
        """
        DOORSTEP_PLUGINS replaces the file's list as a whole.
        """
        path = toml('[plugins]\nallow = {acme = "doorstep-acme"}\n')
        environ = {"DOORSTEP_PLUGINS": "bolt = doorstep-bolt, crow=crow"}

        assert {"acme": "doorstep-acme"} == allowed_plugins(path, {})
        assert {"bolt": "doorstep-bolt", "crow": "crow"} == allowed_plugins(path, environ)

    def test_no_list_is_none_and_an_empty_list_is_empty(self, toml):
        """
        An empty list allows nothing; that is not the same as having none.
        """
        assert allowed_plugins(None, {}) is None
        assert allowed_plugins(toml("[plugins]\n"), {}) is None
        assert {} == allowed_plugins(None, {"DOORSTEP_PLUGINS": " "})
        assert {} == allowed_plugins(toml("[plugins]\nallow = {}\n"), {})

    @pytest.mark.parametrize("text", ["acme", "acme=", "=x", "acme=x,,bolt=y", "acme=x,acme=y"])
    def test_list_that_cannot_be_read_is_refused(self, text):
        """
        A list that guards the process is read exactly or not at all.
        """
        with pytest.raises(SettingsError, match="DOORSTEP_PLUGINS"):
            allowed_plugins(None, {"DOORSTEP_PLUGINS": text})

    @pytest.mark.parametrize(
        "text",
        [
            "plugins = 3",
            "[plugins]\nallow = ['acme']",
            "[plugins]\nalow = {}",
            "[plugins]\nallow = {a = 1}",
        ],
    )
    def test_table_that_cannot_be_read_is_refused(self, toml, text):
        """
        A misspelt or misshapen list must not count as none.
        """
        with pytest.raises(SettingsError, match=r"doorstep\.toml"):
            allowed_plugins(toml(text), {})

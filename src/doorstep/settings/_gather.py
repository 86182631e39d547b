"""
Gathering the settings of one account from their sources.

No function here raises: problems are collected and end as one error, and what
the frames hold while they work is opaque.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs

from doorstep.errors import SettingsError
from doorstep.settings._build import build
from doorstep.settings._convert import Given, Wrong, convert, holds_secret
from doorstep.settings._names import DEFAULT, account_problem, accounts_among, variables
from doorstep.settings._needed import needed
from doorstep.settings._sources import Config, Environment

__all__ = ["Gathering", "known_accounts"]

_ADVICE = "give it by a keyword, the environment, or a file that DOORSTEP_CONFIG names"
_RESERVED = "accounts"


class Gathering:
    """
    One call of :func:`~doorstep.settings.load`.

    Attributes:
        exposed:
            The path of the file that a secret came from, if others may read it.
    """

    def __init__(
        self,
        kind: type[Any],
        provider: str,
        account: str,
        environ: Environment,
        others: Collection[str],
    ) -> None:
        self.exposed = ""
        self._kind = kind
        self._provider = provider
        self._account = account
        self._environ = environ
        self._others = others
        self._missing: dict[str, str] = {}
        self._problems: list[tuple[str, str]] = []

    def run(self, keywords: Mapping[str, Given], config: Config | Wrong) -> Any:
        """
        Return the object of the settings class, or the error.
        """
        if isinstance(config, Wrong):
            return self._unusable(config.problem)
        tables = config.accounts(self._provider)
        if isinstance(tables, Wrong):
            return self._unusable(f"the file {config.path!r} {tables.problem}")
        types = _types(self._kind)
        problem = account_problem(self._account) or (types if isinstance(types, str) else None)
        if problem or isinstance(types, str):
            return self._unusable(problem or "")
        in_file = _in_file(config, self._provider, self._account)
        if not keywords and self._account not in tables and self._is_only_shared(in_file):
            known = known_accounts(self._provider, self._environ, config, self._others, self._kind)
            listed = ", ".join(map(repr, known))
            return self._unusable(f"nothing but the shared settings is there (accounts: {listed})")
        self._refuse_unknown(keywords, types)
        self._refuse_unknown(in_file, types)
        return self._finish(self._values(types, keywords, in_file, config))

    def _is_only_shared(self, in_file: Mapping[str, Given]) -> bool:
        # A misspelt account must not act for the shop with the shared credentials.
        if self._account == DEFAULT or not in_file:
            return False
        set_for = accounts_among(self._environ.names(), self._provider, self._others)
        return self._account.lower().replace("-", "_") not in set_for

    def _values(
        self,
        types: Mapping[str, Any],
        keywords: Mapping[str, Given],
        in_file: Mapping[str, Given],
        config: Config,
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        found = {
            name: keywords.get(name) or self._in_environment(name, types) or in_file.get(name)
            for name in types
        }
        wanted = needed(self._kind, {name for name, one in found.items() if one is not None})
        for name, given in found.items():
            if given is None:
                if name in wanted:
                    self._missing[name] = self._places(name, types, config)
                continue
            value = given if isinstance(given, Wrong) else convert(given, types[name])
            if isinstance(value, Wrong):
                source = f" ({given.where})" if isinstance(given, Given) else ""
                self._problems.append((f"{name}{source}", value.problem))
            elif isinstance(given, Given):
                values[name] = value
                if given.file and config.exposed and holds_secret(types[name]):
                    self.exposed = config.path
        return values

    def _in_environment(self, name: str, types: Mapping[str, Any]) -> Given | Wrong | None:
        return self._environ.find(self._variables(name), self._file_variables(name, types))

    def _variables(self, name: str) -> tuple[str, ...]:
        return variables(self._provider, self._account, name, self._others)

    def _file_variables(self, name: str, types: Mapping[str, Any]) -> tuple[str, ...]:
        # A field that is itself called key_file keeps its variable.
        return () if f"{name}_file" in types else self._variables(f"{name}_file")

    def _places(self, name: str, types: Mapping[str, Any], config: Config) -> str:
        variable = self._variables(name)[0]
        places = variable
        if config.path:
            places += f", {name} in {config.place(self._provider, self._account)} of {config.path}"
        mine = {one for field in types for one in self._variables(field)}
        similar = [
            one
            for one in self._environ.names()
            if one not in mine and one.startswith(variable.removesuffix(name.upper()))
        ]
        near = difflib.get_close_matches(variable, similar, 1, 0.85)
        return f"{places}; {near[0]} is set, is it meant?" if near else places

    def _refuse_unknown(self, given: Mapping[str, Given], types: Mapping[str, Any]) -> None:
        for name, one in given.items():
            if name not in types:
                near = difflib.get_close_matches(name, list(types), 1)
                hint = f", did you mean {near[0]!r}?" if near else ""
                known = "" if near else f" (there are {', '.join(types) or 'none'})"
                self._problems.append((one.where, f"is no setting{hint}{known}"))

    def _finish(self, values: dict[str, Any]) -> Any:
        if not self._missing and not self._problems:
            built = build(self._kind, values)
            if not isinstance(built, list):
                return built
            self._problems = built
        parts = [f"{name} is missing ({places})" for name, places in self._missing.items()]
        parts += [f"{name} {problem}".strip() for name, problem in self._problems]
        return self._error("; ".join(parts))

    def _unusable(self, problem: str) -> SettingsError:
        self._problems = [("", problem)]
        return self._error(problem)

    def _error(self, what: str) -> SettingsError:
        named = self._account if account_problem(self._account) is None else "?"
        error = SettingsError(
            f"settings of account {named!r} cannot be used: {what}",
            advice=_ADVICE if self._missing else "correct it",
            provider=self._provider,
            params={
                "account": named,
                "missing": tuple(self._missing),
                "wrong": tuple(self._problems),
            },
        )
        error.account = named
        return error


def known_accounts(
    provider: str,
    environ: Environment,
    config: Config,
    others: Collection[str],
    kind: type[Any] | None = None,
) -> tuple[str, ...]:
    """
    Return the accounts that the environment or the file sets something for.

    What all accounts share is an account of its own, the default one, unless it
    lacks a field: one that *kind* requires or, as long as nobody says which class it
    is, one that each of the other accounts has.
    """
    tables = config.accounts(provider)
    found_tables = tables if isinstance(tables, dict) else {}
    written = list(found_tables)
    shared = config.shared(provider)
    if shared and DEFAULT not in found_tables:
        own = [set(table) for table in found_tables.values()]
        everywhere = set[str]().union(*own).intersection(*own)
        wanted = everywhere if kind is None else needed(kind, shared.keys())
        written += [DEFAULT] if wanted <= shared.keys() else []
    taken = {name.lower().replace("-", "_") for name in written}
    found = accounts_among(environ.names(), provider, others) - taken
    return tuple(sorted(found.union(written)))


def _types(kind: type[Any]) -> dict[str, Any] | str:
    if not attrs.has(kind):
        return f"{kind.__name__} must be an attrs class"
    try:
        hints = typing.get_type_hints(kind)
    except Exception:  # noqa: BLE001  # annotations are code of the plugin
        return f"the annotations of {kind.__name__} cannot be resolved"
    types = {one.alias: hints.get(one.name, Any) for one in attrs.fields(kind) if one.init}
    return f"{kind.__name__} has a field {_RESERVED!r}" if _RESERVED in types else types


def _in_file(config: Config, provider: str, account: str) -> dict[str, Given]:
    tables = config.accounts(provider)
    own = tables.get(account, {}) if isinstance(tables, dict) else {}
    found = _given(config.shared(provider), config.place(provider, DEFAULT), config)
    return found | _given(own, f"[{provider}.accounts.{account}]", config)


def _given(table: Mapping[str, Any], place: str, config: Config) -> dict[str, Given]:
    named: Iterable[tuple[str, Any]] = table.items()
    return {
        name: Given(value, f"{name} in {place} of {config.path}", file=True)
        for name, value in named
    }

"""
What the settings say beside the fields: which accounts, which plugins.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from doorstep.errors import SettingsError
from doorstep.settings._convert import Wrong
from doorstep.settings._gather import known_accounts
from doorstep.settings._names import PLUGINS_VARIABLE
from doorstep.settings._sources import Config, Environment, read_config

__all__ = ["accounts", "allowed_plugins"]


def accounts(
    provider: str,
    environ: Mapping[str, str] | None = None,
    config: str | os.PathLike[str] | None = None,
    others: Collection[str] = (),
    kind: type | None = None,
) -> tuple[str, ...]:
    """
    Return the names of the accounts of *provider* that can be found, sorted.

    Reads names alone, no values. What is only in the environment is in lower case,
    with ``_``. With *others*, variables of those providers are left out.

    Fields that all accounts share are an account of their own, ``default``, unless a
    field is lacking: one that the settings class *kind* requires or, without *kind*,
    one that every other account in the file has.

    Raises:
        doorstep.errors.SettingsError:
            The TOML file cannot be read.

    .. versionadded:: 0.1.0
    """
    variables = Environment(os.environ if environ is None else environ)
    del environ  # a traceback with locals would show it
    read = read_config(config, variables)
    tables = read if isinstance(read, Wrong) else read.accounts(provider)
    if isinstance(tables, Wrong) or isinstance(read, Wrong):
        problem = tables.problem if isinstance(tables, Wrong) else ""
        if isinstance(read, Config):
            problem = f"the file {read.path!r} {problem}"
        del tables
        raise SettingsError(problem, advice="correct it", provider=provider)
    del tables
    return known_accounts(provider, variables, read, others, kind)


def allowed_plugins(
    config: str | os.PathLike[str] | None = None, environ: Mapping[str, str] | None = None
) -> Mapping[str, str] | None:
    """
    Return the allow-list of plugins: distributions by name. None if there is no list.

    ``DOORSTEP_PLUGINS="acme=doorstep-acme,bolt=doorstep-bolt"`` comes before the
    TOML file's ``[plugins] allow = {acme = "doorstep-acme"}``. An empty list allows
    nothing.

    Raises:
        doorstep.errors.SettingsError:
            The list or the file cannot be read.

    .. versionadded:: 0.1.0
    """
    variables = Environment(os.environ if environ is None else environ)
    del environ  # a traceback with locals would show it
    text = variables.plain(PLUGINS_VARIABLE)
    if text is None:
        found, where = _in_file(config, variables)
    else:
        found, where = _in_text(text), PLUGINS_VARIABLE
    del text
    if isinstance(found, Wrong):
        raise SettingsError(f"{where}{found.problem}", advice="correct it")
    return found


def _in_text(text: str) -> dict[str, str] | Wrong:
    found: dict[str, str] = {}
    for part in text.split(",") if text.strip() else ():
        name, separator, distribution = (one.strip() for one in part.partition("="))
        if not name or not separator or not distribution:
            return Wrong(" must read name=distribution, separated by commas")
        if name in found:
            return Wrong(f" names {name!r} twice")
        found[name] = distribution
    return found


def _in_file(
    config: str | os.PathLike[str] | None, variables: Environment
) -> tuple[dict[str, str] | Wrong | None, str]:
    read = read_config(config, variables)
    if isinstance(read, Wrong):
        return read, ""
    table = read.table("plugins")
    if isinstance(table, Wrong):
        return Wrong(f" {table.problem}"), read.path
    unknown = sorted(set(table) - {"allow"})
    if unknown:
        return Wrong(f" has {unknown[0]!r} in [plugins], where only 'allow' may be"), read.path
    allow = table.get("allow")
    if allow is None:
        return None, read.path
    if not isinstance(allow, dict) or not all(type(one) is str for one in allow.values()):
        return Wrong(" must have distributions by name in 'allow' of [plugins]"), read.path
    return dict(allow), read.path

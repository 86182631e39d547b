"""
Settings of one account, field by field, every problem told at once.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar

from doorstep.errors import SettingsError
from doorstep.settings._convert import Given
from doorstep.settings._gather import Gathering
from doorstep.settings._names import DEFAULT
from doorstep.settings._sources import Environment, read_config

__all__ = ["InsecureConfigWarning", "load", "try_load"]

T = TypeVar("T")
_NOTHING: Mapping[str, object] = MappingProxyType({})


class Keywords(Protocol):
    """
    Settings by name: a mapping, or what hides one from those who print locals.
    """

    def items(self) -> Iterable[tuple[str, object]]:
        """
        Return names and values.
        """


class InsecureConfigWarning(UserWarning):
    """
    A file with a secret in it can be read or written by others than its owner.
    """


def load(
    kind: type[T],
    provider: str,
    account: str = DEFAULT,
    *,
    keywords: Mapping[str, object] = _NOTHING,
    environ: Mapping[str, str] | None = None,
    config: str | os.PathLike[str] | None = None,
    others: Collection[str] = (),
) -> T:
    """
    Return the settings of *account* as a *kind*.

    Each field is taken from the first place that has it: *keywords*, then the
    environment, then the TOML file, then the default of the class.

    Args:
        kind:
            An attrs class; its fields are the settings.

        environ:
            What stands for the environment; None is that of the process.

        config:
            The TOML file; None is what ``DOORSTEP_CONFIG`` names, if anything.

        others:
            The names of the other providers, whose variables are not read.

    Raises:
        doorstep.errors.SettingsError:
            Settings are missing, unknown or wrong. All are named, with where they
            were looked for; no value is.

    Warns:
        InsecureConfigWarning:
            A secret came from a file that others may read or write.

    .. versionadded:: 0.1.0
    """
    outcome, exposed = _gathered(kind, provider, account, keywords, environ, config, others)
    del keywords, environ  # a traceback with locals would show them
    _warn(exposed)
    if isinstance(outcome, SettingsError):
        raise outcome
    return outcome


def try_load(
    kind: type[T],
    provider: str,
    account: str = DEFAULT,
    *,
    keywords: Keywords = _NOTHING,
    environ: Mapping[str, str] | None = None,
    config: str | os.PathLike[str] | None = None,
    others: Collection[str] = (),
) -> T | SettingsError:
    """
    Do as :func:`load` does, but return the error.

    For a caller that was given plain credentials: it can forget them before it
    raises, so that no traceback shows them.
    """
    outcome, exposed = _gathered(kind, provider, account, keywords, environ, config, others)
    del keywords, environ  # a traceback with locals would show them
    _warn(exposed)
    return outcome


def _gathered(
    kind: type[T],
    provider: str,
    account: str,
    keywords: Keywords,
    environ: Mapping[str, str] | None,
    config: str | os.PathLike[str] | None,
    others: Collection[str],
) -> tuple[T | SettingsError, str]:
    given = {name: Given(value, f"keyword {name}") for name, value in keywords.items()}
    variables = Environment(os.environ if environ is None else environ)
    del keywords, environ
    gathering = Gathering(kind, provider, account, variables, others)
    return gathering.run(given, read_config(config, variables)), gathering.exposed


def _warn(exposed: str) -> None:
    if exposed:
        message = f"{exposed} holds a secret and others may read or write it; chmod 600"
        warnings.warn(InsecureConfigWarning(message), stacklevel=3)

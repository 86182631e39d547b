"""
How settings are named in the environment.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

__all__ = ["CONFIG_VARIABLE", "DEFAULT", "PLUGINS_VARIABLE", "account_problem", "accounts_among"]
__all__ += ["spelled", "variables"]

CONFIG_VARIABLE = "DOORSTEP_CONFIG"
PLUGINS_VARIABLE = "DOORSTEP_PLUGINS"
#: The account that is meant when none is named.
DEFAULT = "default"

# One separator at a time and none at the ends: every variable has one reading.
_ACCOUNT = re.compile(r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)*")
_LONGEST = 64


def spelled(name: str) -> str:
    """
    Return *name* as it stands in a variable: ``down-town`` is ``DOWN_TOWN``.
    """
    return name.upper().replace("-", "_")


def account_problem(account: object) -> str | None:
    """
    Return what is wrong with the name of an account, or None.
    """
    if type(account) is not str or not _ACCOUNT.fullmatch(account) or len(account) > _LONGEST:
        return "an account's name has 1 to 64 letters and digits, single _ or - between them"
    if spelled(account) == spelled(DEFAULT) and account != DEFAULT:
        return f"the account {account!r} must be written {DEFAULT!r}"
    return None


def variables(provider: str, account: str, field: str, others: Collection[str]) -> tuple[str, ...]:
    """
    Return the variables that may hold *field*.

    The default account has a short form and a long one. The short form is left
    out where it reads as a setting of one of the *others*: ``DOORSTEP_ACME_DIRECT_KEY``
    belongs to ``acme_direct``, whatever fields ``acme`` has.
    """
    long = f"DOORSTEP_{spelled(provider)}__{spelled(account)}__{spelled(field)}"
    if account != DEFAULT or _belongs_to_another(f"{provider}_{field}", provider, others):
        return (long,)
    return (f"DOORSTEP_{spelled(provider)}_{spelled(field)}", long)


def accounts_among(names: Iterable[str], provider: str, others: Collection[str]) -> set[str]:
    """
    Return the accounts of *provider* that the variables *names* set something for.
    """
    prefix = f"DOORSTEP_{spelled(provider)}_"
    found = set()
    for name in names:
        rest = name[len(prefix) :] if name.startswith(prefix) else ""
        if rest.startswith("_"):
            account, separator, field = rest[1:].partition("__")
            if separator and field and account_problem(account.lower()) is None:
                found.add(account.lower())
        elif rest and not _belongs_to_another(f"{provider}_{rest}", provider, others):
            found.add(DEFAULT)
    return found


def _belongs_to_another(name: str, provider: str, others: Collection[str]) -> bool:
    return any(
        len(other) > len(provider) and spelled(name).startswith(f"{spelled(other)}_")
        for other in others
    )

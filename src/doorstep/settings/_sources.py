"""
Where settings come from: the environment, and one TOML file.

Both are held by objects whose repr shows nothing: a traceback with locals would
print every variable of the process.
"""

from __future__ import annotations

import errno
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from doorstep.settings._convert import Given, Wrong
from doorstep.settings._names import CONFIG_VARIABLE, DEFAULT, account_problem, spelled

__all__ = ["Config", "Environment", "read_config"]

_LARGEST = 1 << 20
_POSITION = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")
_OTHERS_MAY_READ_OR_WRITE = 0o066


class Environment:
    """
    The environment of the process, or what stands for it.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def __repr__(self) -> str:
        return "<environment>"

    def names(self) -> Iterable[str]:
        """
        Return the names of all variables.
        """
        return tuple(self._variables)

    def plain(self, variable: str) -> str | None:
        """
        Return a variable that holds no secret.
        """
        return self._variables.get(variable)

    def find(self, variables: Iterable[str], files: Iterable[str]) -> Given | Wrong | None:
        """
        Return the one that is set: of *variables*, or of *files*, which name a file.
        """
        among = dict.fromkeys(variables, False) | dict.fromkeys(files, True)
        is_set = [name for name in among if name in self._variables]
        if len(is_set) > 1:
            return Wrong(f"is set twice, by {' and '.join(is_set)}")
        if not is_set:
            return None
        value = self._variables[is_set[0]]
        if among[is_set[0]]:
            return _from_file(value, is_set[0])
        return Given(value, is_set[0], text=True)


def _from_file(path: str, variable: str) -> Given | Wrong:
    # The path is not told: somebody will set the variable to the secret itself.
    content = _read(path)
    if isinstance(content, Wrong):
        return Wrong(f"is in a file, named by {variable}, that {content.problem}")
    text, _ = content
    for end in ("\r\n", "\n"):
        if text.endswith(end):
            text = text[: -len(end)]
            break
    return Given(text, f"the file that {variable} names", text=True)


def _read(path: str | os.PathLike[str]) -> tuple[str, int] | Wrong:
    try:
        with Path(path).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            return Wrong("is too large")
        return content.decode("utf-8"), mode
    except OSError as error:
        return Wrong(f"cannot be read ({errno.errorcode.get(error.errno or 0, 'no reason')})")
    except UnicodeDecodeError:
        return Wrong("is not UTF-8")
    except ValueError:  # a NUL in the path
        return Wrong("cannot be read (not a path)")


class Config:
    """
    What the TOML file says of one provider; empty without a file.

    Args:
        path:
            The file.

        exposed:
            Whether others than its owner may read or write it.
    """

    def __init__(self, content: dict[str, Any], path: str = "", *, exposed: bool = False) -> None:
        self._content = content
        self.path = path
        self.exposed = exposed

    def __repr__(self) -> str:
        return f"<settings in {self.path or 'no file'}>"

    def table(self, name: str) -> dict[str, Any] | Wrong:
        """
        Return the table *name*, empty if it is not there.
        """
        found = self._content.get(name, {})
        return found if isinstance(found, dict) else Wrong(f"has no table [{name}]")

    def accounts(self, provider: str) -> dict[str, dict[str, Any]] | Wrong:
        """
        Return the tables of the accounts by name.
        """
        table = self.table(provider)
        found = table if isinstance(table, Wrong) else table.get("accounts", {})
        if isinstance(found, Wrong):
            return found
        if not isinstance(found, dict) or not all(isinstance(t, dict) for t in found.values()):
            return Wrong(f"has accounts of {provider!r} that are not tables")
        seen: dict[str, str] = {}
        for name in found:
            problem = account_problem(name)
            if problem:
                return Wrong(f"names an account in [{provider}.accounts] wrongly: {problem}")
            if spelled(name) in seen:
                return Wrong(f"has accounts {seen[spelled(name)]!r} and {name!r}, too alike")
            seen[spelled(name)] = name
        return found

    def shared(self, provider: str) -> dict[str, Any]:
        """
        Return the fields that all accounts share.
        """
        table = self.table(provider)
        if isinstance(table, Wrong):
            return {}
        return {key: value for key, value in table.items() if key != "accounts"}

    def place(self, provider: str, account: str) -> str:
        """
        Return the name of the table that *account* is expected in.
        """
        return f"[{provider}]" if account == DEFAULT else f"[{provider}.accounts.{account}]"


def read_config(config: str | os.PathLike[str] | None, environ: Environment) -> Config | Wrong:
    """
    Read the file *config*, or the one that ``DOORSTEP_CONFIG`` names, if any.

    No file is ever picked up from the current directory by itself.
    """
    named = environ.plain(CONFIG_VARIABLE) if config is None else config
    if named is None:
        return Config({})
    path = os.fspath(named)
    content = _read(path)
    if isinstance(content, Wrong):
        return Wrong(f"the file {path!r} {content.problem}")
    text, mode = content
    try:
        parsed = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        line = _POSITION.search(str(error))
        return Wrong(f"the file {path!r} is not TOML" + (f" (line {line[1]})" if line else ""))
    exposed = os.name == "posix" and bool(mode & _OTHERS_MAY_READ_OR_WRITE)
    return Config(parsed, path, exposed=exposed)

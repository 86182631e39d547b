"""
A new plugin distribution: the toy carrier of this kit under another name.

The toy is complete, its simulator included, and passes the contract; an author makes
it real piece by piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from doorstep.errors import FieldProblem, ValidationError

__all__ = ["new_provider"]

_TEMPLATE = Path(__file__).parent / "template"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST = 40
_SKIPPED = frozenset({"__pycache__", ".pytest_cache", ".hypothesis"})


def new_provider(name: str, folder: Path) -> list[Path]:
    """
    Write the plugin of a carrier into *folder*, which must not exist or be empty.

    Args:
        name:
            The provider's: what shops ask for. Lower-case letters and digits, single
            underscores between them.

    Raises:
        doorstep.errors.ValidationError:
            That is no name, or there is something in the folder. Nothing was written.

    Returns:
        The files.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise _invalid(
            "name", f"must be at most {_LONGEST} lower-case letters, digits and single _"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _invalid("folder", "must not exist yet, or be empty")
    written = []
    for source in _files(_TEMPLATE):
        target = folder / renamed(str(source.relative_to(_TEMPLATE)), name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(renamed(source.read_text(encoding="utf-8"), name), encoding="utf-8")
        written.append(target)
    return written


def renamed(text: str, name: str) -> str:
    """
    Return *text* of the toy with *name* in place of the toy's.
    """
    words = name.split("_")
    capitals = [word.capitalize() for word in words]
    for pattern, new in (
        (r"X-Acme-", f"X-{'-'.join(capitals)}-"),
        (r"x-acme-", f"x-{'-'.join(words)}-"),
        (r"Acme(?=[A-Z]\w)", "".join(capitals)),
        (r"TestAcme\b", "Test" + "".join(capitals)),
        (r"Acme", " ".join(capitals)),
        (r"doorstep-acme|api\.acme", lambda found: found[0].replace("acme", "-".join(words))),
        (r"acme", name),
    ):
        text = re.sub(pattern, new, text)
    return text


def _files(folder: Path) -> Iterator[Path]:
    for each in sorted(folder.rglob("*")):
        if each.is_file() and _SKIPPED.isdisjoint(each.parts) and each.suffix != ".pyc":
            yield each


def _invalid(name: str, rule: str) -> ValidationError:
    return ValidationError("cannot write a new provider", fields=(FieldProblem(name, rule),))

"""
The way in: is everything installed that the command line needs?
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

__all__ = ["main"]

_NEEDED = ("cyclopts", "rich")


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command and return its exit code.

    Args:
        arguments:
            What follows the program's name; that of this process when absent.

    .. versionadded:: 0.1.0
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        advice = "pip install 'doorstep[cli]'"
        print(f"doorstep: {' and '.join(missing)} not installed; {advice}", file=sys.stderr)
        return 2
    try:
        from doorstep.cli._run import run
    except KeyboardInterrupt:  # nothing has begun yet
        return 130
    return run(list(sys.argv[1:] if arguments is None else arguments))

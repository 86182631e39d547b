"""
The command line: ``doorstep``.

Needs the extra ``cli``. The result of a command goes to stdout and nothing else
does; what went wrong, and notes, go to stderr. Exit codes are listed by
``doorstep --help``.
"""

from doorstep.cli._main import main

__all__ = ["main"]

"""
``doorstep new-provider``: a plugin for a carrier, green from its first minute.
"""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

# Parts of the command line that are not public: the two distributions are released together.
from doorstep.cli._exit import Exit
from doorstep.cli._output import Line, Output
from doorstep_contracts.scaffold import new_provider

__all__ = ["app"]

app = App(name="new-provider", help="Write a plugin for a carrier: a toy that works, to make real.")


@app.default
def write(name: str, /, *, out: Path | None = None) -> int:
    """
    Write a plugin for a carrier: a toy that works, to make real.

    It has a provider, a simulator and tests, and passes the contract. Its README says
    what to change, in which order.

    Args:
        name:
            What shops will ask for, such as acme_express.

        out:
            The folder to write; doorstep-NAME here unless said. It must not exist, or
            be empty.
    """
    folder = out or Path(f"doorstep-{name.replace('_', '-')}")
    written = new_provider(name, folder)
    output = Output()
    for one in written:
        output.show(Line(str(one)))
    output.show(Line(f"now: cd {folder} && pip install -e '.[contract]' && pytest"))
    return Exit.OK

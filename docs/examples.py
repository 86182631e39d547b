"""
Run the examples of README.md and of these pages as tests: ``tox run -e docs-doctest``.

The ``python`` blocks of a page share one namespace. A ``sh`` block must succeed; a
``console`` block must also print what stands below each ``$`` line, where ``...`` stands for
anything. A block that cannot be run is skipped by a comment above it that says why.

A page starts in an empty folder, with a delivery request called ``request``, and with a
DoorDash simulator called ``drive`` whose credentials are in the environment, for the default
account and for the account ``downtown``.
"""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

if TYPE_CHECKING:
    from sybil import Example

    from doorstep.models import DeliveryRequest

__all__ = ["pytest_collect_file"]

_ANYTHING = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_SECONDS = 60


def _new_request() -> DeliveryRequest:
    from doorstep.models import Address, Contact, DeliveryRequest, Item, Money, Stop

    return DeliveryRequest(
        reference="order-118",
        pickup=Stop(
            address=Address(one_line="1000 4th Avenue, Seattle, WA 98104"),
            contact=Contact(business="Burrito Bar", phone="+12065551212"),
        ),
        dropoffs=Stop(
            address=Address(one_line="1201 3rd Avenue, Seattle, WA 98101"),
            contact=Contact(given="Ada", family="Lovelace", phone="+12065551213"),
            items=[Item(name="Burrito", quantity=2)],
        ),
        order_value=Money(2000, "USD"),
    )


def _start(namespace: dict[str, Any]) -> None:
    from doorstep.cli._simulate import environment
    from doorstep_doordash.simulator import DriveOptions, DriveServer

    namespace["_before"] = (dict(os.environ), Path.cwd(), tempfile.mkdtemp())
    drive = DriveServer(DriveOptions(courier_walks=False)).start()
    for name in [name for name in os.environ if name.startswith("DOORSTEP_")]:
        del os.environ[name]
    for name, value in environment("doordash", drive.credentials()).items():
        os.environ[name] = value
        os.environ[name.replace("DOORDASH_", "DOORDASH__DOWNTOWN__")] = value
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ["COLUMNS"] = "80"
    os.chdir(namespace["_before"][2])
    namespace.update(request=_new_request(), drive=drive)


def _stop(namespace: dict[str, Any]) -> None:
    environ, folder, own_folder = namespace["_before"]
    namespace["drive"].stop()
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    shutil.rmtree(own_folder)


def _run(command: str, *, may_fail: bool = False) -> str:
    done = subprocess.run(  # noqa: S603  the pages are ours
        ["bash", "-c", command],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode and not may_fail:
        msg = f"{command}\nended with {done.returncode}:\n{done.stdout}{done.stderr}"
        raise AssertionError(msg)
    return done.stdout + done.stderr


def _run_script(example: Example) -> None:
    _run(f"set -euo pipefail\n{example.parsed}")


def _run_session(example: Example) -> str | None:
    for command, expected in _steps(str(example.parsed)):
        printed = _run(command, may_fail=True)
        if not doctest.OutputChecker().check_output(expected, printed, _ANYTHING):
            return f"$ {command}\nExpected:\n{expected}\nGot:\n{printed}"
    return None


def _steps(session: str) -> Iterator[tuple[str, str]]:
    """
    Yield each command, lines continued by a backslash joined, with what it should print.
    """
    for step in ("\n" + session).split("\n$ ")[1:]:
        lines = step.splitlines()
        length = next(i for i, line in enumerate(lines) if not line.endswith("\\")) + 1
        yield "\n".join(lines[:length]), "\n".join(lines[length:]).strip("\n") + "\n"


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser("sh", _run_script),
        CodeBlockParser("console", _run_session),
        SkipParser(),
    ],
    path=str(Path(__file__).parent.parent),
    patterns=["*.md"],
    setup=_start,
    teardown=_stop,
).pytest()

"""
Break the driver on purpose, one promise at a time, and see that a test fails each time.

Each breakage is one edit of a copy of the sources; the tests beside it must notice.
Prints a table and exits with 1 if any breakage goes unnoticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("src", "contracts/src", "plugins/doordash/src")


class Edit(NamedTuple):
    """
    One edit of one file.
    """

    file: str
    old: str
    new: str


class Breakage(NamedTuple):
    """
    A promise to break, how, and which tests guard it.
    """

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


#: What breaks a lock or a deadline may wait for ever.
_LIMIT_S = 60
HTTP = "src/doorstep/http/"

BREAKAGES = (
    Breakage(
        "retry a request that books",
        (
            Edit(
                f"{HTTP}_repeat.py",
                "if request.repeat is Repeat.NEVER or repeats",
                "if repeats",
            ),
        ),
        ("tests/http/test_repeat.py", "tests/faults/test_statuses.py"),
    ),
    Breakage(
        "follow a redirect",
        (
            Edit(
                f"{HTTP}_exchange.py",
                "        call.end(sent=True, once=once)\n",
                "        if response.status in {301, 302, 303, 307, 308}:\n"
                "            there = response.headers['location']\n"
                "            response = session.transport.send(request, there, call)\n"
                "        call.end(sent=True, once=once)\n",
            ),
        ),
        ("tests/faults/network/test_lost.py",),
    ),
    Breakage(
        "drop the cap of a body",
        (
            Edit(f"{HTTP}_body.py", "length > cap", "length < 0"),
            Edit(f"{HTTP}_body.py", "raw.read(cap + 1)", "raw.read()"),
            Edit(f"{HTTP}_body.py", "len(body) > cap", "len(body) < 0"),
            Edit(f"{HTTP}_body.py", "room = cap + 1", "room = 1 << 40"),
        ),
        ("tests/http/test_caps.py",),
    ),
    Breakage(
        "believe a truncated body",
        (
            Edit(f"{HTTP}_body.py", "length != len(body)", "length < 0"),
            Edit(f"{HTTP}_body.py", "if not member.eof:", "if member is None:"),
        ),
        ("tests/http/test_answers.py",),
    ),
    Breakage(
        "take any 200 for success",
        (
            Edit(
                f"{HTTP}_ending.py",
                "    if isinstance(error, OutcomeUnknownError) or",
                '    if getattr(error, "http_status", None) == 200:\n'
                "        error.booked = Outcome.CREATED\n"
                "    if isinstance(error, OutcomeUnknownError) or",
            ),
        ),
        ("plugins/doordash/tests/faults/test_booking_answers.py",),
    ),
    Breakage(
        "leave the token in a repr",
        (
            Edit(
                "src/doorstep/secret.py",
                'def __repr__(self) -> str:\n        return "<Secret>"',
                "def __repr__(self) -> str:\n        return self.__value",
            ),
        ),
        ("tests/test_secret.py", "tests/http/test_secrets.py"),
    ),
    Breakage(
        "ignore the deadline while a body comes",
        (
            Edit(
                f"{HTTP}_pool.py",
                "        raw = self.receive()\n",
                "        raw = self.receive()\n        self.call.detach()\n",
            ),
        ),
        ("tests/http/test_deadline.py",),
    ),
    Breakage(
        "use connections of the parent after a fork",
        (
            Edit(
                f"{HTTP}_fork.py",
                "    for value in list(_alive):\n        value.after_fork()",
                "    return",
            ),
        ),
        ("tests/http/test_pool.py", "tests/faults/network"),
    ),
    Breakage(
        "trust an answer about another delivery",
        (
            Edit(
                "plugins/doordash/src/doorstep_doordash/_mapping.py",
                "if answer.external_delivery_id != delivery:",
                "if answer.external_delivery_id is None:",
            ),
        ),
        ("plugins/doordash/tests/faults/test_booking_answers.py",),
    ),
    Breakage(
        "swallow a cancellation",
        (
            Edit(
                f"{HTTP}_async.py",
                "            _attach(cancelled, call, waiter)\n            raise\n",
                "            _attach(cancelled, call, waiter)\n"
                "            return None  # type: ignore[return-value]\n",
            ),
        ),
        ("tests/http/test_cancel.py",),
    ),
)


def main() -> int:
    """
    Try every breakage and return the exit code.
    """
    print(f"| {'Breakage':42} | First test that noticed |\n| {'-' * 42} | --- |", flush=True)
    unnoticed = 0
    for breakage in BREAKAGES:
        with tempfile.TemporaryDirectory() as folder:
            noticed = _noticed(breakage, Path(folder))
        unnoticed += noticed is None
        print(f"| {breakage.name:42} | {noticed or '**none**'} |", flush=True)
    return 1 if unnoticed else 0


def _noticed(breakage: Breakage, copy: Path) -> str | None:
    """
    Return the first test that fails with *breakage* applied to a copy below *copy*.
    """
    for source in SOURCES:
        shutil.copytree(ROOT / source, copy / source)
    for edit in breakage.edits:
        path = copy / edit.file
        text = path.read_text(encoding="utf-8")
        if edit.old not in text:
            msg = f"{breakage.name}: {edit.file} has no {edit.old!r} any more"
            raise SystemExit(msg)
        path.write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-v", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, *breakage.tests],
            cwd=ROOT,
            # Before the installed ones, so that the copy is what the tests import.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(str(copy / one) for one in SOURCES)},
            capture_output=True,
            text=True,
            check=False,
            timeout=_LIMIT_S,
        )
    except subprocess.TimeoutExpired as late:
        last = (late.stdout or b"").decode().rstrip().splitlines()[-1]
        return f"{last.partition(' ')[0]} (hangs)"
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    if not failed and done.returncode != 0:
        raise SystemExit(f"{breakage.name}: the tests did not run\n{done.stdout}{done.stderr}")
    return failed[0].removeprefix("FAILED ").partition(" - ")[0] if failed else None


if __name__ == "__main__":
    raise SystemExit(main())

"""
The command as a process: signals, pipes, terminals, and what it imports.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from doorstep import from_json
from doorstep.cli._exit import Exit
from doorstep.models import Delivery

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")
BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])


def read_terminal(master: int) -> str:
    """
    Return everything that was printed on a terminal, once nobody has it open any more.
    """
    chunks: list[bytes] = []
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # how Linux says that the other end is closed
            chunk = b""
        if not chunk:
            os.close(master)
            return b"".join(chunks).decode()
        chunks.append(chunk)


@pytest.fixture(name="on_terminal")
def _on_terminal(start):
    """
    Run a command on a terminal of its own.
    """

    def run(*words: str, **env: str) -> tuple[int, str]:
        master, slave = os.openpty()
        given = {"NO_COLOR": "", "COLUMNS": "100", "TERM": "xterm-256color", **env}
        process = start(*words, stdin=slave, stdout=slave, stderr=slave, env=given)
        os.close(slave)
        shown = read_terminal(master)
        return process.wait(30), shown

    return run


@BOTH
def test_f091_interrupted_watch_ends_cleanly(start, shell, options, server, number):
    """
    Ctrl-C and SIGTERM end a watch with 130, without a traceback.
    """
    server.options = type(server.options)(walks=False)
    booked = str(from_json(shell("dispatch", "acme", *options, "--json").out, Delivery).id)
    process = start("track", booked, "--watch", "--every", "60")
    first = process.stdout.readline()
    process.send_signal(number)
    _, err = process.communicate(timeout=30)

    assert "  pending" in first
    assert (Exit.INTERRUPTED, "") == (process.returncode, err)


@BOTH
def test_f091_interrupted_booking_is_an_unknown_outcome(start, options, server, number):
    """
    An interrupt while a booking is under way ends with 5 and says what to look up.
    """
    server.release.clear()
    process = start("dispatch", "acme", *options)
    assert server.holding.wait(30)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)

    assert (Exit.UNKNOWN, "") == (process.returncode, out)
    assert "look up reference 'order-118' first" in err
    assert "booked: unknown; retry: look_up_first; code: interrupted" in err
    assert "Traceback" not in err


def test_f091_interrupted_booking_is_told_in_json(start, options, server):
    """
    Programs are told the same.
    """
    server.release.clear()
    process = start("dispatch", "acme", *options, "--json")
    assert server.holding.wait(30)
    process.send_signal(signal.SIGINT)
    error = json.loads(process.communicate(timeout=30)[1])["error"]

    assert ("interrupted", "unknown") == (error["code"], error["booked"])


def test_f091_interrupted_quote_is_just_interrupted(start, options, server):
    """
    A quote books nothing, however it ends.
    """
    server.release.clear()
    process = start("quote", "acme", *options)
    assert server.holding.wait(30)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)

    assert Exit.INTERRUPTED == process.returncode


@pytest.mark.parametrize("words", [["--help"], ["providers"], ["capabilities", "acme"]])
def test_closed_pipe_is_no_complaint(start, words):
    """
    ``doorstep ... | head -0`` says nothing, and ends as other programs do.
    """
    read, write = os.pipe()
    os.close(read)
    process = start(*words, stdout=write)
    os.close(write)
    _, err = process.communicate(timeout=30)

    assert (Exit.PIPE, "") == (process.returncode, err)


def test_delivery_into_a_closed_pipe_is_not_lost(start, options, server):
    """
    If nobody reads the result of a dispatch, stderr tells the delivery and the code is 5.
    """
    read, write = os.pipe()
    os.close(read)
    process = start("dispatch", "acme", *options, stdout=write)
    os.close(write)
    _, err = process.communicate(timeout=30)

    assert Exit.UNKNOWN == process.returncode
    assert err.endswith("delivery: acme/default/order-118~1\n")
    assert 1 == len(server.carrier().deliveries)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk of Linux")
@pytest.mark.parametrize("words", [["providers"], ["simulate", "acme"], ["capabilities", "acme"]])
def test_full_disk_is_nobodys_bug(start, words):
    """
    What cannot be printed is told in one line, which asks nobody for a report.
    """
    with Path("/dev/full").open("w") as full:
        process = start(*words, stdout=full)
        _, err = process.communicate(timeout=30)

    assert 1 == process.returncode
    assert "could not be printed (No space left on device)" in err
    assert 1 == err.count("\n")
    assert "report" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk of Linux")
@pytest.mark.parametrize(("command", "code"), [("providers", 1), ("dispatch", Exit.UNKNOWN)])
def test_full_disk_is_told_and_loses_no_delivery(start, options, command, code):
    """
    What cannot be written is an error; what was booked is told on stderr.
    """
    given = ["acme", *options] if command == "dispatch" else []
    with Path("/dev/full").open("w") as full:
        process = start(command, *given, stdout=full)
        _, err = process.communicate(timeout=30)

    assert code == process.returncode
    assert "No space left on device" in err
    assert ("delivery: acme/default/order-118~1" in err) == (command == "dispatch")


def test_stderr_that_is_closed_keeps_the_code(start, options):
    """
    Where nobody hears the error, the code still tells it.
    """
    read, write = os.pipe()
    os.close(read)
    process = start("dispatch", "acme", *options, "--max-fee=1.00 USD", stderr=write)
    os.close(write)
    process.communicate(timeout=30)

    assert Exit.REFUSED == process.returncode


def test_stdout_that_is_closed_is_no_crash(shell):
    """
    Without a stdout there is nowhere to print, and nothing to complain of.
    """
    ran = shell("providers", preexec_fn=lambda: os.close(1), stdout=None)

    assert (Exit.OK, "") == (ran.code, ran.err)


def test_delivery_without_a_stdout_is_not_lost(shell, options):
    """
    What was booked and cannot be printed anywhere is told on stderr, as on a full disk.
    """
    ran = shell("dispatch", "acme", *options, preexec_fn=lambda: os.close(1), stdout=None)

    assert Exit.UNKNOWN == ran.code
    assert "stdout is closed" in ran.err
    assert ran.err.endswith("delivery: acme/default/order-118~1\n")


def test_output_that_the_encoding_lacks_is_escaped(shell, options, server):
    """
    A courier's name in another script does not end a command in a narrow locale.
    """
    from doorstep.models import Courier

    server.courier = Courier(name="Žofie")
    shell("dispatch", "acme", *options)
    narrow = {"PYTHONIOENCODING": "ascii"}
    ran = shell("track", "acme/default/order-118~1", env=narrow)

    assert Exit.OK == ran.code
    assert r"\u017dofie" in ran.out


def test_pipe_gets_neither_colour_nor_boxes(shell):
    """
    Logs hold text: help and tables are plain without a terminal.
    """
    for words in (["--help"], ["quote", "--help"], ["providers"], ["acme", "--help"]):
        ran = shell(*words)

        assert ran.out.isascii()
        assert "\x1b" not in ran.out


def test_terminal_gets_tables(on_terminal):
    """
    On a terminal a table has lines and styles.
    """
    code, shown = on_terminal("providers")

    assert Exit.OK == code
    assert "\x1b[1m" in shown
    assert "─" in shown
    assert "doorstep-acme" in shown


def test_watch_on_a_terminal_shows_that_it_waits(on_terminal, shell, options):
    """
    A passing line tells that it follows and how to end; each change stays above it.
    """
    shell("dispatch", "acme", *options)
    id_ = "acme/default/order-118~1"
    code, shown = on_terminal("track", id_, "--watch", "--every", "0.05")

    assert Exit.OK == code
    assert "following; Ctrl-C ends" in shown
    assert all(f"  {status}  " in shown for status in ("to_pickup", "to_dropoff", "delivered"))


def test_demo_on_a_terminal_ends_where_it_began(on_terminal):
    """
    The cursor is shown again, and the story is whole.
    """
    code, shown = on_terminal("demo", "--fast")

    assert Exit.OK == code
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l")
    assert "Where to go next" in shown


def test_traceback_is_shown_only_when_asked(shell, plugins, tmp_path):
    """
    A bug is one line; DOORSTEP_DEBUG=1 shows where, and never the values.
    """
    (tmp_path / "sitecustomize.py").write_text(
        "import doorstep.settings as s\n"
        "def broken(*a, **k):\n    hidden = 'a local value'\n    raise RuntimeError('boom')\n"
        "s.allowed_plugins = broken\n",
        "utf-8",
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", ""), *sys.path])
    quiet = shell("providers", env={"PYTHONPATH": path})
    loud = shell("providers", env={"PYTHONPATH": path, "DOORSTEP_DEBUG": "1"})

    assert (Exit.BUG, Exit.BUG) == (quiet.code, loud.code)
    assert 1 == quiet.err.count("\n")
    assert quiet.err.startswith("error: unexpected RuntimeError at doorstep.cli.")
    assert "boom" not in quiet.err
    assert "Traceback" in loud.err
    assert "a local value" not in loud.err.replace("hidden = 'a local value'", "")


def test_error_of_a_call_hides_its_traceback(shell, options, server):
    """
    A refused connection is one of our errors, with advice.
    """
    server.stop()
    ran = shell("quote", "acme", *options)

    assert Exit.UNAVAILABLE == ran.code
    assert "Traceback" not in ran.err
    assert "code: carrier_unavailable" in ran.err


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_missing_extra_is_named(environ, missing):
    """
    Without the extra the command says what to install, in one line.
    """
    code = (
        "import sys, importlib.util as u\n"
        "find = u.find_spec\n"
        f"u.find_spec = lambda name: None if name == {missing!r} else find(name)\n"
        "from doorstep.cli import main\n"
        "sys.exit(main(['--help']))"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)

    assert (Exit.USAGE, "") == (ran.returncode, ran.stdout)
    assert f"doorstep: {missing} not installed; pip install 'doorstep[cli]'\n" == ran.stderr


@pytest.mark.parametrize(
    "words", [["--help"], ["quote", "--help"], ["--version"], ["refund", "x", "y"]]
)
def test_help_imports_neither_transport_nor_plugin(environ, words):
    """
    Reading the help is cheap, and runs nobody else's code.
    """
    code = (
        "import sys\nfrom doorstep.cli import main\n"
        f"main({words!r})\n"
        "heavy = {'urllib3', 'pluggy', 'doorstep_acme', 'doorstep.http._pool'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)

    assert "[]" == ran.stderr.splitlines()[-1]


def test_importing_the_package_imports_no_command_line_library(environ):
    """
    ``doorstep.cli`` can be imported where the extra is missing.
    """
    code = "import sys, doorstep.cli; print({'cyclopts', 'rich'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)

    assert "set()\n" == ran.stdout


def test_signals_are_given_back(cli):
    """
    A program that calls ``main`` keeps its own handler of SIGTERM.
    """
    before = signal.getsignal(signal.SIGTERM)
    cli("providers")

    assert before is signal.getsignal(signal.SIGTERM)

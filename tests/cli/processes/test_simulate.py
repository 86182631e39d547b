"""
``doorstep simulate``: a carrier for a shop's own programs.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys

import attrs
import pytest

from doorstep import Secret
from doorstep.cli._exit import Exit
from doorstep.cli._flags import flags_of, options_from

BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])


@BOTH
def test_simulator_runs_until_it_is_told_to_end(start, number):
    """
    One line of JSON at once, then it serves, and both signals end it with 0.
    """
    process = start("simulate", "acme", "--json")
    told = json.loads(process.stdout.readline())
    port = int(told["base_url"].rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), 5).close()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)

    assert (Exit.OK, "") == (process.returncode, out)
    assert "Traceback" not in err
    assert {"name", "base_url", "credentials", "environment"} == set(told)


def test_printed_lines_point_a_shop_at_it(start, tmp_path, options, environ):
    """
    The block is pasted into a shell as it is, and the next command finds the simulator.
    """
    process = start("simulate", "acme", "--api-key", "it's a $key")
    lines = [process.stdout.readline() for _ in range(3)]
    quoted = " ".join(f"'{option}'" for option in options)
    script = "".join(lines) + f"{sys.executable} -m doorstep.cli quote acme {quoted}"
    clean = {name: value for name, value in environ.items() if "ACME" not in name}
    command = ["/bin/sh", "-c", script + '; printf %s "$DOORSTEP_ACME_API_KEY"']
    ran = subprocess.run(command, capture_output=True, text=True, env=clean, check=False)

    assert lines[0].startswith("# acme is simulated at http://127.0.0.1:")
    assert "" == ran.stderr
    assert "9.75 USD" in ran.stdout
    assert ran.stdout.endswith("it's a $key")


def test_options_of_the_simulator_are_flags(cli):
    """
    The help shows them with the words of their class; what no flag can hold is left out.
    """
    ran = cli("simulate", "acme", "--help")

    assert "--api-key STR: The key that it accepts." in ran.out
    assert "--walks, --no-walks: Whether the courier moves." in ran.out
    assert "--clock" not in ran.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port=-1"], "--port must be a whole number 0 to 65535"),
        (["--port=99999"], "--port must be a whole number 0 to 65535"),
        (["--start=2026-11-22T18:30:00"], "--start needs an offset"),
        (["--no-walks", "--speed=-3"], "--speed is wrong: must be 0 or more"),
        (["--no-walks", "--pace=-3"], "--pace is wrong: 'pace' must be >= 0: -3"),
        (["--port=x"], 'unable to convert "x" into int'),
        (["--colour=red"], "Unknown option: --colour"),
    ],
)
def test_wrong_option_is_usage(cli, words, message):
    """
    The simulator's own rules for its options are told.
    """
    ran = cli("simulate", "acme", *words)

    assert Exit.USAGE == ran.code
    assert message in ran.err


def test_taken_port_is_told(cli, server):
    """
    Two simulators cannot share a port.
    """
    port = server.base_url.rpartition(":")[2]
    ran = cli("simulate", "acme", "--port", port)

    assert Exit.USAGE == ran.code
    assert "cannot listen (Address already in use)" in ran.err


@pytest.mark.parametrize(
    ("words", "code"),
    [(["simulate"], Exit.USAGE), (["simulate", "nobody"], Exit.PLUGIN)],
)
def test_simulator_that_is_not_there_is_told(cli, words, code):
    """
    No name is usage; a name without a simulator is a problem of the installation.
    """
    assert code == cli(*words).code


def test_json_may_stand_before_the_name(start):
    """
    Options go anywhere.
    """
    process = start("simulate", "--json", "acme")
    told = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGTERM)

    assert "acme" == told["name"]
    assert Exit.OK == process.wait(30)


@attrs.frozen(kw_only=True)
class Options:
    """
    Every kind of option.
    """

    needed: int
    secret: Secret | None = None
    maybe: float | None = 1.5
    on: bool = True
    either: int | str = 1
    hidden: object = attrs.field(default=None, init=False)


def test_flags_are_the_fields_that_a_flag_can_hold():
    """
    Required stays required; unions of types and what is not given to the class are no flags.
    """
    fields = {field.name: field for field in attrs.fields(flags_of(Options))}

    assert ["needed", "secret", "maybe", "on"] == list(fields)
    assert [True, False, False, False] == [
        field.default is attrs.NOTHING for field in fields.values()
    ]


def test_options_keep_their_own_defaults():
    """
    What is not given is for the class to say, and a secret is wrapped.
    """
    read = options_from(Options, {"needed": 1, "secret": "s", "maybe": None, "on": None})

    assert (1, 1.5, True, "s") == (
        read.needed,
        read.maybe,
        read.on,
        read.secret.reveal(),
    )


def test_simulator_is_stopped_when_the_output_is_gone(start):
    """
    Nobody reads where it listens: it ends instead of serving nobody.
    """
    read, write = os.pipe()
    os.close(read)
    process = start("simulate", "acme", stdout=write)
    os.close(write)
    process.communicate(timeout=30)

    assert Exit.PIPE == process.returncode

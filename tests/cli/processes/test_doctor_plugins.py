"""
``doorstep doctor`` and plugins that misbehave: they hang, raise, or take the process with them.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from doorstep.cli._checkup._plugins import plugin_check
from doorstep.cli._exit import Exit

KEY = "key-of-bolt-that-nobody-may-see"
HANGS = """
import threading
threading.Event().wait()
"""
HANGS_WHEN_ASKED = """
import threading
from doorstep import hookimpl
doorstep_api_version = 1

@hookimpl
def doorstep_register_providers(register):
    threading.Event().wait()
"""
RAISES = f"""
def ask(secret):
    raise RuntimeError(secret)

ask("{KEY}")
"""
LINGERS = """
import threading
threading.Thread(target=threading.Event().wait).start()
doorstep_api_version = 1
print("not the answer")
"""
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def by_name(out: str) -> dict[str, dict]:
    """
    Return what ``--json`` printed, by check and subject.
    """
    lines = [json.loads(line) for line in out.splitlines()]
    return {f"{one['check']} {one['subject']}".strip(): one for one in lines}


def read(reader: int) -> bytes:
    """
    Read what was written; empty once nobody has the other end open.
    """
    assert select.select([reader], [], [], 30)[0]
    return os.read(reader, 100)


@pytest.fixture(name="fifo")
def _fifo(tmp_path):
    """
    Something that other processes can write to by its path, and its reading end.
    """
    path = str(tmp_path / "fifo")
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    yield path, reader
    os.close(reader)


@pytest.fixture(name="bolt")
def _bolt(acme, tmp_path, monkeypatch):
    """
    Install a second plugin with the given source, and allow it.
    """

    def install(source: str) -> Path:
        folder: Path = tmp_path / "bolt"
        acme.write_plugin(folder, "bolt", source)
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.setenv("DOORSTEP_PLUGINS", "acme=doorstep-acme,bolt=doorstep-bolt")
        return folder

    return install


@pytest.mark.parametrize("source", [HANGS, HANGS_WHEN_ASKED], ids=["import", "hook"])
def test_f120_plugin_that_hangs_is_named_by_the_doctor(cli, bolt, source, monkeypatch):
    """
    A plugin that hangs while it is imported, or while it is asked for its provider, is named
    with its version after the time limit, and the other plugins are checked all the same.
    """

    def impatient(name, claims, limit_s):
        return plugin_check(name, claims, 0.3 if name == "bolt" else limit_s)

    bolt(source)
    monkeypatch.setattr("doorstep.cli._checkup._order.plugin_check", impatient)
    ran = cli("doctor", "--time-limit", "60", "--json")
    checks = by_name(ran.out)
    found = checks["plugin bolt"]

    assert Exit.PLUGIN == ran.code
    assert "failed" == found["status"]
    assert "doorstep-bolt 1.2 hangs: it was not imported within 0.3 s" == found["finding"]
    assert "uninstall it" in found["advice"]
    assert "ok" == checks["credentials acme/default"]["status"]
    assert not any("bolt/" in name for name in checks)


@POSIX
def test_f120_plugin_that_hangs_leaves_no_process_behind(cli, bolt, fifo, monkeypatch):
    """
    What a hanging plugin started is ended with it.
    """
    path, reader = fifo

    class Patient(subprocess.Popen):
        """
        Give up as soon as the plugin hangs.
        """

        def communicate(self, *_, timeout):
            assert b"begun" == read(reader)
            raise subprocess.TimeoutExpired(self.args, timeout)

    monkeypatch.setattr("doorstep.cli._checkup._plugins.subprocess.Popen", Patient)
    bolt(
        "import os, subprocess, sys\n"
        f"end = os.open({path!r}, os.O_WRONLY)\n"
        "wait = 'import threading; threading.Event().wait()'\n"
        "subprocess.Popen([sys.executable, '-c', wait], pass_fds=[end])\n"
        "os.write(end, b'begun')\n" + HANGS
    )
    ran = cli("doctor", "bolt")

    assert Exit.PLUGIN == ran.code
    assert b"" == read(reader)  # nobody has the other end open any more


def test_plugin_that_raises_is_named_without_its_words(cli, bolt):
    """
    Type and line of what a plugin raised are told; its text may hold a key and is not.
    """
    bolt(RAISES)
    ran = cli("doctor", "bolt", "--json")
    found = by_name(ran.out)["plugin bolt"]

    assert (Exit.PLUGIN, "provider_load") == (ran.code, found["code"])
    assert "RuntimeError at doorstep_bolt line 3" in found["finding"]
    assert KEY not in ran.out + ran.err


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("os._exit(0)", "ended the process with code 0"),
        ("os._exit(3)", "ended the process with code 3"),
        pytest.param("os.kill(os.getpid(), 11)", "was ended by SIGSEGV", marks=POSIX),
        pytest.param("raise KeyboardInterrupt", "was ended by SIGINT", marks=POSIX),
    ],
)
def test_plugin_that_ends_the_process_is_named(cli, bolt, line, how):
    """
    A plugin that takes the whole process with it takes only one of its own.
    """
    bolt(f"import os\n{line}\n")
    ran = cli("doctor", "--json")
    checks = by_name(ran.out)

    assert Exit.PLUGIN == ran.code
    assert f"doorstep-bolt 1.2 {how} while it was imported" == checks["plugin bolt"]["finding"]
    assert "ok" == checks["credentials acme/default"]["status"]


def test_plugin_for_another_api_is_named_with_both_versions(cli, bolt):
    """
    A plugin that was built for other hooks is told apart from one that is broken.
    """
    bolt("doorstep_api_version = 7\n")
    found = by_name(cli("doctor", "bolt", "--json").out)["plugin bolt"]

    assert ("incompatible_provider", 7) == (found["code"], found["facts"]["api_version"])
    assert "plugin API 7" in found["finding"]


def test_plugin_without_a_provider_works(cli, bolt):
    """
    A plugin may only observe. Threads that it starts and what it prints disturb nobody.
    """
    bolt(LINGERS)
    ran = cli("doctor", "bolt")

    assert Exit.OK == ran.code
    assert "works, but has no provider" in ran.out
    assert "not the answer" not in ran.out


def test_plugin_that_is_not_allowed_is_not_imported(cli, bolt, tmp_path, monkeypatch):
    """
    The allow-list holds for the doctor as well.
    """
    trace = tmp_path / "imported"
    bolt(f"import pathlib\npathlib.Path({str(trace)!r}).touch()\n")
    monkeypatch.setenv("DOORSTEP_PLUGINS", "acme=doorstep-acme")
    found = by_name(cli("doctor", "--json").out)["plugin bolt"]

    assert "skipped" == found["status"]
    assert "allow-list" in found["advice"]
    assert not trace.exists()


def test_two_plugins_of_one_name_are_both_named(cli, bolt, monkeypatch):
    """
    Where two distributions claim a name, neither is imported.
    """
    folder = bolt(RAISES)
    (folder / "doorstep_bolt-1.2.dist-info" / "entry_points.txt").write_text(
        "[doorstep]\nacme = doorstep_bolt\n", "utf-8"
    )
    monkeypatch.delenv("DOORSTEP_PLUGINS")
    ran = cli("doctor", "acme", "--json")
    found = by_name(ran.out)["plugin acme"]

    assert (Exit.PLUGIN, "duplicate_provider") == (ran.code, found["code"])
    assert "doorstep-acme 1.2 and doorstep-bolt 1.2 claim the name 'acme'" == found["finding"]


@POSIX
def test_interrupted_checkup_ends_with_130(start, acme, fifo, tmp_path):
    """
    Ctrl-C ends it at once though a plugin hangs, and ends the plugin.
    """
    path, reader = fifo
    folder = tmp_path / "bolt"
    begun = f"import os\nos.write(os.open({path!r}, os.O_WRONLY), b'begun')\n"
    acme.write_plugin(folder, "bolt", begun + HANGS)
    env = {
        "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)]),
        "DOORSTEP_PLUGINS": "acme=doorstep-acme,bolt=doorstep-bolt",
    }
    process = start("doctor", "bolt", "--time-limit", "600", env=env)
    assert b"begun" == read(reader)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert (Exit.INTERRUPTED, "") == (process.returncode, err)
    assert b"" == read(reader)

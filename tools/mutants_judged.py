"""
How ``tools/mutants.py`` judges: each mutant in a process of its own, by a pytest run.
"""

from __future__ import annotations

import ast
import gc
import io
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

import coverage
import pytest
from mutants_made import Mutant

__all__ = ["judge", "reached", "warm_up"]

#: What may hang is stopped after this; slow machines need some of it.
LIMIT_S = 30
#: Nobody needs so much, unless a loop does not end.
MEMORY = 4 << 30
#: Loaded once, before the processes part: all but the plugin.
LOADED = ("hypothesis", "doorstep.support", "doorstep.simulation", "doorstep_contracts.suites.run")
#: Nobody reads a failure here, so its parts need not be told.
PYTEST = ("-x", "-q", "--assert=plain", "--tb=native", "-rN", "-p", "no:cacheprovider")


class _Mutated(SourceFileLoader):
    """
    Finds the mutated module, and loads it from memory.
    """

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        stem = mutant.path.stem
        package = mutant.path.parent.name
        self.module = package if stem == "__init__" else f"{package}.{stem}"
        super().__init__(self.module, str(mutant.path))

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self.module:
            return None
        return spec_from_file_location(name, self.mutant.path, loader=self)

    def get_code(self, fullname: str) -> Any:
        return compile(self.mutant.code, str(self.mutant.path), "exec")


class _Noticed:
    """
    A pytest plugin that runs the recordings first, and tells the first test that fails.
    """

    def __init__(self, told: int) -> None:
        self._told = told

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda one: "TestReplay" not in one.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self._told, report.nodeid.partition("::")[2].encode()[:1000])


def _run(arguments: Sequence[str], mutant: Mutant | None, told: int) -> int:
    if mutant is not None:
        finders: list[Any] = sys.meta_path
        finders.insert(0, _Mutated(mutant))
    return int(pytest.main([*arguments, *PYTEST], plugins=[_Noticed(told)]))


def warm_up(arguments: Sequence[str], package: str) -> None:
    """
    Run the contract once and forget the plugin, so that what the processes share is loaded.

    The simulator stays: it is not mutated, and knows nothing of the modules beside it.
    """
    for name in LOADED:
        import_module(name)
    with redirect_stdout(io.StringIO()) as out:
        status = pytest.main([*arguments, *PYTEST])
    if status:
        raise SystemExit(f"the contract fails without a mutant\n{out.getvalue()[-3000:]}")
    for name in list(sys.modules):
        if name.partition(".")[0] == package and ".simulator" not in name:
            del sys.modules[name]
    gc.collect()
    gc.freeze()


def _fork(work: Callable[[int], int], output: Path) -> tuple[int, int]:
    """
    Run *work* in a process of its own; return its id, and where it tells the first failure.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    status = 70
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        out = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(out, stream)
        status = work(writing)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def judge(
    mutants: Sequence[Mutant], arguments: Sequence[str], *, jobs: int, limit_s: float = LIMIT_S
) -> Iterator[tuple[Mutant, str | None]]:
    """
    Yield each mutant with what noticed it; None if nothing did.
    """
    waiting = list(reversed(mutants))
    running: dict[int, tuple[Mutant, int, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < jobs:
                one = waiting.pop()
                child, told = _fork(partial(_run, arguments, one), Path(folder) / f"{len(waiting)}")
                running[child] = (one, told, time.monotonic() + limit_s)
            for child, (one, told, deadline) in list(running.items()):
                done, status = os.waitpid(child, os.WNOHANG)
                late = not done and time.monotonic() > deadline
                if late:
                    with suppress(ProcessLookupError):
                        os.killpg(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                if done or late:
                    del running[child]
                    os.set_blocking(told, False)
                    by = _read(told) or ("no end" if late else "no start")
                    yield one, by if late or status else None
            time.sleep(0.01)


def _read(told: int) -> str:
    try:
        return os.read(told, 1000).decode()
    except BlockingIOError:
        return ""
    finally:
        os.close(told)


def reached(arguments: Sequence[str], paths: Sequence[Path]) -> dict[str, set[int]]:
    """
    Return the lines that the contract runs, by module, and see that it is green.
    """
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "coverage"

        def work(told: int) -> int:
            measured = coverage.Coverage(
                data_file=str(data), config_file=False, include=[str(one) for one in paths]
            )
            measured.start()
            status = _run(arguments, None, told)
            measured.stop()
            measured.save()
            return status

        child, told = _fork(work, Path(folder) / "output")
        status = os.waitpid(child, 0)[1]
        if status:
            raise SystemExit(
                f"the contract fails without a mutant: {_read(told)}\n"
                + (Path(folder) / "output").read_text(encoding="utf-8")[-3000:]
            )
        os.close(told)
        found = coverage.CoverageData(str(data))
        found.read()
        return {one.name: _statements(one, set(found.lines(str(one)) or ())) for one in paths}


def _statements(path: Path, ran: set[int]) -> set[int]:
    """
    Return all lines of the statements of which a line *ran*; of a block, those of its head.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            lines = set(range(node.lineno, max(end, node.lineno) + 1))
            found |= lines if lines & ran else set()
    return found

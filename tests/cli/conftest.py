"""
The command line in this process and in others, with a plugin that is installed nowhere else.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from tests.cli.market import NOW, Books, MarketProvider

import doorstep
from doorstep import from_json
from doorstep.cli import main
from doorstep.models import Delivery
from doorstep.testing import ManualClock

HERE = Path(__file__).parent


def _load_acme() -> ModuleType:
    spec = importlib.util.spec_from_file_location("acme_parts", HERE / "acme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["acme_parts"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="acme", scope="session")
def _acme() -> ModuleType:
    """
    The module with the carrier that the tests install.
    """
    return _load_acme()


@pytest.fixture(name="plugins", scope="session")
def _plugins(acme: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A folder where the plugin ``acme`` is installed.
    """
    folder: Path = tmp_path_factory.mktemp("plugins")
    acme.write_plugin(folder)
    return folder


@pytest.fixture(name="server")
def _server(acme: ModuleType) -> Iterator[Any]:
    """
    The carrier ``acme``, on loopback.
    """
    server = acme.AcmeServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(name="settings")
def _settings(server: Any, acme: ModuleType) -> dict[str, str]:
    """
    The variables that a shop sets to ask ``acme``.
    """
    return {"DOORSTEP_ACME_BASE_URL": server.base_url, "DOORSTEP_ACME_API_KEY": acme.API_KEY}


class Ran(NamedTuple):
    """
    What a command left behind.
    """

    code: int
    out: str
    err: str


@pytest.fixture(name="clean")
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    No settings of the machine, and no registry or plugin of another test.
    """
    for name in list(os.environ):
        if name.startswith("DOORSTEP_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("doorstep.registry._registry._defaults", {})
    # Other carriers of that name, such as the kit's toy, may have been imported before.
    for name in [one for one in sys.modules if one.partition(".")[0] == "doorstep_acme"]:
        monkeypatch.delitem(sys.modules, name)
    yield
    sys.modules.pop("doorstep_bolt", None)


@pytest.fixture(name="cli")
def _cli(
    clean: None,
    acme: ModuleType,
    plugins: Path,
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ran]:
    """
    Run a command in this process, where ``acme`` is the only plugin allowed.
    """
    monkeypatch.syspath_prepend(str(plugins))
    # The very module that tests change, whoever imported another copy of it before.
    monkeypatch.setitem(sys.modules, "acme_parts", acme)
    monkeypatch.setenv("DOORSTEP_PLUGINS", "acme=doorstep-acme")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(words)
        printed = capsys.readouterr()
        return Ran(int(code), printed.out, printed.err)

    return run


@pytest.fixture(name="books")
def _books(clean: None, monkeypatch: pytest.MonkeyPatch) -> Books:
    """
    The books of a carrier with a marketplace, which every command of this process asks.
    """
    books = Books()

    def connect(provider: str, **_: object) -> doorstep.Client:
        assert "acme" == provider
        return doorstep.Client(MarketProvider(books=books), pool=books, clock=ManualClock(NOW))

    monkeypatch.setattr("doorstep.connect", connect)
    return books


@pytest.fixture(name="environ")
def _environ(clean: None, plugins: Path, settings: dict[str, str]) -> dict[str, str]:
    """
    The environment of a command in another process.
    """
    source = Path(doorstep.__file__).parent.parent
    known = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join([str(plugins), str(source), *([known] if known else [])])
    own = {"PYTHONPATH": path, "DOORSTEP_PLUGINS": "acme=doorstep-acme", "TERM": "xterm"}
    # Buffered, as a shell's own: that is where a broken pipe is noticed late.
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return {**inherited, **own, **settings}


@pytest.fixture(name="start")
def _start(environ: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """
    Start a command in another process, and see to it that it ends.
    """
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **options: Any) -> subprocess.Popen[str]:
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        env = {**environ, **options.pop("env", {})}
        command = [sys.executable, "-m", "doorstep.cli", *words]
        process = subprocess.Popen(command, text=True, env=env, **{**pipes, **options})
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(name="shell")
def _shell(start: Callable[..., subprocess.Popen[str]]) -> Callable[..., Ran]:
    """
    Run a command in another process, to its end.
    """

    def run(*words: str, stdin: str = "", **options: Any) -> Ran:
        process = start(*words, **options)
        out, err = process.communicate(stdin, timeout=30)
        return Ran(process.returncode, out, err)

    return run


@pytest.fixture(name="options")
def _options() -> list[str]:
    """
    The options of a small request.
    """
    return [
        "--reference=order-118",
        "--pickup-address=901 Market Street, San Francisco",
        "--dropoff-address=1 Ferry Building, San Francisco",
        "--dropoff-given-name=Ada",
        "--order-value=19.99 USD",
        "--tip=5.00 USD",
    ]


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Callable[[Any], Path]:
    """
    Write a file with JSON; text is written as it is.
    """

    def write(value: Any) -> Path:
        path = tmp_path / "value.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
        return path

    return write


@pytest.fixture(name="booked")
def _booked(cli: Callable[..., Ran], options: list[str]) -> str:
    """
    The id of a delivery that was dispatched.
    """
    return str(from_json(cli("dispatch", "acme", *options, "--json").out, Delivery).id)

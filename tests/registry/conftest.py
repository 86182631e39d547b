"""
Distributions that exist only for a test: metadata, a module, a trace of its import.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from pathlib import Path

import pytest

HEAD = """\
import pathlib
pathlib.Path(__file__).with_suffix(".imported").touch()
import attrs
from doorstep import hookimpl
from doorstep.hookspecs import CommandSpec, ProviderSpec, SimulatorSpec
doorstep_api_version = 1

@attrs.frozen
class Settings:
    pass

def build(*_):
    return None
"""

PROVIDER = """
@hookimpl
def doorstep_register_providers(register):
    register(ProviderSpec(name={name!r}, settings=Settings, build=build))
"""


class Shelf:
    """
    The distributions of one test, each in a folder of ``sys.path`` of its own.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders: list[str] = []

    def put(self, name, *, distribution=None, version="1.0", module=None, body=None, entry=None):
        """
        Install a distribution with the plugin *name*; *body* follows the usual head.
        """
        distribution = distribution or f"doorstep-{name}"
        module = module or f"shelved_{distribution.replace('-', '_').replace('.', '_')}".lower()
        folder = self.root / f"site{len(self.folders)}"
        info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        stated = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        (info / "METADATA").write_text(stated)
        (info / "entry_points.txt").write_text(entry or f"[doorstep]\n{name} = {module}\n")
        source = HEAD + (PROVIDER.format(name=name) if body is None else body)
        (folder / f"{module}.py").write_text(source)
        self.folders.append(str(folder))
        sys.path.append(str(folder))
        return folder

    def imported(self) -> list[str]:
        """
        Name the modules that were imported.
        """
        return sorted(path.stem for path in self.root.rglob("*.imported"))

    def turn(self) -> None:
        """
        Reverse the order of the folders on ``sys.path``.
        """
        sys.path[-len(self.folders) :] = reversed(self.folders)


@pytest.fixture(name="shelf")
def _shelf(tmp_path, monkeypatch):
    """
    An empty shelf. What is really installed on this machine is not seen.
    """
    shelf = Shelf(tmp_path)
    real = importlib.metadata.distributions
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def shelved(**_):
        return real(path=[one for one in sys.path if one in shelf.folders])

    monkeypatch.setattr(importlib.metadata, "distributions", shelved)
    yield shelf
    for name in [name for name in sys.modules if name.startswith("shelved_")]:
        del sys.modules[name]
    importlib.invalidate_caches()

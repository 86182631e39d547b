"""
Figure 15: finding one plugin among sixty distributions.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path

from measure import Row, Run, in_turns, row

from doorstep.registry import Registry

_DISTRIBUTIONS = 60
#: Every twelfth is a plugin of ours.
_PLUGINS = range(0, _DISTRIBUTIONS, 12)

_MODULE = """
import attrs
from doorstep import hookimpl

doorstep_api_version = 1


@attrs.frozen
class Settings:
    pass


@hookimpl
def doorstep_register_providers(register):
    from doorstep.hookspecs import ProviderSpec

    register(ProviderSpec(name="{name}", settings=Settings, build=lambda *given: None))
"""


def finding(run: Run) -> list[Row]:
    """
    Measure a new registry that looks at what is installed, beside one bare look.
    """
    with _sixty_distributions():
        timing = in_turns(
            lambda: Registry().names(), lambda: list(entry_points(group="doorstep")), run
        )
        Registry().provider("acme12")
        imported = sorted(name for name in sys.modules if name.startswith("bench_acme"))
    note = f"of {len(_PLUGINS)} plugins imported: {len(imported)}, the one asked for"
    assert ["bench_acme12"] == imported
    return [row("finding providers", "ms", timing, "entry_points(group=)", note=note)]


@contextmanager
def _sixty_distributions() -> Iterator[None]:
    before = list(sys.path)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(_DISTRIBUTIONS):
            _install(Path(folder), number)
        sys.path[:] = [folder]
        try:
            yield
        finally:
            sys.path[:] = before


def _install(folder: Path, number: int) -> None:
    name = f"acme{number}"
    info = folder / f"bench_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: bench-{name}\nVersion: 1.0\n")
    (info / "RECORD").write_text("")
    ours = number in _PLUGINS
    group = "doorstep" if ours else "console_scripts"
    (info / "entry_points.txt").write_text(f"[{group}]\n{name} = bench_{name}\n")
    if ours:
        (folder / f"bench_{name}.py").write_text(_MODULE.format(name=name))

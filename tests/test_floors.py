"""
Who may import whom: floors inside core, walls between distributions.

The rules are drawn in ``AGENTS.md``; here they are read off the sources. The second
half feeds small bad sources to the same functions, so the rules are known to bite.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. A module imports from the lines before its own, and from its own package.
FLOORS: tuple[tuple[str, ...], ...] = (
    # floor 0
    ("outcome", "secret"),
    ("errors",),
    # floor 1
    ("models", "http"),
    # floor 2
    ("capabilities",),
    ("codec", "provider", "refunds", "requirements"),
    ("tracking",),
    # floor 3
    ("hookspecs", "webhooks"),
    # floor 4
    ("registry", "settings"),
    # floor 5
    ("operations", "support"),
    ("client", "simulation"),
    ("testing",),
    # floor 6
    ("cli",),
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}

# Foreign packages that have one door each.
DOORS = {
    "urllib3": {"doorstep.http._pool"},
    "pluggy": {"doorstep.hookspecs", "doorstep.registry"},
}


class Import(NamedTuple):
    """
    One imported module, and where: its line, and whether inside a function.
    """

    module: str
    line: int
    lazy: bool


def module_name(path: Path, source_root: Path) -> str:
    """
    Turn a file into the name that it is imported by.
    """
    parts = path.relative_to(source_root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, module: str, *, is_package: bool = False) -> list[Import]:
    """
    List what *source* imports when it runs; ``if TYPE_CHECKING:`` blocks do not run.

    ``from a import b`` yields both ``a`` and ``a.b``, because ``b`` may be a module.
    ``import_module("a.b")`` with a literal counts as well.
    """
    package = module if is_package else module.rpartition(".")[0]
    return list(_walk(ast.parse(source), package, lazy=False))


def _walk(node: ast.AST, package: str, *, lazy: bool) -> Iterator[Import]:
    match node:
        case ast.If(test=ast.Name("TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            for statement in node.orelse:
                yield from _walk(statement, package, lazy=lazy)
            return
        case ast.Import(names=names):
            yield from (Import(name.name, node.lineno, lazy) for name in names)
        case ast.ImportFrom(names=names):
            base = _base(node, package)
            yield Import(base, node.lineno, lazy)
            yield from (Import(f"{base}.{name.name}", node.lineno, lazy) for name in names)
        case ast.Call(
            func=ast.Name("import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            yield Import(name, node.lineno, lazy)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            lazy = True
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, package, lazy=lazy)


def _base(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def faults_of_core(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """
    Say what *module* of core imports and may not.
    """
    if module == "doorstep":
        return [
            f"{module}:{found.line} imports {found.module} at once; do it in __getattr__"
            for found in imports(source, module, is_package=True)
            if not found.lazy and found.module.startswith("doorstep.")
        ]

    room = module.split(".")[1]
    if room not in LEVEL:
        return [f"{module}: {room!r} is on no floor; give it one in FLOORS"]
    return [
        f"{module}:{found.line} {fault}"
        for found in imports(source, module, is_package=is_package)
        if (fault := _fault(module, room, found.module))
    ]


def _fault(module: str, room: str, imported: str) -> str | None:
    top, _, rest = imported.partition(".")
    if top in DOORS and not any(_below(module, door) for door in DOORS[top]):
        return f"imports {top}; only {', '.join(sorted(DOORS[top]))} may"
    if top.startswith("doorstep_"):
        return f"imports {top}; core knows neither its contracts nor a plugin"
    other = rest.partition(".")[0]
    if top != "doorstep" or other not in LEVEL or other == room:
        return None
    if LEVEL[other] > LEVEL[room]:
        return f"imports doorstep.{other} from a higher floor"
    if LEVEL[other] == LEVEL[room]:
        return f"imports doorstep.{other} sideways, on the same floor"
    return None


def faults_of_plugin(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """
    Say what *module* of a plugin imports and may not.
    """
    own = module.partition(".")[0]
    if module == f"{own}.contract":
        # Fixtures for the contract: they bring provider, simulator and kit together.
        return []
    simulator = f"{own}.simulator"
    inside = _below(module, simulator)
    faults = []
    for found in imports(source, module, is_package=is_package):
        top = found.module.partition(".")[0]
        where = f"{module}:{found.line} imports {found.module}"
        if top.startswith("doorstep_") and top != own:
            faults.append(f"{where}; a plugin knows no other distribution than doorstep")
        elif top in DOORS:
            faults.append(f"{where}; core does the talking and the hooks")
        elif inside and top == own and found.module != own and not _below(found.module, simulator):
            faults.append(f"{where}; a simulator shares no module with the provider beside it")
        elif not inside and _below(found.module, simulator) and not found.lazy:
            faults.append(f"{where} at once; do it inside a function")
    return faults


def _below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def sources(source_root: Path) -> list[tuple[Path, str]]:
    """
    List the files below *source_root*, each with its module name.
    """
    return [(path, module_name(path, source_root)) for path in sorted(source_root.rglob("*.py"))]


CORE = sources(ROOT / "src")
PLUGINS = [found for root in sorted(ROOT.glob("plugins/*/src")) for found in sources(root)]


@pytest.mark.parametrize(("path", "module"), CORE, ids=[module for _, module in CORE])
def test_core_module_imports_from_lower_floors_only(path, module):
    """
    Whoever reads a floor needs to know nothing of what is built on top of it.
    """
    faults = faults_of_core(path.read_text("utf-8"), module, is_package=path.stem == "__init__")

    assert [] == faults


@pytest.mark.parametrize(("path", "module"), PLUGINS, ids=[module for _, module in PLUGINS])
def test_plugin_module_knows_core_and_itself_only(path, module):
    """
    A plugin stands alone, and its simulator cannot share a mistake with its provider.
    """
    faults = faults_of_plugin(path.read_text("utf-8"), module, is_package=path.stem == "__init__")

    assert [] == faults


def test_there_is_something_to_read():
    """
    The two tests above are not green because they looked in the wrong folder.
    """
    assert "doorstep.outcome" in {module for _, module in CORE}
    assert PLUGINS


GOOD_CORE = [
    ("doorstep.http._pool", "import urllib3\nfrom doorstep.errors import DoorstepError"),
    ("doorstep.http._pool", "from doorstep.http._messages import Request"),
    ("doorstep.errors", "from doorstep.outcome import Outcome"),
    ("doorstep.models._quote", "import attrs\nfrom doorstep.models._money import Money"),
    ("doorstep.registry", "import pluggy\nfrom doorstep import hookspecs"),
    ("doorstep.registry._manager", "import pluggy"),
    ("doorstep.errors", "if TYPE_CHECKING:\n    from doorstep.models import Delivery"),
    ("doorstep.cli", "from doorstep import __version__\nimport doorstep"),
    ("doorstep", "def __getattr__(name):\n    from doorstep.client import connect"),
]

BAD_CORE = [
    ("doorstep.outcome", "from doorstep.errors import X", "higher floor"),
    ("doorstep.outcome", "import doorstep.cli", "higher floor"),
    ("doorstep.outcome", "from doorstep import errors", "higher floor"),
    ("doorstep.outcome", "def f():\n    from doorstep import client", "higher floor"),
    ("doorstep.outcome", "import_module('doorstep.client')", "higher floor"),
    ("doorstep.models._quote", "from ..provider import X", "higher floor"),
    ("doorstep.models._quote", "from doorstep.http import Request", "sideways"),
    ("doorstep.http._flow", "from doorstep.models import Money", "sideways"),
    ("doorstep.settings", "from doorstep import registry", "sideways"),
    ("doorstep.client", "import urllib3", "only doorstep.http._pool may"),
    ("doorstep.http._retry", "from urllib3.util import Retry", "only doorstep.http._pool may"),
    ("doorstep.client", "import pluggy", "only doorstep.hookspecs, doorstep.registry may"),
    ("doorstep.testing", "import doorstep_contracts", "neither its contracts nor a plugin"),
    ("doorstep.testing", "from doorstep_acme import X", "neither its contracts nor a plugin"),
    ("doorstep.helpers", "", "on no floor"),
    ("doorstep.errors", "if not TYPE_CHECKING:\n    from doorstep import cli", "higher floor"),
    (
        "doorstep.errors",
        "if TYPE_CHECKING:\n    pass\nelse:\n    from doorstep import cli",
        "higher floor",
    ),
    ("doorstep", "from doorstep.client import connect", "do it in __getattr__"),
]

GOOD_PLUGIN = [
    ("doorstep_acme._mapping", "from doorstep.models import Money\nimport doorstep_acme._wire"),
    ("doorstep_acme.simulator._app", "from doorstep_acme.simulator._state import State"),
    ("doorstep_acme.simulator._app", "from doorstep.simulation import Clock\nimport jwt"),
    ("doorstep_acme", "def simulate():\n    from doorstep_acme.simulator import serve"),
    ("doorstep_acme.contract", "from doorstep_contracts.case import Shelf\nimport pytest"),
]

BAD_PLUGIN = [
    ("doorstep_acme._mapping", "from doorstep_bolt import X", "no other distribution"),
    ("doorstep_acme._mapping", "import doorstep_contracts", "no other distribution"),
    ("doorstep_acme._provider", "import urllib3", "core does the talking"),
    ("doorstep_acme._provider", "import pluggy", "core does the talking"),
    ("doorstep_acme.simulator._app", "from doorstep_acme._wire import X", "shares no module"),
    ("doorstep_acme.simulator._app", "from doorstep_acme import _wire", "shares no module"),
    ("doorstep_acme.simulator._app", "from .._wire import X", "shares no module"),
    ("doorstep_acme.simulator", "def f():\n    import doorstep_acme._auth", "shares no module"),
    ("doorstep_acme._provider", "from doorstep_acme import simulator", "inside a function"),
    ("doorstep_acme", "from doorstep_acme.simulator import serve", "inside a function"),
]


@pytest.mark.parametrize(("module", "source"), GOOD_CORE)
def test_good_core_source_passes(module, source):
    """
    What the floors allow is allowed.
    """
    assert [] == faults_of_core(source, module)


@pytest.mark.parametrize(("module", "source", "words"), BAD_CORE)
def test_bad_core_source_is_named_with_its_rule(module, source, words):
    """
    Each rule of core can fail, and says which line broke it.
    """
    faults = faults_of_core(source, module)

    assert faults
    assert all(fault.startswith(module) and words in fault for fault in faults)


@pytest.mark.parametrize(("module", "source"), GOOD_PLUGIN)
def test_good_plugin_source_passes(module, source):
    """
    What a plugin may do is allowed.
    """
    assert [] == faults_of_plugin(source, module)


@pytest.mark.parametrize(("module", "source", "words"), BAD_PLUGIN)
def test_bad_plugin_source_is_named_with_its_rule(module, source, words):
    """
    Each rule of plugins can fail, and says which line broke it.
    """
    faults = faults_of_plugin(source, module)

    assert faults
    assert all(fault.startswith(module) and words in fault for fault in faults)


def test_relative_import_in_a_package_starts_at_the_package():
    """
    A dot in ``__init__.py`` is the package itself, elsewhere its parent.
    """
    found = imports("from . import _wire", "doorstep_acme", is_package=True)

    assert ["doorstep_acme", "doorstep_acme._wire"] == [one.module for one in found]


def test_simulator_package_may_import_itself():
    """
    ``simulator/__init__.py`` with a dot stays inside.
    """
    source = "from ._app import serve"

    assert [] == faults_of_plugin(source, "doorstep_acme.simulator", is_package=True)

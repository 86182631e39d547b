"""
What may be imported from outside: listed, sorted, complete, explained.
"""

from __future__ import annotations

import inspect
import types
import typing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import doorstep

ROOT = Path(doorstep.__file__).parent


def public_modules() -> list[str]:
    """
    Name ``doorstep`` and every module directly below it without a leading underscore.
    """
    names = (
        path.parent.name if path.name == "__init__.py" else path.stem
        for path in sorted([*ROOT.glob("*.py"), *ROOT.glob("*/__init__.py")])
        if path.parent == ROOT or path.name == "__init__.py"
    )
    below = {name for name in names if not name.startswith("_") and name != "doorstep"}
    return ["doorstep", *sorted(f"doorstep.{name}" for name in below)]


def public_names(module: types.ModuleType) -> set[str]:
    """
    Name what *module* itself offers: defined in it, or below it, without an underscore.

    Imported modules, and what other packages define, are only passing through; so are type
    variables. Hooks (``doorstep_...``) are called by their names and imported by nobody.
    """
    inside = f"{module.__name__}."
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith(("_", "doorstep_"))
        and not isinstance(value, types.ModuleType | typing.TypeVar | typing.ParamSpec)
        and f"{getattr(value, '__module__', '')}.".startswith(inside)
    }


def needs_docstring(value: object) -> bool:
    """
    Tell whether *value* can carry a docstring of its own; an alias or a constant cannot.
    """
    return inspect.isclass(value) or inspect.isroutine(value)


def has_docstring(value: object) -> bool:
    """
    Tell whether somebody wrote a docstring for *value* itself, not for its base class.
    """
    own = vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__
    return bool(own and own.strip())


def undocumented_methods(value: type) -> list[str]:
    """
    List the public methods and properties that *value* itself defines without a docstring.

    A method that a base class documents may inherit the words.
    """
    return [
        name
        for name, member in vars(value).items()
        if not name.startswith("_")
        and (inspect.isroutine(member) or isinstance(member, property))
        and not inspect.getdoc(getattr(value, name))
    ]


MODULES = public_modules()


@pytest.mark.parametrize("name", MODULES)
def test_all_is_there_and_sorted(name):
    """
    ``__all__`` exists, is sorted, and names nothing twice.
    """
    exported = import_module(name).__all__

    assert sorted(set(exported)) == list(exported)


@pytest.mark.parametrize("name", MODULES)
def test_every_exported_name_is_there(name):
    """
    Nothing is promised that is missing, lazily loaded names included.
    """
    module = import_module(name)
    missing = [exported for exported in module.__all__ if not hasattr(module, exported)]

    assert [] == missing


@pytest.mark.parametrize("name", [name for name in MODULES if name != "doorstep"])
def test_nothing_public_is_left_out(name):
    """
    What looks public is public: a name without an underscore is in ``__all__``.
    """
    module = import_module(name)

    assert set() == public_names(module) - set(module.__all__)


@pytest.mark.parametrize("name", MODULES)
def test_every_public_object_has_a_docstring(name):
    """
    Whatever can be imported says what it is for.
    """
    module = import_module(name)
    exported = {each: getattr(module, each) for each in module.__all__}
    bare = [each for each, it in exported.items() if needs_docstring(it) and not has_docstring(it)]

    assert module.__doc__
    assert [] == bare


@pytest.mark.parametrize("name", MODULES)
def test_every_public_method_has_a_docstring(name):
    """
    So does whatever can be called on it.
    """
    module = import_module(name)
    bare = [
        f"{each}.{method}"
        for each in module.__all__
        if inspect.isclass(value := getattr(module, each)) and value.__module__.startswith(name)
        for method in undocumented_methods(value)
    ]

    assert [] == bare


def test_the_modules_that_a_shop_imports_are_there():
    """
    The list above is not green because it looked in the wrong folder.
    """
    wanted = {f"doorstep.{name}" for name in ("errors", "http", "models", "provider")}

    assert wanted <= set(MODULES)
    assert all(find_spec(name) for name in MODULES)


def test_lazy_names_are_the_ones_that_type_checkers_see():
    """
    ``doorstep.__all__`` is what the ``TYPE_CHECKING`` block re-exports.
    """
    listed = {
        line.rpartition(" as ")[2].strip()
        for line in Path(doorstep.__file__).read_text("utf-8").splitlines()
        if line.startswith("    from doorstep.") and " as " in line
    }

    assert set(doorstep.__all__) == listed


def test_judges_can_fail():
    """
    A hidden name, a missing docstring and a bare method are seen.
    """

    class Bare:
        def method(self): ...

    module = types.ModuleType("acme")
    Bare.__module__ = "acme"
    module.Bare = Bare  # type: ignore[attr-defined]
    module.typing = typing  # type: ignore[attr-defined]
    module.Any = typing.Any  # type: ignore[attr-defined]

    assert {"Bare"} == public_names(module)
    assert needs_docstring(Bare)
    assert not has_docstring(Bare)
    assert ["method"] == undocumented_methods(Bare)

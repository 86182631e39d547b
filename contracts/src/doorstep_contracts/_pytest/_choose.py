"""
Which provider's contract is run: found by its name, among what is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import pytest

from doorstep_contracts._pytest._collect import problems_of, tests_of

__all__ = ["EXEMPT", "GROUP", "RUN", "choose", "installed"]

#: The group of entry points: the provider's name, and a module of pytest fixtures.
GROUP = "doorstep.contracts"
#: The module with every suite in it.
RUN = Path(__file__).parents[1] / "suites" / "run.py"
#: What the chosen provider's module exempts.
EXEMPT = pytest.StashKey[Mapping[str, str]]()


def installed() -> dict[str, metadata.EntryPoint]:
    """
    Return the providers that have a contract, by name, without importing any.
    """
    return {one.name: one for one in metadata.entry_points(group=GROUP)}


def choose(config: pytest.Config, name: str) -> None:
    """
    Take the fixtures of the provider *name*, and collect the whole contract.

    Raises:
        pytest.UsageError:
            There is none, or it cannot be imported, or what it exempts is wrong.
    """
    module = _load(name)
    exempt: Mapping[str, str] = getattr(module, "exempt", {})
    _check(exempt, f"{module.__name__}.exempt")
    config.stash[EXEMPT] = exempt
    config.pluginmanager.register(module, f"doorstep-contract-{name}")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(RUN)]
    elif not any(_is_run(one) for one in config.args):
        config.args.append(str(RUN))


def _load(name: str) -> Any:
    known = installed()
    if name not in known:
        raise pytest.UsageError(_absent(name, sorted(known)))
    try:
        return known[name].load()
    except ImportError as error:
        value = known[name].value
        msg = (
            f"the contract of {name!r} ({value}) cannot be imported: {error}. "
            f"Does it need an extra? Try: pip install 'doorstep-{name.replace('_', '-')}[contract]'"
        )
        raise pytest.UsageError(msg) from error


def _absent(name: str, known: list[str]) -> str:
    have = ", ".join(known) or "none"
    return (
        f"no contract named {name!r} is installed (installed: {have}).\n"
        f"To use somebody's plugin: pip install 'doorstep-{name.replace('_', '-')}[contract]'\n"
        "To write one: a module with the fixtures provider, delivery_request and server, and\n"
        "in your pyproject.toml, before you install it again:\n"
        f'    [project.entry-points."{GROUP}"]\n'
        f'    {name} = "doorstep_{name}.contract"'
    )


def _check(exempt: Mapping[str, str], where: str) -> None:
    run: Any = import_module("doorstep_contracts.suites.run")
    suites = [one for key, one in vars(run).items() if key.startswith("Test")]
    names = {test for suite in suites for test in tests_of(suite)}
    problems = problems_of(exempt, names)
    if problems:
        raise pytest.UsageError(f"{where}: {'; '.join(problems)}")


def _is_run(argument: str) -> bool:
    return Path(argument.partition("::")[0]).resolve() == RUN

"""
Collect a class of the contract: complete, with what it exempts marked as failing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

__all__ = ["ContractClass", "problems_of", "tests_of"]

#: What decides whether a test runs is nobody's to replace either.
_OURS = frozenset({"_only_what_is_claimed"})


class ContractClass(pytest.Class):
    """
    A class that inherits suites of the contract.
    """

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """
        Return its tests; what is exempt must fail.

        Raises:
            pytest.Collector.CollectError:
                A test of the contract was replaced, or an exemption is wrong.
        """
        suite: type[Any] = self.obj
        where = f"class {suite.__name__}"
        problems = [
            f"{name} is a promise of {owner}, and cannot be replaced; "
            "if your carrier cannot keep it, put its name and the reason into `exempt`"
            for name, owner in _replaced(suite)
        ]
        problems += problems_of(suite.exempt, set(tests_of(suite)))
        if problems:
            raise self.CollectError(f"{where}: {'; '.join(problems)}")
        items = list(super().collect())
        unmatched = _mark(items, {**self._chosen(), **suite.exempt})
        if unmatched:
            msg = f"{where}: exempt has {', '.join(unmatched)}, of which there is no such case"
            raise self.CollectError(msg)
        return items

    def _chosen(self) -> dict[str, str]:
        """
        Return what the module of the chosen provider exempts, of this class.
        """
        from doorstep_contracts._pytest._choose import EXEMPT, RUN

        if self.path != RUN:
            return {}
        own = set(tests_of(self.obj))
        exempt = self.config.stash.get(EXEMPT, {})
        return {name: why for name, why in exempt.items() if _plain(name) in own}


def tests_of(suite: type[Any]) -> Iterator[str]:
    """
    Yield the names of the contract's tests in *suite*.
    """
    for name in dir(suite):
        if name.startswith("test_") and _is_promise(getattr(suite, name)):
            yield name


def problems_of(exempt: Mapping[str, str], names: set[str]) -> list[str]:
    """
    Say what is wrong with exemptions from tests called *names*.
    """
    return [
        f"exempt has {name}, which is no test of this contract"
        for name in exempt
        if _plain(name) not in names
    ] + [
        f"exempt has {name} without a reason"
        for name, why in exempt.items()
        if not (isinstance(why, str) and why.strip())
    ]


def _replaced(suite: type[Any]) -> Iterator[tuple[str, str]]:
    """
    Yield each test that a subclass has in place of the contract's, and whose it was.
    """
    for name in dir(suite):
        owners = [one for one in suite.__mro__ if name in vars(one)]
        promised = [one for one in owners if name in _OURS or _is_promise(vars(one)[name])]
        if promised and owners[0] is not promised[-1]:
            yield name, promised[-1].__name__


def _is_promise(test: Any) -> bool:
    return any(mark.name == "contract_promise" for mark in getattr(test, "pytestmark", ()))


def _mark(items: list[Any], exempt: Mapping[str, str]) -> list[str]:
    """
    Mark what is exempt, and return the names that no test has.
    """
    unmatched = dict(exempt)
    for item in items:
        for name in (item.name, _plain(item.name)):
            if name in exempt:
                unmatched.pop(name, None)
                item.add_marker(pytest.mark.xfail(reason=exempt[name], strict=True))
                break
    return sorted(unmatched)


def _plain(name: str) -> str:
    return name.partition("[")[0]

"""
The reference of the clients and of the optional protocols against the code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from doorstep import client, models, provider

Open = Callable[[str], Any]


@pytest.mark.parametrize("kind", [client.CatalogClient, client.AsyncCatalogClient])
def test_calls_of_a_catalog_are_rows(page: Open, kind: type) -> None:
    """
    Everything that a marketplace can be asked has a row with its arguments, sync and async alike.
    """
    found = re.findall(
        r"^\| `(\w+)\((.*?)\)` \|", page("reference/client.md").section("Catalog"), re.MULTILINE
    )

    assert _calls(kind) == {name: arguments.split(", ") for name, arguments in found}


@pytest.mark.parametrize("kind", [client.OnboardingClient, client.AsyncOnboardingClient])
def test_calls_of_an_onboarding_are_rows(page: Open, kind: type) -> None:
    """
    Everything that can be registered and listed has a row with its arguments.
    """
    rows = page("reference/client.md").rows("Onboarding")
    found = [re.fullmatch(r"`(\w+)\((.*)\)`", row[0]) for row in rows]

    assert _calls(kind) == {one[1]: one[2].split(", ") for one in found if one is not None}


def _calls(kind: type) -> dict[str, list[str]]:
    """
    Return the public methods of *kind*, and what is given to each beside a deadline.
    """
    return {
        name: [
            one.name if one.default is one.empty else f"{one.name}={one.default}"
            for one in list(inspect.signature(method).parameters.values())[1:]
            if one.name != "deadline_s"
        ]
        for name, method in vars(kind).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }


def test_outcomes_of_wishes_are_explained(page: Open) -> None:
    """
    Every outcome of a wish says what is known and what to do.
    """
    rows = page("reference/client.md").rows("Catalog")

    assert [one.name for one in models.ItemOutcome] == [
        row[0].strip("`") for row in rows if len(row) == 3
    ]


def test_optional_protocols_are_rows(page: Open) -> None:
    """
    Every protocol that a provider may have says which capability claims it.
    """
    named = {
        name for name in provider.__all__ if getattr(getattr(provider, name), "_is_protocol", False)
    }
    rows = page("reference/provider.md").rows("Optional protocols")

    assert named - {"Provider", "Catalog"} == {row[0].strip("`") for row in rows}
    for name in provider.__all__:
        assert f"autoclass:: doorstep.provider.{name}\n" in page("reference/provider.md").text

"""
Hypothesis strategies for every neutral value: realistic, and fond of the edges.

Names run from right to left or hold emoji, times lie beside clock changes, money
comes in every currency. ``neutral(Address)`` generates one class;
:func:`register` teaches them all to ``st.from_type`` and ``st.builds``.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from hypothesis import strategies as st

from doorstep import models
from doorstep_contracts._primitives import (
    currencies,
    json_objects,
    lines,
    moments,
    money,
    names,
    phones,
    prose,
    references,
)
from doorstep_contracts._table import STRATEGIES
from doorstep_contracts._values import neutral

__all__ = [
    "currencies",
    "json_objects",
    "lines",
    "moments",
    "money",
    "names",
    "neutral",
    "neutral_classes",
    "phones",
    "prose",
    "references",
    "register",
]


def neutral_classes() -> tuple[type[Any], ...]:
    """
    Every class of ``doorstep.models`` that has values of its own, in the order of its name.
    """
    public = (getattr(models, name) for name in models.__all__)
    return tuple(
        one
        for one in public
        if isinstance(one, type) and (issubclass(one, Enum) or one in STRATEGIES)
    )


def register() -> None:
    """
    Teach Hypothesis these strategies, for ``st.from_type`` and ``st.builds``.
    """
    for kind in neutral_classes():
        st.register_type_strategy(kind, neutral(kind))

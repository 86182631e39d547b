"""
Arming faults.
"""

from __future__ import annotations

import pytest

from doorstep.simulation import FAULT_NAMES, Fault, Faults
from doorstep.simulation._perform import _PERFORMERS


@pytest.fixture(name="faults")
def _faults() -> Faults:
    return Faults(frozenset({"book", "read"}))


def test_take_gives_nothing_when_nothing_is_armed(faults):
    """
    Without faults nothing fails.
    """
    assert faults.take("book") is None


def test_take_uses_a_fault_up(faults):
    """
    A fault is met as often as it was armed for.
    """
    faults.arm("rst_after", times=2)

    assert [Fault(name="rst_after")] * 2 == [faults.take("book"), faults.take("read")]
    assert faults.take("book") is None


def test_take_leaves_other_operations_alone(faults):
    """
    A fault armed for one operation waits for it.
    """
    faults.arm("rst_after", "book")

    assert faults.take("read") is None
    assert Fault(name="rst_after", operation="book") == faults.take("book")


def test_take_keeps_the_order_of_arming(faults):
    """
    What was armed first is met first.
    """
    faults.arm("rst_before")
    faults.arm("fin_after")

    assert ["rst_before", "fin_after"] == [faults.take("book").name, faults.take("book").name]


def test_armed_tells_parameters_and_what_is_left(faults):
    """
    What is armed can be read back.
    """
    faults.arm("refuse_429", "read", times=2, retry_after=7)
    faults.take("read")

    expected = [{"name": "refuse_429", "operation": "read", "times": 1, "retry_after": 7}]
    assert expected == faults.armed()


def test_clear_disarms_one_name_or_all(faults):
    """
    Faults can be disarmed again.
    """
    for name in ("rst_before", "fin_after", "rst_after"):
        faults.arm(name)
    faults.clear("fin_after")
    left = [fault["name"] for fault in faults.armed()]
    faults.clear()

    assert ["rst_before", "rst_after"] == left
    assert [] == faults.armed()


@pytest.mark.parametrize(
    ("name", "arguments", "complaint"),
    [
        ("rst", {}, "no fault named 'rst'"),
        ("rst_after", {"operation": "fly"}, "no operation named 'fly'"),
        ("rst_after", {"times": 0}, "1 request or more"),
        ("rst_after", {"times": True}, "1 request or more"),
        ("rst_after", {"seconds": 1}, r"takes no 'seconds' \(it takes: nothing\)"),
        ("alter_after", {"field": "", "value": 1}, "cannot use '' as 'field'"),
        ("timeout_after", {"seconds": "1"}, "cannot use '1' as 'seconds'"),
        ("timeout_after", {"seconds": -1}, "cannot use -1 as 'seconds'"),
        ("redirect_307", {}, "needs location"),
        ("alter_after", {"field": "fee"}, "needs value"),
    ],
)
def test_arm_refuses_what_makes_no_sense(faults, name, arguments, complaint):
    """
    A misspelt fault is refused at once, instead of never being met.
    """
    with pytest.raises(ValueError, match=complaint):
        faults.arm(name, **arguments)


def test_every_name_is_carried_out():
    """
    There is no fault that nobody carries out, and none without a name.
    """
    assert list(FAULT_NAMES) == sorted(_PERFORMERS)

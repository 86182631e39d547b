"""
The pytest plugin: which provider is chosen, what is collected, and what is said.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

# Loaded once, here: each inner run forgets what it has imported.
from doorstep_contracts.effort import EFFORTS
from doorstep_contracts.suite import ProviderContract
from doorstep_contracts.suites import run
from doorstep_contracts.suites._contract import Contract

pytest_plugins = ["pytester"]

FIXTURES = """
import pytest
from doorstep.models import Address, DeliveryRequest, Stop
from doorstep.testing import FakeCarrier, FakeProvider
from doorstep_contracts.carriers import MemoryCarrier

@pytest.fixture
def server(effort):
    return MemoryCarrier(FakeCarrier()) if effort.server else None

@pytest.fixture
def provider(server):
    return FakeProvider() if server is None else server.fake.provider

@pytest.fixture
def delivery_request():
    where = Stop(address=Address(one_line="1 Main St"))
    return DeliveryRequest(reference="order-1", pickup=where, dropoffs=where)
"""
OWN = '''
from doorstep_contracts.suites.claims import ClaimsContract
from toy_contract import delivery_request, provider, server

class TestOwn(ClaimsContract):
    """Own."""
'''
#: A promise that the toy breaks, and one that it keeps.
BROKEN, KEPT = "test_capability_paths_exist", "test_provider_satisfies_the_protocol"
CHEAT = """
import attrs

@pytest.fixture
def provider():
    can = FakeProvider().capabilities
    return FakeProvider(capabilities=attrs.evolve(can, inputs=can.inputs | {"pickup.colour"}))
"""


@pytest.fixture(name="toy")
def _toy(pytester, monkeypatch):
    """
    Return a function that installs a provider's fixtures, and one that runs pytest.
    """
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    info = pytester.mkdir("doorstep_toy-1.0.dist-info")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: doorstep-toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[doorstep.contracts]\ntoy = toy_contract\nlost = no_such_module\n"
    )
    pytester.syspathinsert()

    def go(*options, fixtures="", **files):
        pytester.makepyfile(toy_contract=FIXTURES + fixtures, **files)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)

    return go


def test_provider_is_chosen_without_a_file(toy):
    """
    The whole contract is collected, and nothing else that lies about.
    """
    result = toy("--provider", "toy", "--collect-only", "-q", test_mine="def test_x(): pass")

    result.assert_outcomes()
    assert 0 == result.ret
    for suite in ProviderContract.__bases__:
        name = suite.__name__.removesuffix("Contract")
        result.stdout.fnmatch_lines([f"*::Test{name}::test_*"])
    result.stdout.no_fnmatch_line("*test_mine*")


def test_chosen_contract_is_run(toy):
    """
    The fixtures of the plugin's module are taken, and the result says whose it is.
    """
    result = toy("--provider", "toy", "-k", "Claims or Tipping")

    assert 0 == result.ret
    result.stdout.fnmatch_lines(["contract of fake, profile ci: * kept*"])


def test_own_tests_run_beside_the_contract(toy):
    """
    Files that are named are run too; where a test of the contract is named, it alone.
    """
    options = ("--provider", "toy", "-k", KEPT, "-q", "--collect-only")
    beside = toy(*options, "test_own.py", test_own=OWN)
    named = toy("--provider", "toy", "-q", "--collect-only", f"{run.__file__}::TestClaims::{KEPT}")

    beside.stdout.fnmatch_lines([f"*::TestClaims::{KEPT}", "2/* tests collected*"])
    beside.stdout.fnmatch_lines([f"test_own.py::TestOwn::{KEPT}"])
    named.stdout.fnmatch_lines(["1 test collected*"])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nobody", "*no contract named 'nobody' is installed (installed: *lost, toy*"),
        ("nobody", '*nobody = "doorstep_nobody.contract"*'),
        ("lost", "*'lost' (no_such_module) cannot be imported*pip install 'doorstep-lost*"),
    ],
)
def test_absent_contract_is_told_with_what_to_do(toy, name, told):
    """
    A name that nobody has ends as a wrong option does, and says what to install or write.
    """
    result = toy("--provider", name)

    assert 4 == result.ret
    result.stderr.fnmatch_lines([told])


def test_replay_asks_for_no_server(toy):
    """
    What needs a carrier is skipped, and the plugin can leave its simulator alone.
    """
    angry = """
@pytest.fixture
def server(effort):
    assert effort.server, "started"

@pytest.fixture
def provider():
    return FakeProvider()
"""
    result = toy(
        *("--provider", "toy", "--contract-profile", "replay", "-rs"),
        *("-k", "Quoting or Claims"),
        fixtures=angry,
    )

    assert 0 == result.ret
    result.stdout.fnmatch_lines(["*no server: that is the profile*"])


def test_profiles_differ_in_size():
    """
    Nightly goes further than ci in every number, replay less far.
    """
    replay, ci, nightly = (EFFORTS[name] for name in ("replay", "ci", "nightly"))

    assert (False, True, True) == (replay.server, ci.server, nightly.server)
    assert nightly.lives > ci.lives
    assert nightly.steps > ci.steps
    assert nightly.orders > ci.orders
    assert set(replay.statuses(5)) < set(ci.statuses(5)) == set(range(500, 600))


def test_few_places_are_others_for_each_change():
    """
    Where not every place is tried with every change, every place is tried with some.
    """
    replay, changes, places = EFFORTS["replay"], [str(n) for n in range(20)], list(range(950))
    tried = {change: replay.some(places, changes, change) for change in changes}

    assert all(len(some) <= 60 for some in tried.values())
    assert set(places) == {place for some in tried.values() for place in some}
    assert places == EFFORTS["ci"].some(places, changes, "7")


def test_exempt_test_must_fail(toy):
    """
    What a class exempts is expected to fail, with the reason; if it does not, that fails.
    """
    exempt = f'    exempt = {{"{BROKEN}": "Acme calls it colour", "{KEPT}": "we think so"}}\n'
    result = toy("-rxf", "test_own.py", test_own=OWN + exempt, fixtures=CHEAT)

    result.assert_outcomes(passed=3, xfailed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*promise is kept after all: take its name out*", "XFAIL*Acme calls it colour"]
    )


def test_module_of_fixtures_may_exempt(toy):
    """
    What the plugin's module exempts holds where the contract is run by its name.
    """
    exempt = f'exempt = {{"{BROKEN}": "Acme calls it colour"}}\n'
    result = toy("--provider", "toy", "-k", "Claims", fixtures=CHEAT + exempt)

    result.assert_outcomes(passed=4, xfailed=1, deselected=result.parseoutcomes()["deselected"])
    result.stdout.fnmatch_lines(["contract of fake*: 5 promises, 4 kept, 1 exempt"])


@pytest.mark.parametrize(
    ("exempt", "told"),
    [
        ('{"test_nothing": "why"}', "exempt has test_nothing, which is no test of this contract"),
        (f'{{"{BROKEN}": " "}}', f"exempt has {BROKEN} without a reason"),
    ],
)
def test_wrong_exemption_is_an_error(toy, exempt, told):
    """
    A name that no test has, or nothing said of why, stops the run, wherever it stands.
    """
    in_class = toy("test_own.py", test_own=f"{OWN}    exempt = {exempt}\n")
    in_module = toy("--provider", "toy", fixtures=f"exempt = {exempt}\n")

    assert 2 == in_class.ret
    in_class.stdout.fnmatch_lines([f"*class TestOwn: {told}"])
    assert 4 == in_module.ret
    in_module.stderr.fnmatch_lines([f"*toy_contract.exempt: {told}"])


def test_exempt_case_that_is_none_is_an_error(toy):
    """
    One case of a test may be exempt, but it must be one.
    """
    own = OWN.replace("claims", "errors").replace("Claims", "Errors")
    names = "test_trouble_is_told_as_trouble[500]", "test_trouble_is_told_as_trouble[999]"
    good, bad = (f'{own}    exempt = {{"{name}": "why"}}\n' for name in names)

    kept = toy("test_own.py", "-k", "told_as_trouble", test_own=good)
    none = toy("test_none.py", test_none=bad)

    kept.assert_outcomes(passed=3, failed=1, deselected=kept.parseoutcomes()["deselected"])
    none.stdout.fnmatch_lines(
        ["*TestOwn: exempt has *trouble?999?, of which there is no such case"]
    )


@pytest.mark.parametrize("name", [KEPT, "_only_what_is_claimed"])
def test_replaced_test_is_an_error(toy, name):
    """
    No test of the contract can be taken out by writing another in its place.
    """
    result = toy("test_own.py", test_own=f"{OWN}    def {name}(self): pass\n")

    assert 2 == result.ret
    result.stdout.fnmatch_lines([f"*class TestOwn: {name} is a promise of *, and cannot be*"])


def test_added_test_is_run(toy):
    """
    A subclass may promise more.
    """
    toy("test_own.py", test_own=f"{OWN}    def test_more(self, case): pass\n").assert_outcomes(
        passed=6
    )


def test_failure_says_what_was_promised_and_what_to_mend(toy):
    """
    A broken promise is shown with its words, the advice and the provider, whatever is
    asked for beside.
    """
    result = toy("--provider", "toy", "-k", BROKEN, "--show-capture=no", fixtures=CHEAT)

    assert 1 == result.ret
    result.stdout.fnmatch_lines(
        [
            "*AssertionError*pickup.colour*",
            "*contract of fake*",
            "promised:  Capabilities name paths of the neutral model, nothing misspelt.",
            "mend:      compare with doorstep.requirements.all_paths(), in _provider.py.",
            "provider:  fake",
        ]
    )


def test_fixture_that_lacks_another_is_told(toy):
    """
    A fixture that may be left out is not taken for absent when something in it is wrong.
    """
    lacking = "@pytest.fixture\ndef recordings(no_such_fixture): pass\n"
    result = toy("--provider", "toy", "-k", KEPT, fixtures=lacking)

    assert 1 == result.ret
    result.stdout.fnmatch_lines(["*fixture 'no_such_fixture' not found"])


def test_suites_have_no_name_twice():
    """
    A class that inherits every suite loses no test of any.
    """
    names = [
        name
        for suite in ProviderContract.__bases__
        for name in vars(suite)
        if name.startswith("test_") or (suite is Contract)
    ]

    assert len(set(names)) == len(names)
    assert set(names) <= set(dir(ProviderContract))


def test_every_promise_says_what_to_mend():
    """
    Each test of each suite has its words, and a file or a step after them.
    """
    from doorstep_contracts._pytest._explain import parts_of

    tests = [getattr(ProviderContract, one) for one in dir(ProviderContract) if "test_" in one[:5]]

    assert [] == [test.__name__ for test in tests if not all(parts_of(test))]


def test_start_up_imports_nothing_of_doorstep():
    """
    Whoever has the plugin installed pays nothing for it, and coverage misses nothing.
    """
    code = (
        "import sys, doorstep_contracts.plugin\n"
        "print([one for one in sys.modules if one.split('.')[0] in ('doorstep', 'hypothesis')\n"
        "       or one.startswith('doorstep_contracts.') and not one.endswith('.plugin')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]\n" == done.stdout

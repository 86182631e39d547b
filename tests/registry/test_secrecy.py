"""
What a failing plugin knows must not come out with its error.
"""

from __future__ import annotations

import logging
import pickle
import traceback
import warnings

import pytest

from doorstep.errors import PluginError
from doorstep.registry import Registry

CANARY = "canary_7f3e_9d21"

LEAKS = {
    "message": 'raise RuntimeError(f"bad key {KEY}")',
    "local": "def f(key):\n    raise ValueError(key)\nf(KEY)",
    "chained": "try:\n    raise ValueError(KEY)\n"
    "except ValueError as e:\n    raise OSError(KEY) from e",
    "exit": "raise SystemExit(KEY)",
    "note": "e = ValueError()\ne.add_note(KEY)\nraise e",
    "import": "raise ModuleNotFoundError(KEY, name=KEY)",
    "hook": "@hookimpl\ndef doorstep_register_providers(register):\n    raise ValueError(KEY)",
    "registered": "@hookimpl\ndef doorstep_register_providers(register):\n    register(KEY)",
    "default": "@hookimpl\ndef doorstep_exchange(exchanges, key=KEY): pass",
    "version": "doorstep_api_version = KEY",
    "lazy": "def __getattr__(name):\n    raise ValueError(KEY)\ndel doorstep_api_version",
    "spec": "@hookimpl\ndef doorstep_register_providers(register):\n"
    "    register(ProviderSpec(name=KEY.upper(), settings=Settings, build=build))",
}


def _caught(call):
    try:
        call()
    except PluginError as error:
        return error
    pytest.fail("nothing was raised")


def shown(error) -> str:
    """
    Everything that a log, a crash reporter or a pickle would have of *error*.
    """
    texts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        texts += [str(error), repr(error), repr(error.args), repr(vars(error))]
        texts += traceback.TracebackException.from_exception(error, capture_locals=True).format()
        texts.append(repr(pickle.dumps(error)))
        error = error.__context__ or error.__cause__
    return "\n".join(texts)


@pytest.mark.parametrize("leak", sorted(LEAKS))
def test_f112_failing_plugin_shows_no_secret(shelf, monkeypatch, caplog, leak):
    """
    Message, chain, locals, pickle, warnings and logs are free of what the plugin read.
    """
    monkeypatch.setenv("SOME_KEY", CANARY)
    caplog.set_level(logging.DEBUG)
    shelf.put("bolt", body=f"import os\nKEY = os.environ['SOME_KEY']\n{LEAKS[leak]}")
    registry = Registry()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        error = _caught(lambda: registry.provider("bolt"))
        (report,) = registry.load_all()

    assert CANARY not in shown(error).lower()
    assert CANARY not in shown(report.error) + repr(report)
    assert CANARY not in "".join(str(one.message) for one in warned) + caplog.text


def test_canary_would_be_found():
    """
    The search itself works: a plain error with a secret local is caught by it.
    """

    def leaky():
        key = CANARY
        raise PluginError("no", params={"n": len(key)})

    assert CANARY in shown(_caught(leaky))

"""
Write docs/reference/canary.md: where canaries were searched for, and what was found.

The rows come from a run of tests/faults/test_canary.py. Run it after adding a channel; a
test compares the page's channels.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/canary.md"
TESTS = "tests/faults/test_canary.py"

HEAD = """\
# Canary report

A canary is a value that exists nowhere else.
Here they are a secret of the settings, the tokens made from it, a phone number, a name, a business, a street and an instruction.
Each plugin that has a simulator lives a delivery's whole life with them, by both clients: quote, dispatch, track, update, refund, find and cancel.
It meets refused calls, a lost answer, a timeout, a bad certificate, refused credentials, and a carrier that answers with everything it was sent.
All that is shown meanwhile is searched for the canaries: plain, percent-encoded, escaped, in base64 and hex, reversed, and phone numbers without their plus or with separators.

Written by `python tools/canary_report.py`, from a run of `tests/faults/test_canary.py`.

| Where it is searched | Secrets | Personal data | Planted there, each canary is found |
| --- | --- | --- | --- |
"""  # noqa: E501  one sentence to a line

FOOT = """
A value that holds personal data gives it to whoever asks for it by name, copies or stores it: there, only secrets are searched for.
The request as it goes out is a value that the transport must see whole: of it, what it prints is searched.

The search is `doorstep_contracts.canary`, for the tests of any plugin or shop.
"""  # noqa: E501


class Results:
    """
    What the tests say of each channel.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, int | None, bool]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """
        Keep the row of a test that has one.
        """
        if report.when == "call":
            rows: list[tuple[str, Any]] = report.user_properties
            self.rows += [row for name, row in rows if name == "canary"]


def page(rows: list[tuple[str, int, int | None, bool]]) -> str:
    """
    Return the page that tells *rows*.
    """
    lines = (
        f"| {channel} | {_told(secret)} | {_told(personal)} | {'yes' if found else 'NO'} |\n"
        for channel, secret, personal, found in rows
    )
    return HEAD + "".join(lines) + FOOT


def _told(hits: int | None) -> str:
    return "not searched" if hits is None else f"{hits} found" if hits else "none"


if __name__ == "__main__":
    results = Results()
    options = ["-q", "-p", "no:cacheprovider", "-k", "not test_page"]  # that page is old
    code = pytest.main([*options, str(ROOT / TESTS)], plugins=[results])
    PAGE.write_text(page(results.rows), encoding="utf-8")
    sys.exit(code)

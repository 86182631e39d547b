"""
Write docs/reference/faults.md: every fault that was tried, and the tests that try it.

A test belongs to a fault by its name, ``test_f017_...``; what it promises is the first
sentence of its docstring. Run it after adding one; a test compares the page.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/faults.md"
NAME = re.compile(r"test_f(\d{3})_")

#: Section, then number and what goes wrong. Numbers that are missing belong to parts of
#: the library that do not exist yet.
FAULTS: dict[str, dict[int, str]] = {
    "The network": {
        1: "connection refused",
        2: "the host's name is unknown",
        3: "no connection in time",
        4: "a certificate that is untrusted, expired or for another host",
        5: "the TLS handshake stalls",
        6: "https spoken to a plain port",
        7: "TLS older than 1.2, or no verification, asked for",
        8: "a reset while the request is written",
        9: "a reset after the carrier did it",
        10: "the connection ends after the carrier did it",
        11: "silence after the carrier did it",
        12: "the carrier does it after we gave up",
        13: "a body that is shorter or longer than said",
        14: "the end of the stream inside the headers",
        15: "broken chunks",
        16: "garbage inside TLS after the carrier did it",
        17: "an answer that drips",
        18: "endless interim answers",
        19: "a compression bomb, or compression that is broken",
        20: "a body without end",
        21: "too many headers, or too long ones",
        22: "a redirect",
        23: "a kept connection that the carrier closed",
        24: "proxies in the environment",
    },
    "The protocol": {
        25: "429 with seconds to wait",
        26: "429 with a date to wait for",
        27: "429 with nothing",
        28: "a Retry-After that is nonsense",
        29: "500, 502, 503, 504 and their like",
        30: "501 and 505",
        31: "a token that expired",
        32: "403",
        33: "404 for what should be there",
        34: "408 and 425",
        35: "a page instead of an answer",
        36: "success without a body",
        37: "a wrong content type or charset",
        38: "JSON that is none, and JSON that is unusual",
        39: "JSON nested without end",
        40: "a key that comes twice",
        41: "a value that no document names",
        42: "fields that no document names",
        43: "a field that is missing",
        44: "a field of the wrong kind",
        45: "numbers that are too large",
        46: "times that are none",
        47: "bytes that are no text",
        48: "the answer is about another delivery",
        49: "a list whose pages repeat, have gaps or never end",
        50: "a batch of which a part succeeds",
    },
    "What the carrier means": {
        51: "409 on create, and it is ours",
        52: "409 on create, and it is another",
        55: "what was booked is still a quote",
        56: "the quote expired",
        57: "the price rose",
        58: "the answer is in another currency",
        60: "a refund that is denied, partial or open",
        61: "too late to cancel",
        62: "nobody knows whether the cancel arrived",
        64: "too late to update, or two at once",
    },
    "What comes in by itself": {
        65: "events out of order",
        66: "events that come twice",
        67: "forged webhooks",
        68: "webhooks that are replayed",
        69: "webhooks that are malformed",
        72: "an answer that goes back behind the end",
        73: "another courier",
        74: "cancelled, and then resumed",
        76: "times that cannot be",
    },
    "Clocks, processes and threads": {
        85: "our clock is ahead",
        86: "our clock is behind",
        88: "a fork with open connections",
        89: "many threads on one client",
        90: "a cancelled task",
        91: "an interrupt or a termination",
    },
    "What comes in": {
        94: "naughty strings",
        95: "control characters",
        96: "text that looks like something else",
        97: "terminal escapes",
        98: "ids that are paths",
        99: "line breaks in headers",
        100: "phone numbers that are none",
        101: "characters that a carrier refuses in names",
        102: "addresses that are none",
        103: "local times that do not exist, or exist twice",
        104: "windows that are none",
        105: "times without a zone",
        106: "money that is none",
        107: "minor units of every currency",
        108: "items that are none",
        109: "files that are too large or hostile",
    },
    "Secrets and personal data": {
        110: "in logs",
        111: "in representations and copies",
        112: "in tracebacks with the values of variables",
        113: "in recordings",
        116: "in the list of processes",
    },
    "Plugins": {
        117: "two distributions claim one name",
        118: "a plugin that nobody allowed",
        119: "a plugin that cannot be imported",
        120: "a plugin that hangs",
        121: "a plugin that misbehaves",
        122: "a plugin for another version of the interface",
        123: "a plugin that looks for another's secrets",
    },
}

_HEAD = """\
# Faults

What was tried, by number, and what is promised of it.
Each line is a test, named for its fault, and runs with every change.
Made by `tools/fault_table.py`.
"""


@dataclass(frozen=True, order=True)
class Tried:
    """
    One test of one fault.
    """

    number: int
    path: str
    name: str
    promise: str


def tried(root: Path = ROOT) -> list[Tried]:
    """
    Return every test that is named for a fault, by number, file and name.
    """
    files = [
        *root.glob("tests/**/test_*.py"),
        *root.glob("contracts/tests/**/test_*.py"),
        *root.glob("plugins/*/tests/**/test_*.py"),
    ]
    return sorted(test for path in files for test in _tests_of(path, root))


def _tests_of(path: Path, root: Path) -> Iterator[Tried]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            found := NAME.match(node.name)
        ):
            text = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
            yield Tried(int(found[1]), str(path.relative_to(root)), node.name, text)


def page(tests: list[Tried]) -> str:
    """
    Return the page that *tests* make.
    """
    parts = [_HEAD]
    for section, faults in FAULTS.items():
        parts.append(f"## {section}\n")
        for number, title in faults.items():
            mine = [test for test in tests if test.number == number]
            lines = [f"| {_cell(test.promise)} | {_source(test)} |\n" for test in mine]
            parts.append(f"### {number}: {title}\n")
            parts.append("| Promise | Test |\n| --- | --- |\n" + "".join(lines))
    return "\n".join(parts)


def _cell(text: str) -> str:
    # Docstrings are reStructuredText; the page is Markdown.
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`")
    return text.replace("|", "\\|").replace("<", "\\<")


def _source(test: Tried) -> str:
    return f"`{test.name}` in `{test.path}`"


if __name__ == "__main__":
    PAGE.write_text(page(tried()), encoding="utf-8")

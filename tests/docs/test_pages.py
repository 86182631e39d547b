"""
What holds for every page: it can be found, its examples run, its links lead somewhere.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

#: Languages of examples that docs/examples.py runs, and of those that are only read.
RUN = frozenset({"python", "sh", "console"})
READ = frozenset({"diff", "json", "text", "toml"})
#: What belongs to Sphinx.
DIRECTIVES = frozenset({"{toctree}", "{eval-rst}"})

_SKIP = re.compile(r'<!--- skip: next "[^"]{10,}" -->')
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def listed(page: Any) -> list[Path]:
    """
    Return the pages that the tables of contents of *page* name.
    """
    names = [
        line
        for language, text, _ in page.blocks()
        if language == "{toctree}"
        for line in text.splitlines()
        if line and not line.startswith(":")
    ]
    return [(page.path.parent / f"{name}.md").resolve() for name in names]


def test_every_page_stands_in_one_table_of_contents(pages: list[Any]) -> None:
    """
    Readers can walk to every page, by one way.
    """
    docs = [page for page in pages if "docs" in page.path.parts]
    named = [path for page in docs for path in listed(page)]
    (first,) = [page.path for page in docs if page.path.parts[-2:] == ("docs", "index.md")]

    assert sorted({page.path.resolve() for page in docs} - {first.resolve()}) == sorted(named)


def test_every_example_is_run_or_says_why_not(pages: list[Any]) -> None:
    """
    A block is run, or only data, or has a reason above it.
    """
    unknown = [
        (page.path.name, language)
        for page in pages
        for language, _, _ in page.blocks()
        if language not in RUN | READ | DIRECTIVES
    ]
    wrong = [
        (page.path.name, line)
        for page in pages
        for line in page.text.splitlines()
        if "skip:" in line and line.startswith("<!--") and not _SKIP.fullmatch(line)
    ]

    assert [] == unknown
    assert [] == wrong


def test_every_skip_is_for_the_block_below_it(pages: list[Any]) -> None:
    """
    No reason stands where nothing is skipped.
    """
    for page in pages:
        reasons = [line for line in page.text.splitlines() if _SKIP.fullmatch(line)]
        used = [above for _, _, above in page.blocks() if _SKIP.fullmatch(above)]

        assert reasons == used, page.path.name


def test_data_can_be_read(pages: list[Any]) -> None:
    """
    TOML and JSON on a page are TOML and JSON.
    """
    readers = {"toml": tomllib.loads, "json": json.loads}
    for page in pages:
        for language, text, _ in page.blocks():
            if language in readers:
                readers[language](text)


def test_links_lead_to_files(pages: list[Any]) -> None:
    """
    Links to other pages and files of the repository are good.
    """
    broken = [
        (page.path.name, target)
        for page in pages
        for target in _LINK.findall(page.prose)
        if "://" not in target and not (page.path.parent / target).exists()
    ]

    assert [] == broken

"""
Pages of the documentation, taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
_FENCE = re.compile(r"^(`{3,})(.*?)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


class Page:
    """
    One page.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        #: The text without its blocks of code.
        self.prose = _FENCE.sub("", self.text)

    def blocks(self) -> Iterator[tuple[str, str, str]]:
        """
        Yield the language and the text of each block, and the line of text above it.
        """
        for found in _FENCE.finditer(self.text):
            above = self.text[: found.start()].rstrip().rpartition("\n")[2]
            yield found[2].strip(), found[3], above

    def headings(self, level: int) -> list[str]:
        """
        Return the headings of one level.
        """
        return re.findall(rf"^{'#' * level} (.+)$", self.prose, re.MULTILINE)

    def section(self, heading: str) -> str:
        """
        Return what stands under a heading of the second level.
        """
        return self.text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]

    def rows(self, heading: str) -> list[list[str]]:
        """
        Return the rows of the tables in a section, without their headings.
        """
        lines = self.section(heading).splitlines()
        cells = [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in lines
            if line.startswith("| ")
        ]
        rules = [index for index, row in enumerate(cells) if set("".join(row)) <= set("-| ")]
        outside = {index for rule in rules for index in (rule, rule - 1)}
        return [row for index, row in enumerate(cells) if index not in outside]


@pytest.fixture(name="page")
def _page() -> Callable[[str], Page]:
    """
    Return a page of ``docs`` by its path there.
    """
    if not DOCS.is_dir():
        pytest.skip("the pages are not part of this copy")
    return lambda path: Page(DOCS / path)


@pytest.fixture(name="pages")
def _pages() -> list[Page]:
    """
    Return every page, and every README that has examples.
    """
    if not DOCS.is_dir():
        pytest.skip("the pages are not part of this copy")
    root = DOCS.parent
    readmes = [root / "README.md", root / "contracts" / "README.md", *root.glob("plugins/*/*.md")]
    return [Page(path) for path in sorted([*DOCS.rglob("*.md"), *readmes])]

"""
What ``tools/mutants.py`` breaks: mutants by mutmut's operators, and a sample of them.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import ndiff
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import libcst as cst
from libcst.matchers import Name, matches
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode

__all__ = ["Mutant", "sample"]

Operator = Callable[[Any], Iterable[cst.CSTNode]]


@attrs.frozen
class Mutant:
    """
    One change of one module.
    """

    path: Path
    line: int
    change: str
    code: str


def mutants_of(path: Path) -> Iterator[Callable[[], Mutant | None]]:
    """
    Yield what makes each mutant of the module *path*; None if it is none after all.
    """
    source = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source))
    ignored = IgnoredCode(_silent_lines(source), set(), set())
    visitor = MutationVisitor(_operators(), ignored)
    module = wrapper.visit(visitor)
    for mutation in visitor.mutations:
        yield partial(_mutant, path, source, module, mutation)


def _mutant(path: Path, source: str, module: cst.Module, mutation: Mutation) -> Mutant | None:
    changed = module.deep_replace(mutation.original_node, mutation.mutated_node)
    code = cst.ensure_type(changed, cst.Module).code
    try:
        if ast.dump(ast.parse(code)) == ast.dump(ast.parse(source)):
            return None
        compile(code, str(path), "exec")
    except SyntaxError:
        return None
    old, new = source.splitlines(), code.splitlines()
    line = next(
        (n for n, pair in enumerate(zip(old, new, strict=False), 1) if pair[0] != pair[1]), 1
    )
    shown = [one for one in ndiff(old, new) if one[:2] in ("- ", "+ ")]
    before = " ".join(one[2:].strip() for one in shown if one[0] == "-")
    after = " ".join(one[2:].strip() for one in shown if one[0] == "+")
    return Mutant(path, line, f"{before} → {after}" if after else f"{before} → (gone)", code)


def _operators() -> list[tuple[type, Operator]]:
    """
    Return mutmut's operators, of which words are changed once and prose never.
    """
    return [
        (kind, _word if operator is operator_string else _but_for_prose(operator))
        for kind, operator in mutation_operators
    ]


def _word(node: cst.BaseString) -> Iterable[cst.CSTNode]:
    if not _is_prose(node):
        yield from list(operator_string(node))[:1]


def _but_for_prose(operator: Operator) -> Operator:
    """
    Return *operator* without what takes a message away, or what only a type checker sees.
    """

    def chosen(node: Any) -> Iterator[cst.CSTNode]:
        if isinstance(node, cst.Assign | cst.AnnAssign) and (
            _is_prose(node.value) or _is_for_types(node) or _is_absent(node)
        ):
            return
        for one in operator(node):
            if isinstance(node, cst.Call) and isinstance(one, cst.Call):
                kept = {id(arg) for arg in one.args}
                if any(id(arg) not in kept and _is_prose(arg.value) for arg in node.args):
                    continue
            yield one

    return chosen


def _is_prose(node: cst.CSTNode | None) -> bool:
    """
    Whether it is a sentence for people, of which words without a space are none.
    """
    if isinstance(node, cst.SimpleString):
        return " " in node.raw_value.strip()
    return isinstance(node, cst.FormattedString | cst.ConcatenatedString)


def _is_for_types(node: cst.Assign | cst.AnnAssign) -> bool:
    if not isinstance(node, cst.AnnAssign):
        return False
    kind = node.annotation.annotation
    return (
        isinstance(kind, cst.Subscript)
        and isinstance(kind.value, cst.Name)
        and kind.value.value == "type"
    )


def _is_absent(node: cst.Assign | cst.AnnAssign) -> bool:
    """
    Whether it says that a field may be absent, which answers also say by an empty text.
    """
    value = node.value
    return isinstance(node, cst.AnnAssign) and value is not None and matches(value, Name("None"))


def _silent_lines(source: str) -> set[int]:
    """
    Return the lines that do nothing when they run: what is exported, and names of types.
    """
    found: set[int] = set()
    for node in ast.parse(source).body:
        targets = [getattr(one, "id", "") for one in getattr(node, "targets", ())]
        if isinstance(node, ast.Assign) and ("__all__" in targets or _is_alias(node)):
            found |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found


def _is_alias(node: ast.Assign) -> bool:
    value = node.value
    return isinstance(value, ast.Subscript) and getattr(value.value, "id", "") in {
        "Callable",
        "tuple",
    }


def sample(paths: Sequence[Path], size: int, seed: int) -> tuple[list[Mutant], int]:
    """
    Return *size* of the mutants of *paths*, by chance, and how many there are.
    """
    every = [make for path in paths for make in mutants_of(path)]
    chance = random.Random(seed)  # noqa: S311  no secret
    found: list[Mutant] = []
    seen: set[str] = set()
    for make in chance.sample(every, len(every)):
        mutant = make()
        if mutant is not None and mutant.code not in seen:
            seen.add(mutant.code)
            found.append(mutant)
        if len(found) == size:
            break
    return sorted(found, key=lambda one: (one.path.name, one.line, one.change)), len(every)

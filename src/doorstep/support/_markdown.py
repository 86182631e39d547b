"""
A case as Markdown that nobody's text can break out of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doorstep.http import Exchange
    from doorstep.provider import SupportContact
    from doorstep.support._case import SupportCase
    from doorstep.support._values import Step, TimelineEntry

__all__ = ["markdown"]

_TICKS = re.compile("`+")
_LONGEST = 500


def markdown(case: SupportCase) -> str:
    """
    Return *case* as Markdown.
    """
    return "\n".join(_lines(case)) + "\n"


def _lines(case: SupportCase) -> Iterator[str]:
    yield f"# Support case: delivery {_code(case.carrier_id)}"
    yield from _section("About", _about(case))
    yield from _section("Whom to ask", [_contact(one) for one in case.contacts])
    yield from _section("Timeline", [_entry(one) for one in case.timeline])
    yield from _section("Steps to reproduce", list(_steps(case.steps)), numbered=True)
    yield from _section("What is absent", [f"{one.what}: {_text(one.why)}" for one in case.absent])
    if case.exchanges:
        yield from ("", "## Requests and answers", "")
        yield "Redacted: `***` stands for what is or may be personal or secret."
    for number, exchange in enumerate(case.exchanges, 1):
        yield from _exchange(number, exchange)


def _section(title: str, items: list[str], *, numbered: bool = False) -> Iterator[str]:
    if items:
        yield from ("", f"## {title}", "")
        yield from (f"{index}. {one}" if numbered else f"- {one}" for index, one in _count(items))


def _count(items: list[str]) -> Iterable[tuple[int, str]]:
    return enumerate(items, 1)


def _about(case: SupportCase) -> list[str]:
    told = {
        "Support reference": case.support_ref,
        "Our reference": case.reference,
        "Revision": None if case.revision is None else str(case.revision),
        "Carrier's id": case.carrier_id,
        "Carrier": case.provider,
        "Account": case.account,
        "Status": None if case.status is None else case.status.value,
        "Carrier's status": case.raw_status,
        "Country": case.country,
        "Collected at": _moment(case.made_at),
    }
    return [f"{name}: {'not told' if one is None else _code(one)}" for name, one in told.items()]


def _contact(one: SupportContact) -> str:
    where = ", ".join(sorted(one.countries)) or "not told for which countries"
    return f"{one.about.value}: {one.kind.value} {_code(one.value)} ({where}; {_text(one.source)})"


def _entry(one: TimelineEntry) -> str:
    words = [_moment(one.at), one.status.value]
    if one.raw_status is not None:
        words.append(_code(one.raw_status))
    words += [*one.milestones, *([one.end] if one.end else [])]
    how = "answered" if one.asked else "told by itself"
    return f"{' '.join(words)} ({how if one.verified else f'{how}, not verified'})"


def _steps(steps: tuple[Step, ...]) -> Iterator[str]:
    """
    Yield one line for each call; those that repeat the one before are counted.
    """
    for (operation, error, outcome, cancelled), same in groupby(
        steps, key=lambda one: (one.operation, one.error, one.outcome, one.cancelled)
    ):
        held = list(same)
        came = f"failed with {_code(error)}" if error else "done"
        given_up = ", given up" if cancelled else ""
        attempts = sum(one.attempts for one in held)
        often = f" {len(held)} times, from" if len(held) > 1 else ""
        yield (
            f"{_code(operation)}{often} {_moment(held[0].ended_at)}: {came}{given_up}; "
            f"outcome {outcome.value}, {attempts} {'request' if attempts == 1 else 'requests'}"
        )


def _exchange(number: int, one: Exchange) -> Iterator[str]:
    came = f"HTTP {one.status}" if one.status is not None else f"no answer ({_code(one.error)})"
    yield from ("", f"### {number}. {_code(f'{one.method} {one.route}')}: {came}", "")
    yield f"- Call: {_code(one.operation)} {_code(one.call_id)}, attempt {one.attempt}"
    started = f"{one.started_at:%Y-%m-%d %H:%M:%S.%f}Z"
    yield f"- Started at: {started}, took {one.elapsed_s * 1000:.0f} ms"
    if not one.sent:
        yield "- Nothing of it was sent."
    yield from _payload("Request", one.request_body, one.request_size)
    yield from _payload("Answer", one.response_body, one.response_size)


def _payload(name: str, body: Any, size: int) -> Iterator[str]:
    if body is None:
        why = "no body" if not size else f"{size} bytes, not shown: no JSON, or not kept"
        yield f"- {name}: {why}"
        return
    text = _visible(_json(body), lines=True)
    # A line of JSON begins with no back tick, so nothing in it ends the block.
    yield from (f"- {name}: {size} bytes", "", "```json", text, "```", "")


def _json(body: Any) -> str:
    try:
        return json.dumps(body, indent=2, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):  # it was made by hand
        return "(cannot be shown)"


def _code(text: object) -> str:
    """
    Return *text* as code on one line.
    """
    shown = _visible(str(text)[:_LONGEST])
    ticks = "`" * (_longest_run(shown) + 1)
    space = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def _text(text: str) -> str:
    """
    Return prose with everything escaped that Markdown could act on.
    """
    return re.sub(r"([\\`*_{}\[\]()<>#!|&~$@:/])", r"\\\1", _visible(text[:_LONGEST]))


def _visible(text: str, *, lines: bool = False) -> str:
    """
    Return *text* with all that would act on a terminal, hide or reorder written out.
    """
    return "".join(
        one if one.isprintable() or (lines and one == "\n") else _written_out(one) for one in text
    )


def _written_out(one: str) -> str:
    point = ord(one)
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def _longest_run(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z"

"""
Markdown that nobody's text can break out of.
"""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.models import DeliveryId, Status
from doorstep.support import Absence, SupportCase, TimelineEntry

HOSTILE = "`` ` ``` [x](javascript:1) <img src=x> \x1b[2J\u202e\x9b\x7f\n# Heading\r\n- item ~~~ |"


@pytest.fixture(name="case")
def _case(kit):
    return SupportCase(
        made_at=kit.START, provider="acme", account="main", carrier_id="D-118", support_ref="8711"
    )


def outside(text):
    """
    Return the lines that are in no fenced block.
    """
    lines, fence = [], None
    for line in text.splitlines():
        ticks = line[: len(line) - len(line.lstrip("`"))]
        if fence is None and len(ticks) >= 3:
            fence = ticks
        elif fence is not None:
            fence = None if line == fence else fence
        else:
            lines.append(line)
    assert fence is None
    return lines


def headings(text):
    """
    Return the headings.
    """
    return [line for line in outside(text) if line.lstrip().startswith("#")]


def test_f097_case_text_of_the_carrier_stays_in_its_place(kit, case):
    """
    Text of a carrier adds no heading, link, HTML or escape sequence to a support case.
    """
    exchange = kit.exchange(
        method=HOSTILE,
        route=HOSTILE,
        operation=HOSTILE,
        call_id=HOSTILE,
        request_body={HOSTILE: HOSTILE},
        response_body=HOSTILE,
    )
    shown = attrs.evolve(
        case,
        support_ref=HOSTILE,
        reference=HOSTILE,
        raw_status=HOSTILE,
        exchanges=(exchange,),
        absent=(Absence(what="x", why=HOSTILE),),
        timeline=(TimelineEntry(at=kit.START, status=Status.PENDING, raw_status=HOSTILE),),
    ).to_markdown()

    assert all(one.isprintable() or one == "\n" for one in shown)
    assert 6 == len(headings(shown))
    assert all("<img" not in _outside_code(line) for line in outside(shown))
    assert all("](" not in _outside_code(line) for line in outside(shown))


def _outside_code(line):
    """
    Return *line* without its spans of code, taken apart as CommonMark says.
    """
    kept, at = "", 0
    while at < len(line):
        if line[at] == "\\":
            at += 2
            continue
        if line[at] != "`":
            kept += line[at]
            at += 1
            continue
        run = len(line[at:]) - len(line[at:].lstrip("`"))
        end = at + run
        while end < len(line):
            if line[end] != "`":
                end += 1
                continue
            closing = len(line[end:]) - len(line[end:].lstrip("`"))
            end += closing
            if closing == run:
                break
        else:
            return kept + line[at:]
        at = end
    return kept


@given(text=st.text(max_size=60))
def test_any_text_is_one_span_of_code(text):
    """
    Whatever it holds, a reference is one line of code.
    """
    now = datetime(2026, 11, 22, tzinfo=UTC)
    case = SupportCase(made_at=now, provider="a", account="b", carrier_id="c", support_ref=text)
    (line,) = [one for one in case.to_markdown().splitlines() if one.startswith("- Support ref")]

    assert "- Support reference: " == _outside_code(line)


def test_nothing_told_reads_not_told(case):
    """
    What is absent is not an empty line.
    """
    shown = attrs.evolve(case, support_ref=None).to_markdown()

    assert "- Support reference: not told" in shown


def test_steps_that_repeat_are_counted(kit, journal, case):
    """
    A hundred questions for the same thing are one line.
    """
    for number in range(30):
        kit.call(journal, f"t{number}", number, operation="track")
    kit.call(journal, "c", 40, operation="cancel", error="not_cancellable")
    kept = journal.history(DeliveryId("acme", "main", "D-118"))
    shown = attrs.evolve(case, steps=kept.steps).to_markdown()

    assert "1. `track` 30 times, from 2026-11-22 12:00:00Z: done" in shown
    assert "2. `cancel` 2026-11-22 12:00:00Z: failed with `not_cancellable`" in shown


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"request_body": None, "request_size": 0}, "- Request: no body"),
        ({"response_body": None}, "- Answer: 30 bytes, not shown: no JSON, or not kept"),
        ({"status": None, "error": "timeout", "response_body": None}, "no answer (`timeout`)"),
        ({"sent": False, "status": None, "error": "dns"}, "- Nothing of it was sent."),
        ({"response_body": {1: object()}}, "(cannot be shown)"),
    ],
)
def test_every_kind_of_exchange_is_shown(kit, case, fields, line):
    """
    Without a body, with one that is no JSON, without an answer, not even sent.
    """
    shown = attrs.evolve(case, exchanges=(kit.exchange(**fields),)).to_markdown()

    assert line in shown

"""
What one check found, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import attrs

from doorstep.cli._exit import Exit, exit_code
from doorstep.errors import DoorstepError

__all__ = ["Check", "Status", "Topic", "exit_of"]


class Status(StrEnum):
    """
    How a check ended.
    """

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@attrs.frozen(kw_only=True)
class Check:
    """
    One thing that was looked at.

    Args:
        check:
            What was looked at: ``plugin``, ``settings``, ``tls``.

        subject:
            Whose it is: a plugin's name, ``acme/default``; empty for this machine.

        finding, advice:
            One sentence each. Never a setting's value, never a foreign error's text.

        code:
            Of the error behind it, if there is one.

        facts:
            The same for programs.

        exit:
            What the command exits with if this failed.

        elapsed_s:
            Seconds that it took.
    """

    check: str
    subject: str = ""
    status: Status
    finding: str
    advice: str = ""
    code: str | None = None
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    exit: Exit = Exit.OK
    elapsed_s: float = 0.0

    @property
    def name(self) -> str:
        """
        What was looked at, and whose.
        """
        return f"{self.check} {self.subject}".strip()

    def told(self) -> dict[str, Any]:
        """
        Return what JSON tells of it.
        """
        fields = attrs.asdict(self, filter=lambda field, _: field.name != "exit")
        return {**fields, "elapsed_s": round(self.elapsed_s, 3)}


@attrs.frozen
class Topic:
    """
    What is being looked at, to be told how it is.
    """

    check: str
    subject: str = ""

    def ok(self, finding: str, **facts: Any) -> Check:
        """
        Nothing is to be done.
        """
        return self._end(Status.OK, finding, facts=facts)

    def warning(self, finding: str, advice: str, **facts: Any) -> Check:
        """
        It works, or nobody can tell.
        """
        return self._end(Status.WARNING, finding, advice=advice, facts=facts)

    def skipped(self, finding: str, advice: str = "") -> Check:
        """
        There was nothing to look at.
        """
        return self._end(Status.SKIPPED, finding, advice=advice)

    def failed(self, finding: str, advice: str, exit_: Exit, **facts: Any) -> Check:
        """
        It does not work.
        """
        return self._end(Status.FAILED, finding, advice=advice, exit=exit_, facts=facts)

    def failed_by(self, error: DoorstepError, advice: str = "") -> Check:
        """
        It does not work, as *error* says.
        """
        told = self.failed(sentence(error), advice or error.advice, exit_code(error))
        return attrs.evolve(told, code=error.code)

    def _end(self, status: Status, finding: str, **rest: Any) -> Check:
        return Check(check=self.check, subject=self.subject, status=status, finding=finding, **rest)


def sentence(error: DoorstepError) -> str:
    """
    Return what happened, without what to do.
    """
    evidence = error.evidence()
    return f"{error.what} ({evidence})" if evidence else error.what


def exit_of(checks: Iterable[Check]) -> Exit:
    """
    Return the code of the first check that failed: causes are looked at before effects.
    """
    failed = (one.exit for one in checks if one.status is Status.FAILED)
    return next(failed, Exit.OK)

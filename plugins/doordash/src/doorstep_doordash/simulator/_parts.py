"""
What the account's server is made of: groups of routes, each with its own answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

__all__ = ["Part", "said"]


class Part(Protocol):
    """
    A group of routes that belong together.

    It is called from several threads at once.
    """

    def rules(self) -> Sequence[Rule]:
        """
        Return its routes. A rule's endpoint is the name of its operation, which no other part has.
        """

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks and what, then do it.

        Args:
            operation:
                The endpoint of the rule that matched.

            arguments:
                The path's variable parts, percent-decoded.

            request:
                The request, its body fully read.

        Raises:
            RefusedError:
                The refusal to answer with.
        """


def said(status: int, body: Any) -> Response:
    """
    Return an answer in JSON.
    """
    return Response(json.dumps(body), status=status, content_type="application/json")

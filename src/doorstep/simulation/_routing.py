"""
Routes matched on the path as it was sent, so that ``%2F`` stays inside an identifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

__all__ = ["Match", "Routes"]


@dataclass(frozen=True)
class Match:
    """
    What a route says about a request.
    """

    #: The rule's endpoint.
    operation: str
    #: The path's variable parts, percent-decoded.
    arguments: Mapping[str, str]
    #: The rule's template.
    route: str


class Routes:
    """
    Find the operation that a method and a path name.

    A slash at the end of the path makes no difference.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        routes = Map([rule.empty() for rule in rules], strict_slashes=False, merge_slashes=False)
        self._adapter = routes.bind("simulator")

    def match(self, path: str, method: str) -> Match | HTTPException:
        """
        Return the match, or the reason why there is none (404 or 405).

        Args:
            path:
                The path before percent-decoding, without the query.

            method:
                The HTTP method.
        """
        try:
            rule, arguments = self._adapter.match(path, method, return_rule=True)
        except HTTPException as error:
            return error
        return Match(
            operation=str(rule.endpoint),
            arguments={name: unquote(value) for name, value in arguments.items()},
            route=rule.rule,
        )

"""
Where a simulator's webhooks go, and how badly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from doorstep.errors import SettingsError
from doorstep.webhooks._post import check_url

__all__ = ["WebhookOptions"]


def _rule(holds: Callable[[Any], bool], rule: str) -> Any:
    def check(_: WebhookOptions, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not holds(value):
            msg = f"{attribute.name} of webhooks must be {rule}"
            raise ValueError(msg)

    return check


def _is_headers(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and isinstance(text, str) and name and text.isprintable()
        for name, text in value.items()
    )


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9


def _is_count(value: object) -> bool:
    return type(value) is int and 1 <= value <= 1000


def _is_url(value: object) -> bool:
    try:
        check_url(value if isinstance(value, str) else "")
    except SettingsError:
        return value is None
    return True


def _are_pauses(value: object) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and all(map(_is_seconds, value))


def _as_tuple(value: Sequence[float]) -> tuple[float, ...]:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]


@attrs.frozen(kw_only=True)
class WebhookOptions:
    """
    Where webhooks go, and how badly.

    Seconds are the simulator's: while its clock stands, only :meth:`SimulatorClock.step`
    lets them pass.

    Args:
        url:
            Where to: https, or http to this very computer. None sends none.

        headers:
            Sent along with each, the authorization among them.

        tries:
            How often one is sent at most, until it is answered with 200.

        pauses_s:
            Seconds before the second try, the third and so on; the last holds for
            all further ones.

        delay_s:
            Seconds before the first try.

        shuffle:
            A seed: each webhook waits up to *spread_s* longer, so that they come in
            another order, the same for the same seed. None keeps them in order.

        spread_s:
            See *shuffle*.

        repeat:
            How often each is sent although it was taken.

        foreign:
            Whether each is followed by one about a delivery of another shop.

        timeout_s:
            Real seconds that an answer may take.
    """

    url: str | None = attrs.field(
        default=None,
        repr=False,
        validator=_rule(_is_url, "https://..., or http://... to this computer"),
    )
    headers: Mapping[str, str] = attrs.field(
        factory=dict, repr=False, validator=_rule(_is_headers, "names with texts on one line")
    )
    tries: int = attrs.field(default=3, validator=_rule(_is_count, "1 to 1000"))
    pauses_s: tuple[float, ...] = attrs.field(
        default=(30.0,),
        converter=_as_tuple,
        validator=_rule(_are_pauses, "at least one number of seconds"),
    )
    delay_s: float = attrs.field(default=0.0, validator=_rule(_is_seconds, "seconds, 0 or more"))
    shuffle: int | None = attrs.field(
        default=None,
        validator=_rule(lambda value: value is None or type(value) is int, "a whole number"),
    )
    spread_s: float = attrs.field(default=600.0, validator=_rule(_is_seconds, "seconds, 0 or more"))
    repeat: int = attrs.field(default=1, validator=_rule(_is_count, "1 to 1000"))
    foreign: bool = attrs.field(
        default=False, validator=_rule(lambda value: type(value) is bool, "true or false")
    )
    timeout_s: float = attrs.field(
        default=10.0,
        validator=_rule(lambda value: _is_seconds(value) and value > 0, "seconds, more than 0"),
    )

    def pause_s(self, tried: int) -> float:
        """
        Return the seconds to wait after *tried* tries.
        """
        return self.pauses_s[min(tried, len(self.pauses_s)) - 1]

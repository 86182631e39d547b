"""
``doorstep webhook send``: what a carrier would post, posted again.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from doorstep import settings as account_settings
from doorstep.cli._exit import Exit
from doorstep.cli._files import read_bytes
from doorstep.cli._output import Line
from doorstep.cli._shared import Account, Input, Settings, invalid, registry
from doorstep.errors import SettingsError
from doorstep.secret import Secret
from doorstep.webhooks._post import Posted, Poster

__all__ = ["send"]

_MOST = 100_000
#: Words in names of headers that tell that the value is a secret.
_SECRET = ("auth", "cookie", "key", "password", "secret", "token")
#: The setting that holds what a carrier's webhooks are known by.
_SETTING = "webhook_authorizations"


def send(
    url: str,
    /,
    *files: Input,
    authorization_env: Annotated[
        str | None, Parameter(help="The variable with the value of the Authorization header.")
    ] = None,
    carrier: Annotated[
        str | None, Parameter(help="The plugin in whose settings that value is, instead.")
    ] = None,
    account: Account = "default",
    header: Annotated[
        tuple[str, ...], Parameter(help="Another header, as 'Name: value'; no secrets.")
    ] = (),
    times: Annotated[int, Parameter(help="How often each is posted.")] = 1,
    shuffle: Annotated[
        int | None, Parameter(help="A seed: post in another order, the same for the same seed.")
    ] = None,
    settings: Settings = Settings(),  # noqa: B008  frozen
) -> int:
    """
    Post bodies of webhooks to a URL, as a carrier would.

    Each is posted once, in the order given; redirects are not followed. Exits with 0
    if all were answered with 200, with 4 if any got no answer or one to try again
    after, else with 3.

    Args:
        url:
            Where to: https, or http to this machine.

        files:
            Files with a body each, sent as they are; - is stdin.
    """
    if not files:
        raise invalid("FILES", "must be given; - is stdin")
    if not 1 <= times <= _MOST // len(files):
        raise invalid("--times", f"must be at least 1, and no more than {_MOST} posts in all")
    headers = dict(map(_header, header))
    authorization = _authorization(authorization_env, carrier, account, settings)
    poster = _poster(url)
    bodies = {path: read_bytes("FILES", path) for path in files}
    plan = [path for path in files for _ in range(times)]
    if shuffle is not None:
        random.Random(shuffle).shuffle(plan)  # noqa: S311  no secret
    output, worst = settings.output, Exit.OK
    for path in plan:
        secret = {} if authorization is None else {"Authorization": authorization.reveal()}
        posted = poster.post(bodies[path], headers | secret)
        told = {"file": str(path), "status": posted.status, "error": posted.error}
        output.data(told, Line(f"{posted.status or posted.error}  {path}"))
        worst = max(worst, _code(posted))
    return worst


def _poster(url: str) -> Poster:
    try:
        return Poster(url)
    except SettingsError:
        pass
    raise invalid("URL", "must be https://..., or http://... to this computer")


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    name = name.strip()
    if not colon or not name or not text.isprintable():
        raise invalid("--header", "must read 'Name: value'")
    if any(word in name.lower() for word in _SECRET):
        raise invalid("--header", "must hold no secret: use --authorization-env")
    return name, value.strip()


def _authorization(
    variable: str | None, carrier: str | None, account: str, settings: Settings
) -> Secret | None:
    if variable is not None and carrier is not None:
        raise invalid("--carrier", "cannot be given with --authorization-env")
    if variable is not None:
        value = os.environ.get(variable, "")
        if not value or not value.isprintable():
            raise invalid("--authorization-env", "must name a variable that holds one line of text")
        return Secret(value)
    return None if carrier is None else _configured(carrier, account, settings.config)


def _configured(carrier: str, account: str, config: Path | None) -> Secret:
    """
    Return the first of what the account's webhooks are known by.
    """
    plugins = registry(config)
    spec = plugins.provider(carrier)
    values = account_settings.load(
        spec.settings, carrier, account, config=config, others=plugins.names()
    )
    known: tuple[Secret, ...] = getattr(values, _SETTING, ())
    if not known:
        raise invalid("--carrier", f"must name an account with {_SETTING}")
    return known[0]


def _code(posted: Posted) -> Exit:
    if posted.taken:
        return Exit.OK
    status = posted.status
    passing = status is None or status >= 500 or status in (408, 429)
    return Exit.UNAVAILABLE if passing else Exit.REFUSED

"""
``doorstep record``: one delivery against a carrier's sandbox, kept as recordings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import attrs
from cyclopts import App, Parameter

# Parts of the command line that are not public: the two distributions are released together.
from doorstep.cli._errors import note
from doorstep.cli._exit import Exit
from doorstep.cli._files import read_value
from doorstep.cli._output import Line, Output
from doorstep.cli._shared import invalid
from doorstep.models import DeliveryRequest
from doorstep.secret import Secret

if TYPE_CHECKING:
    from doorstep.provider import Provider
    from doorstep_contracts.recordings import Life, Origin

__all__ = ["app"]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

app = App(
    name="record",
    help="Record one delivery of a carrier's sandbox, without secrets and personal data.",
    default_parameter=Parameter(negative=()),
)


@app.default
def record(
    provider: str,
    /,
    *,
    request: Path,
    account: str = "default",
    out: Path = Path("recordings"),
    operations: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    api_version: str | None = None,
    config: Path | None = None,
    yes: bool = False,
) -> int:
    """
    Record one delivery of a carrier's sandbox: quote, dispatch, track, update, cancel, refund.

    This books a courier: point the account at a sandbox. What was dispatched is cancelled
    at the end, whatever happens. Names, phones, addresses, links, ids and all that the
    provider does not call public are replaced before anything is written; read the files
    all the same before you publish them.

    Args:
        provider:
            The plugin's name.

        request:
            A file with a request for your sandbox, as JSON; - is stdin.

        account:
            Which set of settings.

        out:
            The folder to write to. No file in it is overwritten.

        operations:
            Which of them to record; all of them unless said.

        api_version:
            The version of the carrier's API, for the record.

        config:
            A TOML file with settings; else the one that DOORSTEP_CONFIG names.

        yes:
            Book without asking.
    """
    from doorstep_contracts.recordings import Origin

    chosen = _chosen(operations)
    wish = read_value("--request", request, DeliveryRequest)
    built, values = _provider(provider, account, config)
    host = urlsplit(built.base_url).hostname or ""
    origin = Origin.SYNTHETIC if host in _LOOPBACK else Origin.SANDBOX
    _check_free(out, [f"{name}_{origin.value}" for name in chosen])
    if origin is Origin.SYNTHETIC:
        note(f"{host} is this machine: what it answers is synthetic, no sandbox's")
    if "dispatch" in chosen and not yes:
        _ask(f"Book a courier of {provider!r}, account {account!r}, at {host}?")
    life = _life(built, wish, origin, host, chosen, api_version, _texts(values))
    return _written(life, out)


def _written(life: Life, out: Path) -> int:
    from doorstep_contracts.recordings import write

    for one in life.record():
        Output().show(Line(str(write(one, out))))
    for problem in life.skipped:
        note(problem)
    return Exit.UNKNOWN if life.left_behind else Exit.OK


def _life(
    provider: Provider,
    wish: DeliveryRequest,
    origin: Origin,
    host: str,
    chosen: tuple[str, ...],
    api_version: str | None,
    hide: Iterable[str],
) -> Life:
    from doorstep.http import HttpPool
    from doorstep_contracts.recordings import Life, Redactor

    return Life(
        provider=provider,
        transport=HttpPool(),
        request=wish,
        redactor=Redactor(provider, hide=hide),
        origin=origin,
        source=f"doorstep record {provider.name}, against {host}",
        api_version=api_version,
        operations=chosen,
    )


def _chosen(operations: list[str] | None) -> tuple[str, ...]:
    from doorstep_contracts.recordings import LIFE

    wanted = LIFE if operations is None else tuple(operations)
    if not set(wanted) <= set(LIFE):
        raise invalid("--operations", f"must be some of {', '.join(LIFE)}")
    return tuple(name for name in LIFE if name in wanted)


def _provider(name: str, account: str, config: Path | None) -> tuple[Provider, Any]:
    """
    Return the provider with its settings, found as ``doorstep.connect`` finds them.
    """
    from doorstep import settings
    from doorstep.registry import default_registry

    found = default_registry(settings.allowed_plugins(config))
    spec = found.provider(name)
    values = settings.load(spec.settings, name, account, config=config, others=found.names())
    return spec.build(account, values), values


def _texts(values: Any) -> Iterator[str]:
    """
    Yield the texts among the settings that are somebody's: secrets, and what is no default.
    """
    for field in attrs.fields(type(values)):
        value = getattr(values, field.name)
        if value == field.default:
            continue
        for one in value if isinstance(value, tuple | list) else (value,):
            text = one.reveal() if isinstance(one, Secret) else one
            if isinstance(text, str) and "://" not in text:
                yield text


def _check_free(out: Path, names: list[str]) -> None:
    taken = [name for name in names if (out / f"{name}.json").exists()]
    if taken:
        raise invalid("--out", f"has {taken[0]}.json already: evidence is not overwritten")


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise invalid("--yes", "is needed where nobody can be asked: this books a courier")
    note(f"{question} [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise invalid("answer", "was no: nothing was sent")

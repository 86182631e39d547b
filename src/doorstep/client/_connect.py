"""
From a name in the configuration to a client.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from doorstep import settings
from doorstep.client._async import AsyncClient
from doorstep.client._base import DEFAULT_DEADLINE_S
from doorstep.client._sync import Client
from doorstep.errors import DoorstepError, ProviderLoadError, SettingsError
from doorstep.hookspecs import ProviderSpec
from doorstep.http import Clock, Observer, Transport
from doorstep.provider import Provider
from doorstep.registry import Registry, default_registry

if TYPE_CHECKING:
    from doorstep.tracking import EventStore


def connect(
    provider: str,
    *,
    account: str = "default",
    config: str | PathLike[str] | None = None,
    registry: Registry | None = None,
    pool: Transport | None = None,
    clock: Clock | None = None,
    observers: Sequence[Observer] = (),
    deadline_s: float = DEFAULT_DEADLINE_S,
    deadlines: Mapping[str, float] | None = None,
    store: EventStore | None = None,
    **keywords: object,
) -> Client:
    """
    Return a client for one account of one carrier. Nothing is sent.

    Only the plugin that is asked for is imported.

    Args:
        provider:
            The plugin's name.

        account:
            Which set of settings, where there are several.

        config:
            A TOML file with settings; the environment variable
            ``DOORSTEP_CONFIG`` names one too.

        registry:
            Where plugins are found; the installed ones unless said.

        pool, clock, observers, deadline_s, deadlines, store:
            See :class:`Client`.

        keywords:
            The provider's own settings, for example its credentials. They come
            before the environment, which comes before the file.

    Raises:
        doorstep.errors.PluginError:
            There is no such plugin, or it cannot be used.

        doorstep.errors.SettingsError:
            A setting is missing or wrong; all of them are named at once.

    .. versionadded:: 0.1.0
    """
    given = _Hidden(keywords)
    del keywords
    found = _registry(provider, config, registry)
    built = _provider(found, provider, account, config, given)
    return Client(
        built,
        pool=pool,
        clock=clock,
        observers=_with_hooks(observers, found),
        deadline_s=deadline_s,
        deadlines=deadlines,
        store=store,
    )


def connect_async(
    provider: str,
    *,
    account: str = "default",
    config: str | PathLike[str] | None = None,
    registry: Registry | None = None,
    pool: Transport | None = None,
    clock: Clock | None = None,
    observers: Sequence[Observer] = (),
    deadline_s: float = DEFAULT_DEADLINE_S,
    deadlines: Mapping[str, float] | None = None,
    store: EventStore | None = None,
    max_threads: int = 64,
    **keywords: object,
) -> AsyncClient:
    """
    Return an :class:`AsyncClient`. See :func:`connect`; nothing is awaited here.

    Args:
        max_threads:
            Calls under way at once.

    .. versionadded:: 0.1.0
    """
    given = _Hidden(keywords)
    del keywords
    found = _registry(provider, config, registry)
    built = _provider(found, provider, account, config, given)
    return AsyncClient(
        built,
        max_threads=max_threads,
        pool=pool,
        clock=clock,
        observers=_with_hooks(observers, found),
        deadline_s=deadline_s,
        deadlines=deadlines,
        store=store,
    )


class _Hidden:
    """
    Settings given as keywords, in a form that no traceback with locals shows.

    No mapping: crash reporters open mappings of every kind, whatever their repr.
    """

    __slots__ = ("_given",)

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = dict(given)

    def items(self) -> Iterable[tuple[str, object]]:
        """
        Return names and values.
        """
        return self._given.items()

    def __repr__(self) -> str:
        return "<settings>"


def _registry(
    provider: object, config: str | PathLike[str] | None, registry: Registry | None
) -> Registry:
    if not isinstance(provider, str):
        raise SettingsError(f"a provider is named by text (got {type(provider).__name__})")
    if config is not None and not isinstance(config, str | PathLike):
        raise SettingsError(f"config must be the path of a file (got {type(config).__name__})")
    return registry or default_registry(settings.allowed_plugins(config))


def _with_hooks(observers: Sequence[Observer], found: Registry) -> Sequence[Observer]:
    hooked = found.observers()
    return (*observers, *hooked) if hooked and isinstance(observers, Sequence) else observers


def _provider(
    found: Registry,
    name: str,
    account: str,
    config: str | PathLike[str] | None,
    given: _Hidden,
) -> Provider:
    spec = found.provider(name)
    values: Any = settings.try_load(
        spec.settings, name, account, keywords=given, config=config, others=found.names()
    )
    if isinstance(values, SettingsError):
        raise values
    built = _built(spec, account, values)
    if isinstance(built, Provider):
        return built
    what = f"the plugin {name!r} cannot be used for account {account!r}: {built}"
    raise ProviderLoadError(what, advice="report it to the plugin's author", params={"name": name})


def _built(spec: ProviderSpec[Any], account: str, values: Any) -> Provider | str:
    """
    Return the provider, or what is wrong; never the text of a foreign error.
    """
    try:
        built: object = spec.build(account, values)
    except DoorstepError:
        raise
    except Exception as error:  # noqa: BLE001  a plugin may raise anything
        return f"building it raised {type(error).__name__}"
    return built if isinstance(built, Provider) else f"it built a {type(built).__name__}"

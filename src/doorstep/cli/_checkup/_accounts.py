"""
The accounts: their settings, and where these point.
"""

from __future__ import annotations

import ipaddress
import re
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import attrs

from doorstep import settings
from doorstep.cli._checkup._asking import endpoint_of
from doorstep.cli._checkup._check import Check, Topic
from doorstep.cli._exit import Exit
from doorstep.errors import DoorstepError, SettingsError
from doorstep.hookspecs import ProviderSpec
from doorstep.http import check_base_url
from doorstep.provider import Provider
from doorstep.secret import Secret
from doorstep.settings._needed import needed

__all__ = ["Account", "Opened", "base_url_check", "is_local"]

_TRIAL = re.compile(r"(?:^|[.-])(sandbox|staging|stage|test|uat|demo|dev)(?:[.-]|$)")


@attrs.frozen
class Opened:
    """
    An account whose settings are good.

    Args:
        secrets:
            The names of the settings that requests are signed with.
    """

    provider: Provider
    secrets: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Account:
    """
    One account of one provider, and where its settings are looked for.

    Args:
        others:
            The names of all providers.
    """

    spec: ProviderSpec[Any]
    name: str
    config: Path | None
    others: Collection[str]

    @property
    def subject(self) -> str:
        """
        What checks call it.
        """
        return f"{self.spec.name}/{self.name}"

    def open(self) -> tuple[Check, Opened | None]:
        """
        Load its settings and make its provider, if they allow it.
        """
        topic = Topic("settings", self.subject)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            found: Any = settings.try_load(
                self.spec.settings,
                self.spec.name,
                self.name,
                config=self.config,
                others=self.others,
            )
        if isinstance(found, SettingsError):
            return topic.failed_by(found), None
        try:
            provider: Provider = self.spec.build(self.name, found)
            check_base_url(endpoint_of(provider).base_url)
        except DoorstepError as error:
            return topic.failed_by(error), None
        except Exception as error:  # noqa: BLE001  a plugin may raise anything, with anything in it
            kind = type(error).__name__
            finding = f"the plugin raised {kind} when it was given its settings"
            return topic.failed(finding, "tell the plugin's authors", Exit.PLUGIN), None
        opened = Opened(provider, _secrets_of(found))
        exposed = [str(one.message) for one in warned if _about_settings(one)]
        if exposed:
            finding, _, advice = exposed[0].partition("; ")
            return topic.warning(finding, f"let its owner alone read it: {advice}"), opened
        return topic.ok("complete"), opened


def base_url_check(subject: str, base_url: str) -> Check:
    """
    Tell where requests go, and whether that is a trial, as far as the host says so.
    """
    topic = Topic("base_url", subject)
    parts = urlsplit(base_url)
    shown = f"{parts.scheme}://{parts.netloc}"
    if is_local(parts):
        return topic.ok(f"{shown} is this machine", url=shown, kind="local")
    if _TRIAL.search(parts.hostname or ""):
        return topic.ok(f"{shown} is a sandbox, by its name", url=shown, kind="sandbox")
    finding = f"{shown} does not say whether it is production: the credentials decide"
    return topic.ok(finding, url=shown, kind="unknown")


def is_local(parts: SplitResult) -> bool:
    """
    Tell whether a URL leads to this very machine.
    """
    host = parts.hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secrets_of(values: Any) -> tuple[str, ...]:
    """
    Name the settings that hold one credential each: several are for what comes in, where
    keys rotate. Those that can be left out are for something beside the deliveries, as
    long as others are needed.
    """
    fields = attrs.fields(type(values))
    given = [one.alias for one in fields if isinstance(getattr(values, one.name), Secret)]
    wanted = needed(type(values), given)
    return tuple(name for name in given if name in wanted) or tuple(given)


def _about_settings(warned: warnings.WarningMessage) -> bool:
    return issubclass(warned.category, settings.InsecureConfigWarning)

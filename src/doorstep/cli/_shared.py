"""
What many commands share: their options, and the client they ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import attrs
from cyclopts import Parameter

from doorstep.cli._journal import opened
from doorstep.cli._output import Output
from doorstep.errors import FieldProblem, ValidationError

if TYPE_CHECKING:
    from doorstep.client import Client
    from doorstep.models import DeliveryId
    from doorstep.registry import Registry
    from doorstep.tracking import EventStore

__all__ = [
    "Account",
    "Asking",
    "Input",
    "Printing",
    "Settings",
    "flag",
    "given_by",
    "invalid",
    "registry",
]

#: A file, or ``-`` for stdin.
Input = Annotated[Path, Parameter(allow_leading_hyphen=True)]
#: The option ``--account`` of commands that are not given a delivery's id.
Account = Annotated[str, Parameter(help="Which set of settings.")]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Printing:
    """
    How a command answers.

    Args:
        json:
            Print JSON, one value to a line.
    """

    json: bool = False

    @property
    def output(self) -> Output:
        """
        Where to print.
        """
        return Output(json=self.json)


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Settings(Printing):
    """
    Where a command finds the settings of an account.

    Args:
        json:
            Print JSON, one value to a line.

        config:
            A TOML file with settings; else the one that DOORSTEP_CONFIG names.

        journal:
            A SQLite file that keeps redacted exchanges, for doorstep support;
            else the one that DOORSTEP_JOURNAL names.
    """

    config: Path | None = None
    journal: Path | None = None

    def connect(
        self, provider: str, account: str = "default", *, store: EventStore | None = None
    ) -> Client:
        """
        Return a client; its settings come from the environment and the file.
        """
        import doorstep

        kept = opened(self.journal)
        return doorstep.connect(
            provider,
            account=account,
            config=self.config,
            store=store,
            observers=() if kept is None else (kept,),
        )


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Asking(Settings):
    """
    How a command asks the carrier.

    Args:
        json:
            Print JSON, one value to a line.

        config:
            A TOML file with settings; else the one that DOORSTEP_CONFIG names.

        journal:
            A SQLite file that keeps redacted exchanges, for doorstep support;
            else the one that DOORSTEP_JOURNAL names.

        deadline:
            Seconds that the whole call may take.
    """

    deadline: float | None = None

    def connect_for(self, delivery: str) -> tuple[Client, DeliveryId]:
        """
        Return the client that the id of a delivery asks for, and the id.
        """
        from doorstep.models import DeliveryId

        found = DeliveryId.parse(delivery)
        return self.connect(found.provider, found.account), found


def registry(config: Path | None = None) -> Registry:
    """
    Return the registry that ``doorstep.connect`` would use.
    """
    from doorstep import settings
    from doorstep.registry import default_registry

    return default_registry(settings.allowed_plugins(config))


def invalid(option: str, rule: str) -> ValidationError:
    """
    Return the error for one option; the value that was given is not told.
    """
    problem = FieldProblem(option, rule)
    return ValidationError("command line is not valid", fields=(problem,), advice="")


@contextmanager
def given_by(**options: str) -> Iterator[None]:
    """
    Name the fields of a value that is built here by the options that they came from.

    Args:
        options:
            For each field the name of its option, or of its argument in capitals.
    """
    try:
        yield
    except ValidationError as error:
        fields = tuple(_renamed(field, options) for field in error.fields)
        raise ValidationError("command line is not valid", fields=fields, advice="") from None


def _renamed(field: FieldProblem, options: Mapping[str, str]) -> FieldProblem:
    option = options.get(field.path.rpartition(".")[2])
    return field if option is None else FieldProblem(_named(option), field.problem)


def _named(option: str) -> str:
    return option if option.isupper() else flag(option)


def flag(name: str) -> str:
    """
    Return a field's name as the option it is given by.
    """
    return "--" + name.replace("_", "-")

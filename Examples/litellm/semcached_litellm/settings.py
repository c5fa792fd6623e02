"""What `callback_settings: semcached:` in the proxy's config.yaml says."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

import litellm

from .tenancy import TENANTS

_SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_NAMES = {bool: "switch (true or false)", str: "text", int: "whole number", float: "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Durations are in seconds unless the name ends in `_ms`."""

    url: str = "http://127.0.0.1:9470"
    api_key: str | None = None
    # Namespaces begin with this; who is told apart beyond it.
    namespace: str = "litellm"
    tenant: str = "team"
    # default_off: only requests with `cache: {"use-cache": true}`.
    mode: str = "default_on"
    ttl: int | None = None
    semantic: bool | None = None
    wait_ms: int = 10_000
    deadline_ms: int = 500
    connect_deadline_ms: int = 250
    cool_down: float = 2.0
    # Embedding calls with more inputs than this are not looked up: each input is a lookup of its own.
    embedding_inputs: int = 32

    def __post_init__(self) -> None:
        if self.tenant not in TENANTS:
            raise ValueError(f"semcached.tenant is {self.tenant!r}; it may be {', '.join(TENANTS)}")
        if self.mode not in ("default_on", "default_off"):
            raise ValueError(f"semcached.mode is {self.mode!r}; it may be default_on, default_off")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,29}", self.namespace):
            raise ValueError("semcached.namespace is not 1 to 30 letters, digits, - and _")

    @classmethod
    def of_proxy(cls) -> Settings:
        """Reads the section; SEMCACHED_URL and SEMCACHED_API_KEY stand in for what it does not say."""
        section = (litellm.callback_settings or {}).get("semcached") or {}
        environment = {"url": os.environ.get("SEMCACHED_URL"), "api_key": os.environ.get("SEMCACHED_API_KEY")}
        return cls.of({name: value for name, value in environment.items() if value} | section)

    @classmethod
    def of(cls, section: Mapping[str, Any]) -> Settings:
        known = {field.name for field in dataclasses.fields(cls)}
        if unknown := sorted(set(section) - known):
            raise ValueError(
                f"callback_settings.semcached has no setting {unknown[0]}; it has {', '.join(sorted(known))}"
            )
        kinds = get_type_hints(cls)
        return cls(**{name: _converted(name, _resolved(value), kinds[name]) for name, value in section.items()})


def _converted(name: str, value: Any, kind: Any) -> Any:
    """The value as the setting's type, also where it is given as text, as out of the environment."""
    kinds = get_args(kind) or (kind,)
    if value is None and type(None) in kinds:
        return None
    wanted = kinds[0]
    try:
        if wanted is bool:
            value = _SWITCHES[value.lower()] if isinstance(value, str) else value
            if isinstance(value, bool):
                return value
        elif wanted is str:
            if isinstance(value, str):
                return value
        elif not isinstance(value, bool) and (wanted is float or not isinstance(value, float)):
            number = wanted(value)
            if 0 <= number < float("inf"):
                return number
    except (ValueError, TypeError, KeyError):
        pass
    # Without the value: it may be out of the environment.
    raise ValueError(f"callback_settings.semcached.{name} is not a {_NAMES[wanted]}")


def _resolved(value: Any) -> Any:
    if not (isinstance(value, str) and value.startswith("os.environ/")):
        return value
    found = os.environ.get(value.removeprefix("os.environ/"))
    if found is None:
        raise ValueError(f"callback_settings.semcached names {value}, which is not set")
    return found

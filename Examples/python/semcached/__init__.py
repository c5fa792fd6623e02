"""Client of semcached: ask for an answer before calling a model, hand the answer in after."""

from .asynchronous import AsyncSemcached
from .client import Semcached
from .operations import CACHE_OPTIONS
from .outcomes import (
    Bypass,
    Entry,
    Failed,
    Hit,
    Lookup,
    Miss,
    Refused,
    SemcachedError,
    Store,
    Stored,
    Unreachable,
)
from .wrapping import wrap

__all__ = [
    "CACHE_OPTIONS",
    "AsyncSemcached",
    "Bypass",
    "Entry",
    "Failed",
    "Hit",
    "Lookup",
    "Miss",
    "Refused",
    "Semcached",
    "SemcachedError",
    "Store",
    "Stored",
    "Unreachable",
    "wrap",
]

"""Which namespace a request belongs to.

A namespace is `base.kind-id` or `base.kind-id.chosen`. The first two parts come from the key that the proxy has
authenticated; what a request says (a chosen part, an end user) only ever comes after them. None of the parts can hold a
dot, so that no choice makes one tenant's namespace out of another's.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

TENANTS = ("team", "key", "user", "organization", "end_user", "shared")
# The most characters a namespace may have.
LONGEST = 128

_FIELDS = {"team": "team_id", "key": "api_key", "user": "user_id", "organization": "org_id"}


def tenant_namespace(base: str, tenant: str, auth: Any) -> str | None:
    """The namespace of an authenticated caller; None for one whose identity is not known, who shares with nobody.

    Who is no such `tenant` is told apart by key, user or organization. An end user is one that the request names, so
    that is a part below the caller's own namespace. `auth` is the proxy's `UserAPIKeyAuth`, whose `api_key` is the
    key's hash.
    """
    if tenant == "shared":
        return f"{base}.shared"
    own = _identity("team" if tenant == "end_user" else tenant, auth)
    if own is None:
        return None
    if tenant != "end_user":
        return f"{base}.{own}"
    end_user = getattr(auth, "end_user_id", None)
    return f"{base}.{own}.end_user-{_part(str(end_user))}" if end_user else f"{base}.{own}.end_user"


def _identity(kind: str, auth: Any) -> str | None:
    for each in (kind, "key", "user", "organization"):
        identity = getattr(auth, _FIELDS[each], None)
        if identity:
            # A key is a hash of itself here, unless the proxy's own authentication put it there as it is.
            return f"{each}-{_digest(str(identity)) if each == 'key' else _part(str(identity))}"
    return None


def chosen_namespace(namespace: str, chosen: Any) -> str:
    """The part of a caller's namespace that the caller asked for by `cache: {"namespace": ...}`."""
    if chosen in (None, ""):
        return namespace
    whole = f"{namespace}.{_part(str(chosen))}"
    if len(whole) <= LONGEST:
        return whole
    base, own, rest = whole.split(".", 2)
    return f"{base}.{own}.{_digest(rest)}"


def _part(text: str) -> str:
    """The text, or a digest of it that no text equals."""
    return text if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,35}", text) else _digest(text)


def _digest(text: str) -> str:
    return "_" + hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]

"""Which namespace a request belongs to.

A namespace is `base.kind-id` or `base.kind-id.chosen`. The first two parts come from the key that the proxy has
authenticated; what a caller chooses is only ever the third. None of the parts can hold a dot, so that no choice makes
one tenant's namespace out of another's.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

TENANTS = ("team", "key", "user", "organization", "end_user", "shared")

_FIELDS = {"team": "team_id", "key": "api_key", "user": "user_id", "organization": "org_id", "end_user": "end_user_id"}


def tenant_namespace(base: str, tenant: str, auth: Any) -> str:
    """The namespace of an authenticated caller; who has no such identity is told apart by key, without one by nothing.

    `auth` is the proxy's `UserAPIKeyAuth`, whose `api_key` is the key's hash.
    """
    if tenant == "shared":
        return base
    for kind in (tenant, "key"):
        identity = getattr(auth, _FIELDS[kind], None)
        if identity:
            return f"{base}.{kind}-{_part(str(identity))}"
    return f"{base}.anonymous"


def chosen_namespace(namespace: str, chosen: Any) -> str:
    """The part of a caller's namespace that the caller asked for by `cache: {"namespace": ...}`."""
    return namespace if chosen in (None, "") else f"{namespace}.{_part(str(chosen))}"


def _part(text: str) -> str:
    """The text, or a digest of it that no text equals."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,35}", text):
        return text
    return "_" + hashlib.sha256(text.encode()).hexdigest()[:32]

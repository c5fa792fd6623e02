"""What the running proxy is configured to do."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

_OTHER_AUTHENTICATION = ("enable_jwt_auth", "enable_oauth2_auth", "enable_oauth2_proxy_auth")


def _server() -> Any:
    return sys.modules.get("litellm.proxy.proxy_server")


def authenticates() -> bool:
    """Whether callers prove who they are; without a master key the proxy believes any key."""
    server = _server()
    if getattr(server, "master_key", None) is not None or getattr(server, "user_custom_auth", None) is not None:
        return True
    settings = getattr(server, "general_settings", None) or {}
    return any(settings.get(name) for name in _OTHER_AUTHENTICATION)


def routing_tags(kwargs: Mapping[str, Any]) -> list[str]:
    """The tags that choose among deployments of one name; none where the router is known not to heed them."""
    router = getattr(_server(), "llm_router", None)
    if router is not None and kwargs.get("enable_tag_filtering") is not True and not _heeds_tags(router):
        return []
    tags: set[str] = set()
    for name in ("metadata", "litellm_metadata"):
        source = kwargs.get(name)
        if isinstance(source, Mapping):
            # The second is the request's own list where the router has replaced it.
            for each in (source.get("tags"), source.get("_routing_request_tags"), source.get("inherited_tags")):
                tags.update(str(tag) for tag in each or () if isinstance(each, list | tuple))
            if source.get("user_agent") and _heeds_user_agents(router):
                tags.add(f"user-agent: {source['user_agent']}")
    return sorted(tags)


def _heeds_tags(router: Any) -> bool:
    if getattr(router, "enable_tag_filtering", True) is not False:
        return True
    return any((model.get("model_info") or {}).get("enable_tag_filtering") for model in router.model_list)


def _heeds_user_agents(router: Any) -> bool:
    models = getattr(router, "model_list", None) or ()
    return any((model.get("litellm_params") or {}).get("tag_regex") for model in models)

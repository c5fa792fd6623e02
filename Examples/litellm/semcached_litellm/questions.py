"""What LiteLLM is about to ask a model, as a request that semcached knows."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from litellm.litellm_core_utils.model_param_helper import ModelParamHelper
from litellm.types.utils import is_litellm_owned_kwarg

from .proxy import routing_tags

ENDPOINTS = {
    "acompletion": "chat.completions",
    "atext_completion": "completions",
    "aresponses": "responses",
    "anthropic_messages": "messages",
    "aanthropic_messages": "messages",
    "aembedding": "embeddings",
}
_REQUIRED = {
    "chat.completions": "messages",
    "completions": "prompt",
    "responses": "input",
    "messages": "messages",
    "embeddings": "input",
}
# Members of a client's body that are LiteLLM's own and change no answer.
_WITHOUT_EFFECT = frozenset(
    """model cache caching ttl metadata litellm_metadata tags user guardrails fallbacks context_window_fallback_dict
    num_retries max_retries retry_policy timeout request_timeout stream_timeout litellm_trace_id litellm_session_id
    litellm_call_id litellm_request_debug id no-log verbose keepalive_seconds drop_params""".split()
)
# Members that would have another upstream answer, or say who asks it, or refer to what can change. The rest of what
# must not be in a body LiteLLM calls its own, and that is refused here without being named.
_NOT_CACHED = frozenset("base_url extra_headers extra_query conversation background container".split())
_CREDENTIALS = ("aws_", "vertex_", "azure_", "watsonx_", "gigachat_", "s3_", "gcs_")


class Question(str):
    """LiteLLM's key of a cached answer, which carries what it is the key of.

    LiteLLM hands a key from the lookup on to whatever stores the answer, so the ticket gets there. `request` is None
    where nothing is to be looked up.
    """

    endpoint: str
    namespace: str
    request: dict[str, Any] | None
    options: dict[str, Any]
    ticket: str | None
    items: dict[str, Question]
    lookup: asyncio.Future[Any] | None

    def __new__(
        cls, endpoint: str, namespace: str, request: dict[str, Any] | None, options: dict[str, Any]
    ) -> Question:
        try:
            text = json.dumps([namespace, endpoint, request], sort_keys=True)
        except (TypeError, ValueError, RecursionError):
            text, request = "", None
        question = super().__new__(cls, "semcached:" + hashlib.sha256(text.encode()).hexdigest())
        question.endpoint = endpoint
        question.namespace = namespace
        question.request = request
        question.options = options
        question.ticket = None
        question.items = {}
        question.lookup = None
        return question

    def __reduce__(self) -> Any:
        # Copies that LiteLLM makes for its records are texts.
        return str, (str(self),)

    def item(self, text: Any) -> Question:
        """The question for one input of an embedding call."""
        request = None if self.request is None else {**self.request, "input": text}
        question = Question(self.endpoint, self.namespace, request, self.options)
        return self.items.setdefault(str(question), question)

    def take_ticket(self) -> str | None:
        ticket, self.ticket = self.ticket, None
        return ticket


def request_of(kwargs: Mapping[str, Any], endpoint: str, said: Collection[str]) -> dict[str, Any] | None:
    """The request by the model's public name; None for one whose answer must not be kept.

    `kwargs` are those of the call that goes to the deployment, after guardrails, prompts and routing; `said` are the
    members that the client's body had. Everything that a client can say counts. What a deployment adds (addresses,
    credentials, its own defaults for members that no API has) does not: the model's public name stands for it, with
    the tags where the router chooses among deployments by them.
    """
    if kwargs.get(_REQUIRED[endpoint]) is None or kwargs.get("prompt_id") is not None:
        return None
    named = ModelParamHelper.get_all_llm_api_params()
    request = {name: value for name, value in kwargs.items() if name in named and value is not None}
    for name in said:
        if name in named or name in _WITHOUT_EFFECT:
            continue
        if name in _NOT_CACHED or is_litellm_owned_kwarg(name) or name.startswith(_CREDENTIALS):
            return None
        value = kwargs.get(name)
        if value is not None:
            request[name] = value
    if any(request.get(name) for name in _NOT_CACHED):
        return None
    incoming: Any = kwargs.get("proxy_server_request") or {}
    beta = (incoming.get("headers") or {}).get("anthropic-beta")
    if beta:
        request["anthropic_beta"] = beta
    tags = routing_tags(kwargs)
    if tags:
        request["litellm_tags"] = tags
    request["model"] = _model(kwargs, endpoint)
    return request


def _model(kwargs: Mapping[str, Any], endpoint: str) -> str:
    """The public name of the model, or of the group of models that share their answers (`caching_groups`)."""
    # Where LiteLLM's router says it. In these two APIs the other one is the client's.
    first = "litellm_metadata" if endpoint in ("responses", "messages") else "metadata"
    for name in (first, "metadata"):
        source = kwargs.get(name)
        group = source.get("model_group") if isinstance(source, Mapping) else None
        if group:
            groups = source.get("caching_groups") or ()
            return next((str(shared) for shared in groups if group in shared), group)
    return str(kwargs["model"])


def options_of(kwargs: Mapping[str, Any], defaults: Mapping[str, Any], opt_in: bool) -> dict[str, Any] | None:
    """semcached's options for LiteLLM's `cache` of a request; None if the cache is to be left out."""
    controls = kwargs.get("cache")
    controls = controls if isinstance(controls, Mapping) else {}
    if opt_in and controls.get("use-cache") is not True:
        return None
    options = dict(defaults)
    try:
        ttl = controls.get("ttl", kwargs.get("ttl"))
        if ttl is not None:
            options["ttl"] = int(float(ttl))
        age = controls.get("s-maxage", controls.get("s-max-age"))
        if age is not None:
            options["s-maxage"] = int(float(age))
    except (TypeError, ValueError, OverflowError):
        return None
    for name in ("no-cache", "no-store"):
        if controls.get(name) is True:
            options[name] = True
    if options.get("ttl", 1) < 1:
        options.pop("ttl")
        options["no-store"] = True
    if options.get("s-maxage", 0) < 0:
        return None
    options |= {name: controls[name] for name in ("semantic", "min_similarity", "tags") if name in controls}
    if options.get("no-store"):
        if options.get("no-cache"):
            return None
        options |= {"lease": False, "wait_ms": 0}
    return options


def kind_of_call(call_type: Any) -> str | None:
    """The endpoint of a call type of LiteLLM, None for one that is not cached."""
    return ENDPOINTS.get(getattr(call_type, "value", call_type))

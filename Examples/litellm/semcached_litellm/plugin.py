"""The callback that the proxy loads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import litellm
from litellm.integrations.custom_logger import CustomLogger

from .cache import SemcachedCache
from .connection import PooledSemcached
from .proxy import authenticates
from .questions import Question, kind_of_call, options_of, request_of
from .settings import Settings
from .tenancy import chosen_namespace, tenant_namespace
from .turn import Turn

log = logging.getLogger("semcached.litellm")

# A store that LiteLLM has begun in the background comes before this.
GRACE = 2.0


class SemcachedPlugin(CustomLogger):
    """Makes semcached LiteLLM's response cache, and tells it whose request it is and how calls end.

    No hook raises because of the cache: a request goes on without it.
    """

    def __init__(self, settings: Settings):
        super().__init__()
        self.settings = settings
        self.client = PooledSemcached(
            settings.url,
            api_key=settings.api_key,
            deadline=settings.deadline_ms / 1000,
            connect_deadline=settings.connect_deadline_ms / 1000,
            cool_down=settings.cool_down,
        )
        self.cache = SemcachedCache(self.client)
        chosen = {"wait_ms": settings.wait_ms, "ttl": settings.ttl, "semantic": settings.semantic}
        self.options = {name: value for name, value in chosen.items() if value is not None}
        self.install()

    def install(self) -> None:
        if litellm.cache is not None and litellm.cache is not self.cache:
            log.warning("the response cache of litellm_settings gives way to semcached: leave `cache: true` out")
        litellm.cache = self.cache

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: dict, call_type: Any) -> None:
        """A request has been authenticated: from here on it is clear whose it is."""
        if litellm.cache is not self.cache:
            self.install()
        body = (data.get("proxy_server_request") or {}).get("body")
        if isinstance(body, Mapping):
            # Where nobody is authenticated, the identities are the callers' own words.
            auth = user_api_key_dict if authenticates() else None
            namespace = tenant_namespace(self.settings.namespace, self.settings.tenant, auth)
            Turn.begin(namespace, said=frozenset(body))
        else:
            Turn.begin(None)

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict | None:
        """A call is about to be looked up, or made."""
        try:
            question = self._question(kwargs, call_type)
            if question is None:
                # A key that the client has chosen is nobody's.
                kwargs.pop("cache_key", None)
                return kwargs
            kwargs["cache_key"] = question
            if question.options.get("no-cache") and question.request is not None:
                # LiteLLM does not ask its cache then; the answer is stored all the same.
                for each in self._items(question, kwargs):
                    await self.cache.look_up(each)
        except Exception as error:
            log.warning("a call goes without the cache: %s", type(error).__name__)
        return kwargs

    def _question(self, kwargs: Mapping[str, Any], call_type: Any) -> Question | None:
        endpoint, turn = kind_of_call(call_type), Turn.current()
        if endpoint is None or turn.namespace is None or litellm.cache is not self.cache:
            return None
        options = options_of(kwargs, self.options, opt_in=self.settings.mode == "default_off")
        if endpoint == "embeddings":
            inputs = kwargs.get("input")
            if isinstance(inputs, list) and len(inputs) > self.settings.embedding_inputs:
                options = None
        controls = kwargs.get("cache")
        chosen = controls.get("namespace") if isinstance(controls, Mapping) else None
        request = None if options is None else request_of(kwargs, endpoint, turn.said)
        return Question(endpoint, chosen_namespace(turn.namespace, chosen), request, options or {})

    @staticmethod
    def _items(question: Question, kwargs: Mapping[str, Any]) -> list[Question]:
        if question.endpoint != "embeddings":
            return [question]
        inputs = kwargs["input"]
        return [question.item(text) for text in (inputs if isinstance(inputs, list) else [inputs])]

    async def async_post_call_failure_deployment_hook(
        self, request_data: Mapping[str, Any], exception: Exception, call_type: Any, fallback_depth: int | None = None
    ) -> None:
        """A call has failed; the request may go on to a retry or another model."""
        question = request_data.get("cache_key")
        if isinstance(question, Question):
            for each in (question, *question.items.values()):
                await self.cache.release(each)

    async def async_post_call_failure_hook(
        self,
        request_data: dict,
        original_exception: Exception,
        user_api_key_dict: Any,
        traceback_str: str | None = None,
    ) -> None:
        """A request has failed."""
        await self._release_open()

    async def async_post_call_response_headers_hook(
        self,
        data: dict,
        user_api_key_dict: Any,
        response: Any,
        request_headers: dict[str, str] | None = None,
        litellm_call_info: dict[str, Any] | None = None,
    ) -> dict[str, str]:
        turn = Turn.current()
        if turn.open and data.get("stream") is not True:
            self._release_later(turn)
        return turn.headers()

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: Any, request_data: dict
    ) -> AsyncGenerator[Any, None]:
        """A stream passes through; one that does not come to its end is not stored."""
        turn = Turn.current()
        try:
            async for chunk in response:
                yield chunk
        except BaseException:
            if turn.open:
                # Not here: the task that gave up may be on its way out.
                asyncio.get_running_loop().call_soon(self._release_soon, turn)
            raise
        if turn.open:
            self._release_later(turn)

    def _release_later(self, turn: Turn) -> None:
        """For answers that LiteLLM does not store: leases do not wait for their time to run out."""
        asyncio.get_running_loop().call_later(GRACE, self._release_soon, turn)

    def _release_soon(self, turn: Turn) -> None:
        for question in tuple(turn.open):
            task = asyncio.ensure_future(self.cache.release(question))
            _pending.add(task)
            task.add_done_callback(_pending.discard)
        turn.open.clear()

    async def _release_open(self) -> None:
        for question in tuple(Turn.current().open):
            await self.cache.release(question)


# The loop keeps only weak references to its tasks.
_pending: set[asyncio.Future[None]] = set()

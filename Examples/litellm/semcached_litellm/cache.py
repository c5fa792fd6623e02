"""LiteLLM's response cache, kept by semcached."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from litellm.caching.caching import Cache
from litellm.types.caching import CACHED_STREAM_EVENTS_KEY, EMBEDDING_CACHE_FORMAT_VERSION
from litellm.types.utils import EmbeddingResponse
from pydantic import BaseModel
from semcached import AsyncSemcached, Failed, Hit, Miss
from semcached.recording import payloads

from .questions import ENDPOINTS, Question
from .turn import Turn

log = logging.getLogger("semcached.litellm")


@contextmanager
def _unharmed() -> Iterator[None]:
    """What goes wrong in here costs the answer its place in the cache, and no more."""
    try:
        yield
    except Exception as error:
        log.warning("a call goes without the cache: %s", type(error).__name__)


class SemcachedCache(Cache):
    """What LiteLLM asks for answers and hands answers in to.

    The keys are `Question`s that the plugin has put into the call; without one there is nothing to look up. Calls of
    LiteLLM that block are not cached: the proxy makes none.
    """

    def __init__(self, client: AsyncSemcached):
        super().__init__(type="local", supported_call_types=list(ENDPOINTS))  # type: ignore[arg-type]
        self.type = "semcached"  # type: ignore[assignment]
        self.cache = _Backend(client)  # type: ignore[assignment]
        self.max_messages = None
        self._client = client

    def get_cache_key(self, **kwargs: Any) -> str:
        asked = kwargs.get("cache_key")
        if isinstance(asked, Question):
            return asked.item(kwargs.get("input")) if asked.endpoint == "embeddings" else asked
        return self.get_preset_cache_key_from_kwargs(**kwargs) or ""

    def get_cache(self, dynamic_cache_object: Any = None, **kwargs: Any) -> None:
        return None

    def add_cache(self, result: Any, **kwargs: Any) -> None:
        return None

    async def async_get_cache(self, dynamic_cache_object: Any = None, **kwargs: Any) -> Any:
        with _unharmed():
            return await self._get(kwargs)

    async def _get(self, kwargs: Mapping[str, Any]) -> Any:
        question = kwargs.get("cache_key")
        if not isinstance(question, Question) or question.request is None:
            return None
        hit = await self._look_up_once(question)
        if hit is None:
            return None
        record = kwargs.get("litellm_logging_obj")
        if record is not None:
            # Before LiteLLM reckons what the answer costs.
            record.model_call_details["cache_hit"] = True
        metadata = kwargs.get("metadata")
        if hit.similarity is not None and isinstance(metadata, dict):
            # LiteLLM's own semantic caches say it there; it becomes a response header.
            metadata["semantic-similarity"] = hit.similarity
        if hit.replay is not None:
            events = hit.replay.decode().split("\n\n")
            return {CACHED_STREAM_EVENTS_KEY: [f"{event}\n\n" for event in events if event.strip()]}
        return _embedding(hit.response) if question.endpoint == "embeddings" else hit.response

    async def _look_up_once(self, question: Question) -> Hit | None:
        if question.endpoint != "embeddings":
            return await self.look_up(question)
        # An input may be in the list twice: the second does not wait for an answer to the first.
        if question.lookup is None:
            question.lookup = asyncio.ensure_future(self.look_up(question))
        return await question.lookup

    async def look_up(self, question: Question) -> Hit | None:
        """Asks, and notes in the request's turn what came of it; a ticket stays with the question."""
        turn = Turn.current()
        if turn.is_filling_for_another(question):
            return None
        if turn.inherits(question):
            return None
        found = await self._client.lookup(
            question.request or {},
            endpoint=question.endpoint,
            namespace=question.namespace,
            replay=question.endpoint == "messages",
            **question.options,
        )
        turn.note(found)
        if isinstance(found, Miss) and found.ticket:
            question.ticket = found.ticket
            turn.open.add(question)
        return found if isinstance(found, Hit) else None

    async def async_add_cache(self, result: Any, dynamic_cache_object: Any = None, **kwargs: Any) -> None:
        question = kwargs.get("cache_key")
        if not isinstance(question, Question):
            question = Turn.current().only_open()
        if question is not None:
            with _unharmed():
                await self._store(question, result)

    async def async_add_cache_pipeline(
        self, result: EmbeddingResponse, dynamic_cache_object: Any = None, **kwargs: Any
    ) -> None:
        with _unharmed():
            await self._add_embeddings(result, kwargs)

    async def _add_embeddings(self, result: EmbeddingResponse, kwargs: Mapping[str, Any]) -> None:
        question = kwargs.get("cache_key")
        inputs = kwargs.get("input")
        inputs = inputs if isinstance(inputs, list) else [inputs]
        if not isinstance(question, Question) or len(result.data) != len(inputs):
            return
        for index, text in enumerate(inputs):
            tokens = self._get_per_item_prompt_tokens(result, index)
            embedding = json.loads(json.dumps(dict(result.data[index]), default=str))
            usage = {"prompt_tokens": tokens, "total_tokens": tokens}
            answer = {"object": "list", "model": result.model, "data": [{**embedding, "index": 0}], "usage": usage}
            await self._store(question.item(text), answer)

    async def _store(self, question: Question, result: Any) -> None:
        ticket = question.take_ticket()
        if ticket is None:
            return
        Turn.current().open.discard(question)
        settled = False
        try:
            if isinstance(result, Mapping) and CACHED_STREAM_EVENTS_KEY in result:
                stream = "".join(result[CACHED_STREAM_EVENTS_KEY]).encode()
                stored = await self._client.store(ticket, events=payloads(stream))
            else:
                stored = await self._client.store(ticket, document_of(result))
            settled = not isinstance(stored, Failed)
        finally:
            if not settled:
                await self._client.release(ticket)

    async def release(self, question: Question) -> None:
        ticket = question.take_ticket()
        Turn.current().open.discard(question)
        if ticket is not None:
            await self._client.release(ticket)


def document_of(result: Any) -> Any:
    """The answer as JSON, without what LiteLLM adds and holds nothing: with that, a plain text would not be one."""
    if isinstance(result, BaseModel):
        result = result.model_dump_json()
    document = json.loads(result) if isinstance(result, str) else result
    choices = document.get("choices") if isinstance(document, dict) else None
    for choice in choices or ():
        for holder in (choice, choice.get("message")):
            fields = (holder or {}).get("provider_specific_fields")
            if isinstance(fields, dict) and all(value in (None, "", [], {}) for value in fields.values()):
                del holder["provider_specific_fields"]
    return document


def _embedding(response: Mapping[str, Any]) -> dict[str, Any]:
    """One stored embedding in the form that LiteLLM keeps embeddings in."""
    item = response["data"][0]
    return {
        "embedding": item["embedding"],
        "index": 0,
        "object": "embedding",
        "model": response.get("model"),
        "prompt_tokens": (response.get("usage") or {}).get("prompt_tokens"),
        "prompt_tokens_details": None,
        "format_version": EMBEDDING_CACHE_FORMAT_VERSION,
    }


class _Backend:
    """What LiteLLM's health page and shutdown expect behind a cache."""

    def __init__(self, client: AsyncSemcached):
        self._client = client

    async def ping(self) -> bool:
        return await self._client.is_ready()

    async def disconnect(self) -> None:
        await self._client.close()

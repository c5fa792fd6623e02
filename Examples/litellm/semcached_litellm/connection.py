"""The client of semcached over aiohttp, which LiteLLM brings along and which costs a quarter of httpx."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from semcached import AsyncSemcached
from semcached.operations import Answer, Operation


class PooledSemcached(AsyncSemcached):
    """For one event loop, on which it opens its connections when it is first used."""

    def __init__(self, url: str, **settings: Any):
        super().__init__(url, **settings)
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def _send(self, operation: Operation[Any], content: bytes | None) -> Answer:
        try:
            try:
                return await self._ask(operation, content)
            except aiohttp.ServerDisconnectedError:
                # A kept connection that the server closed just as it was used again.
                return await self._ask(operation, content)
        except asyncio.TimeoutError as error:
            raise TimeoutError(str(error)) from error
        except aiohttp.ClientError as error:
            raise ConnectionError(str(error)) from error

    async def _ask(self, operation: Operation[Any], content: bytes | None) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                headers=self._settings["headers"],
                timeout=aiohttp.ClientTimeout(total=None, connect=self._connect_deadline),
            )
        headers = {"Content-Type": "application/json", "Accept": operation.accept}
        async with self._session.request(
            operation.method,
            self._url + operation.path,
            data=content,
            params=operation.params,
            headers=headers,
            allow_redirects=False,
        ) as response:
            return Answer(response.status, response.headers, await response.read())

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        await super().close()

"""Has the LiteLLM proxy ask semcached before it calls a model: `callbacks: ["semcached_litellm.plugin"]`."""

from .plugin import SemcachedPlugin
from .settings import Settings

__all__ = ["SemcachedPlugin", "Settings", "plugin"]

plugin = SemcachedPlugin(Settings.of_proxy())

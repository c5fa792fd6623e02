"""LiteLLM proxies without a database, with this repository's plugin."""

import json
import pathlib
import secrets
import sys

from service import ROOT, free_port, wait_until

# isort: split
from processes import answers

AUTHENTICATION = '''
from litellm.proxy._types import UserAPIKeyAuth, hash_token


async def user_api_key_auth(request, api_key):
    """Keys are `sk-TEAM-USER`; a team `none` is no team."""
    _, team, user = api_key.split("-")
    return UserAPIKeyAuth(api_key=hash_token(api_key), team_id=None if team == "none" else team, user_id=user)
'''


def configuration(upstream, semcached, **plugin):
    """The proxy's config.yaml, of which JSON is a subset."""
    url = f"{upstream}/v1"
    models = [
        {"model_name": "gpt-4o", "litellm_params": {"model": "openai/gpt-4o", "api_base": url, "api_key": "none"}},
        {"model_name": "mini", "litellm_params": {"model": "openai/mini", "api_base": url, "api_key": "none"}},
        {"model_name": "vectors", "litellm_params": {"model": "openai/vectors", "api_base": url, "api_key": "none"}},
        {
            "model_name": "claude",
            "litellm_params": {"model": "anthropic/claude", "api_base": upstream, "api_key": "none"},
        },
    ]
    return {
        "model_list": models,
        "litellm_settings": {"callbacks": ["semcached_litellm.plugin"], "num_retries": 0, "telemetry": False},
        # The machine may be busy.
        "callback_settings": {"semcached": {"url": semcached, "deadline_ms": 20_000, **plugin}},
        "general_settings": {
            "custom_auth": "authentication.user_api_key_auth",
            "master_key": f"sk-{secrets.token_hex(32)}",
        },
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
    }


def start(processes, name, tree):
    """Begins to start a proxy; returns its process and URL."""
    folder = processes.path / name
    folder.mkdir()
    (folder / "authentication.py").write_text(AUTHENTICATION)
    file = folder / "config.yaml"
    file.write_text(json.dumps(tree))
    port = free_port()
    packages = ":".join(str(ROOT / "Examples" / package) for package in ("python", "litellm"))
    program = pathlib.Path(sys.executable).parent / "litellm"
    command = ["env", f"PYTHONPATH={packages}", "LITELLM_LOCAL_MODEL_COST_MAP=True", "DO_NOT_TRACK=1"]
    command += [str(program), "--config", str(file), "--host", "127.0.0.1", "--port", str(port)]
    return processes.start(name, command, cwd=folder), f"http://127.0.0.1:{port}"


def wait(processes, name, process, url):
    try:
        wait_until(lambda: answers(f"{url}/health/liveliness"), name, process, bound=120)
    except Exception as error:
        raise AssertionError(f"{error}\n{processes.log_of(name)[-4000:]}") from None

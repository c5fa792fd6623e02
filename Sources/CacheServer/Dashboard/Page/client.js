// The server's API.

/** Where an answer keeps the text that it was read from. */
const exactSource = Symbol("text");

/** Why a call failed: `status` is 0 when the server was not reached. */
class Problem extends Error {
  constructor(status, code, detail, retryAfter = 0) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const client = {
  /** The key, in this variable alone. */
  key: null,

  /** Asks for JSON; `body` is JSON text and makes it a POST. Throws a Problem. */
  async ask(path, { body, signal, accepts = [] } = {}) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (this.key !== null) headers.Authorization = `Bearer ${this.key}`;
    let response;
    let answer = null;
    try {
      response = await fetch(path, {
        method: body === undefined ? "GET" : "POST",
        body,
        headers,
        signal,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
      const text = await response.text();
      answer = JSON.parse(text);
      if (answer !== null && typeof answer === "object") answer[exactSource] = text;
    } catch (error) {
      if (error.name === "AbortError") throw error;
      if (!response) throw new Problem(0, "unreachable", "The server does not answer.");
    }
    if (response.ok || accepts.includes(response.status)) {
      if (answer !== null) return answer;
      throw new Problem(0, "unreadable", "The answer was not what semcached sends; is there a proxy in between?");
    }
    const wait = Number(response.headers.get("Retry-After")) || 0;
    throw new Problem(response.status, answer?.code ?? "", answer?.detail ?? `HTTP status ${response.status}`, wait);
  },

  stats({ window, namespace }, signal) {
    const query = new URLSearchParams({ window });
    if (namespace) query.set("namespace", namespace);
    return this.ask(`v1/stats?${query}`, { signal });
  },

  readiness: (signal) => client.ask("readyz", { signal, accepts: [503] }),
  explain: (body) => client.ask("v1/explain", { body }),
  flush: (selector) => client.ask("v1/flush", { body: JSON.stringify(selector) }),
};

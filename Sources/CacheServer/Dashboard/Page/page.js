// What is asked when, and what the reader is told of it.

const periods = { "5m": 3, "1h": 5, "24h": 15, "7d": 30, all: 15 };

const page = {
  window: "1h",
  namespace: "",
  isPaused: false,
  /** Whether the server has refused to go on until the reader does something. */
  isStuck: false,
  updatedAt: null,
  timer: null,
  asking: null,
  hasFailed: false,

  /** Asks for everything now, and again after the window's period. */
  async refresh() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    let wait = 0;
    try {
      const [stats, readiness] = await Promise.allSettled([
        this.isStuck ? Promise.reject(null) : client.stats(this, asking.signal),
        client.readiness(asking.signal),
      ]);
      if (asking.signal.aborted) return;
      this.showReadiness(readiness.value ?? null);
      if (stats.status === "fulfilled") this.showStats(stats.value);
      else if (stats.reason instanceof Problem) wait = this.showProblem(stats.reason, readiness.value);
      else if (stats.reason !== null) throw stats.reason;
    } finally {
      if (this.asking === asking) {
        this.asking = null;
        this.schedule(wait);
      }
    }
  },

  schedule(wait = 0) {
    clearTimeout(this.timer);
    if (this.isPaused || document.hidden) return;
    this.timer = setTimeout(() => this.refresh(), Math.max(periods[this.window], wait) * 1000);
  },

  showStats(stats) {
    this.updatedAt = Date.now();
    this.hasFailed = false;
    document.body.dataset.state = "live";
    say(byID("notice"), null);
    byID("lock").hidden = true;
    byID("contents").hidden = false;
    overview.show(stats);
    this.showAge();
  },

  /** Returns the seconds to wait before asking again. */
  showProblem(problem, readiness) {
    this.hasFailed = true;
    if (problem.status === 401) {
      this.lock(client.key === null ? null : problem.message);
      return 0;
    }
    const missing = readiness?.missing?.join("; ");
    const advice = client.key === null ? "" : " A key for some namespaces wants one of them named above.";
    const sentences = {
      0: problem.message,
      403: `Not allowed: ${problem.message.split(";")[0]}.${advice}`,
      429: `Asked too often: ${problem.message}.`,
      503: `There are no new figures: ${missing || problem.message}. Without Redis, lookups are answered as bypasses.`,
    };
    say(byID("notice"), sentences[problem.status] ?? `The figures could not be read: ${problem.message}`);
    document.body.dataset.state = this.updatedAt === null ? "failed" : "stale";
    byID("contents").hidden = this.updatedAt === null && problem.status === 0;
    if (problem.status === 403 || problem.status === 400) {
      this.isStuck = true;
      this.drop();
      if (problem.status === 403 && client.key !== null) {
        byID("lock-title").textContent = "Use another key";
        byID("lock").hidden = false;
      }
    }
    this.showAge();
    return problem.retryAfter;
  },

  /** Drops what is shown: it is not what the reader asked for, or no more the reader's to see. */
  drop() {
    this.updatedAt = null;
    overview.clear();
    document.body.dataset.state = "failed";
  },

  lock(message) {
    // What is under way must not show figures afterwards.
    this.asking?.abort();
    client.key = null;
    this.isStuck = true;
    this.drop();
    document.body.dataset.state = "locked";
    byID("forget").hidden = true;
    byID("contents").hidden = true;
    byID("explanation").replaceChildren();
    say(byID("flush-result"), null);
    say(byID("notice"), null);
    say(byID("lock-problem"), message);
    byID("lock-title").textContent = "This server asks for a key";
    const wasHidden = byID("lock").hidden;
    byID("lock").hidden = false;
    if (wasHidden || message) byID("key").focus();
  },

  unlock(key) {
    if (!/^[\x21-\x7e]+$/.test(key))
      return say(byID("lock-problem"), "A key is made of visible ASCII characters without spaces.");
    client.key = key;
    byID("key").value = "";
    byID("forget").hidden = false;
    say(byID("lock-problem"), null);
    this.askAnew();
  },

  /** After the reader has changed what is asked for. */
  askAnew() {
    this.isStuck = false;
    this.refresh();
  },

  showReadiness(readiness) {
    const [text, kind] =
      readiness === null
        ? ["unreachable", "bad"]
        : readiness.status === "ready"
          ? ["ready", "good"]
          : ["not ready", "bad"];
    const pill = byID("readiness");
    pill.className = `pill ${kind}`;
    write(pill, text);
    pill.title = readiness?.missing?.join("\n") ?? "";
    if (readiness) byID("version").textContent = readiness.version;
  },

  /** Says how old the figures are, once a second. */
  showAge() {
    const age = byID("age");
    if (this.updatedAt === null) {
      age.textContent = "";
      return;
    }
    const seconds = (Date.now() - this.updatedAt) / 1000;
    const when = seconds < 2 ? "just now" : `${format.duration(seconds)} ago`;
    age.textContent = this.hasFailed
      ? `Figures of ${format.clockSeconds(new Date(this.updatedAt))}, ${when}`
      : `Updated ${when}`;
  },

  choose(namespace) {
    this.namespace = namespace;
    byID("namespace").value = namespace;
    byID("everything").hidden = namespace === "";
    byID("flush-namespace").value = namespace;
    byID("explain-namespace").value = namespace;
    timeline.pointedAt = null;
    this.askAnew();
  },

  /** Runs what a button does, tells of problems with `tell`, and keeps it from being pressed twice. */
  async act(button, tell, work) {
    button.disabled = true;
    try {
      await work();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.status === 401) this.lock(client.key === null ? null : problem.message);
      else tell(problem);
    } finally {
      button.disabled = false;
    }
  },
};

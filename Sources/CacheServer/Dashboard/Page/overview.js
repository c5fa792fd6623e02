// The figures.

const overview = {
  /** The answer that is shown. */
  stats: null,

  show(stats) {
    this.stats = stats;
    this.showTiles();
    timeline.show(stats);
    similarity.show(stats);
    this.showLatency();
    this.showReasons();
    listings.showFeedback(stats);
    listings.showNamespaces(stats.namespaces);
    listings.showReplicas(stats.replicas);
  },

  /** Draws the charts again, for a place that has become wider or narrower. */
  redraw() {
    if (this.stats === null) return;
    timeline.show();
    similarity.show(this.stats);
  },

  clear() {
    this.stats = null;
    timeline.stats = null;
    for (const id of ["tiles", "timeline", "latency", "similarity", "reasons", "feedback", "namespaces", "replicas"])
      byID(id).replaceChildren();
    for (const id of ["timeline-readout", "similarity-readout", "feedback-counts"]) byID(id).textContent = "";
    for (const id of ["timeline-table", "similarity-table"]) byID(id).querySelector(".rows").replaceChildren();
    byID("names").replaceChildren();
  },

  showTiles() {
    const { stats } = this;
    const { hits, saved } = stats;
    const tokens = saved.prompt_tokens + saved.completion_tokens;
    const tile = (name, value, note, title) =>
      element(
        "div",
        { class: "tile" },
        element("dt", { text: name }),
        element("dd", { class: "value", text: value, title }),
        element("dd", { class: "note", text: note }),
      );
    const tiles = [
      tile(
        "Hit ratio",
        format.percent(stats.hit_ratio),
        stats.hit_ratio === null
          ? "nothing was looked up"
          : `${format.count(hits.total)} of ${format.count(hits.total + stats.misses)} lookups`,
      ),
      tile(
        "Saved",
        saved.usd === 0 && saved.requests > 0 ? "–" : format.usd(saved.usd),
        saved.usd === 0 && saved.requests > 0 ? "no prices set for these models" : "US dollars of upstream calls",
      ),
      tile(
        "Requests saved",
        format.shortCount(saved.requests),
        tiers.map((tier) => `${tier} ${format.shortCount(hits[tier])}`).join(", "),
        format.count(saved.requests),
      ),
      tile(
        "Tokens saved",
        format.shortCount(tokens),
        `prompt ${format.shortCount(saved.prompt_tokens)}, completion ${format.shortCount(saved.completion_tokens)}`,
        format.count(tokens),
      ),
      tile(
        "Lookups",
        format.shortCount(stats.lookups),
        stats.bypasses > 0
          ? `${format.plural(stats.bypasses, "bypass", "bypasses")} among them`
          : "none of them a bypass",
        format.count(stats.lookups),
      ),
      tile(
        "Entries now",
        format.shortCount(stats.entries),
        `${format.bytes(stats.bytes)} in Redis`,
        format.count(stats.entries),
      ),
    ];
    if (stats.shadow.hits > 0) {
      tiles.push(
        tile(
          "Shadow hits",
          format.shortCount(stats.shadow.hits),
          `${format.count(stats.shadow.agreed)} agreed, ${format.count(stats.shadow.disagreed)} did not`,
        ),
      );
    }
    byID("tiles").replaceChildren(...tiles);
  },

  showLatency() {
    const kinds = [
      ["lookup_exact", "Exact hit"],
      ["lookup_semantic", "Semantic hit"],
      ["lookup_miss", "Miss"],
      ["embed", "Embedding"],
    ];
    const rows = kinds
      .map(([kind, name]) => ({ name, ...this.stats.latency_ms[kind] }))
      .filter((row) => row.p50 !== null);
    const place = byID("latency");
    if (rows.length === 0) return place.replaceChildren(nothing("Nothing was measured in this time."));
    const lowest = Math.min(...rows.map((row) => row.p50)) || 0.001;
    const highest = Math.max(...rows.map((row) => row.p99), lowest * 1.01);
    renew(
      place,
      table(
        "Latency",
        [
          { name: "Lookup", value: (row) => row.name },
          ...["p50", "p95", "p99"].map((name) => ({
            name,
            value: (row) => format.milliseconds(row[name]),
            number: true,
          })),
          { name: "p50 to p99, logarithmic", value: () => "", show: (row) => rangeChart(row, lowest, highest) },
        ],
        rows,
      ),
      element("p", {
        class: "muted small",
        text: "As the server saw it; a time spent waiting for another caller's fill is part of a miss.",
      }),
    );
  },

  showReasons() {
    const { misses_by_reason: misses, refused, bypasses, stores } = this.stats;
    const list = (title, counts) => {
      const entries = Object.entries(counts)
        .filter(([, count]) => count > 0)
        .sort((left, right) => right[1] - left[1]);
      const most = Math.max(1, ...entries.map(([, count]) => count));
      return element(
        "div",
        {},
        element("h3", { text: title }),
        entries.length === 0
          ? nothing("none")
          : element(
              "dl",
              { class: "bars" },
              entries.map(([name, count]) =>
                element(
                  "div",
                  {},
                  element("dt", { text: name.replaceAll("_", " ") }),
                  element("dd", { class: "number", text: format.count(count) }),
                  element("dd", { class: "line" }, bar(count / most, "volume")),
                ),
              ),
            ),
      );
    };
    byID("reasons").replaceChildren(
      list("Misses by reason", misses),
      list("Stores by outcome", {
        stored: stores,
        ...Object.fromEntries(Object.entries(refused).map(([name, count]) => [`refused: ${name}`, count])),
      }),
      bypasses > 0 ? list("Bypasses", { bypassed: bypasses }) : "",
    );
  },
};

// The figures.

const overview = {
  /** The answer that is shown. */
  stats: null,
  sort: { column: 1, descending: true },
  /** The time of the span that the reader points at. */
  pointedAt: null,
  shownNamespaces: 50,
  /** Called with a namespace that was chosen in the table. */
  onchoose: () => {},

  show(stats) {
    this.stats = stats;
    this.showTiles();
    this.showTimeline();
    this.showSimilarity();
    this.showLatency();
    this.showReasons();
    this.showFeedback();
    this.showNamespaces();
    this.showReplicas();
  },

  clear() {
    this.stats = null;
    for (const id of ["tiles", "timeline", "latency", "similarity", "reasons", "feedback", "namespaces", "replicas"]) byID(id).replaceChildren();
    for (const id of ["timeline-readout", "similarity-readout", "feedback-counts"]) byID(id).textContent = "";
    for (const id of ["timeline-table", "similarity-table"]) byID(id).querySelector(".rows").replaceChildren();
    byID("names").replaceChildren();
  },

  showTiles() {
    const { stats } = this;
    const { hits, saved } = stats;
    const tokens = saved.prompt_tokens + saved.completion_tokens;
    const tile = (name, value, note, title) =>
      element("div", { class: "tile" }, element("dt", { text: name }), element("dd", { class: "value", text: value, title }), element("dd", { class: "note", text: note }));
    const tiles = [
      tile("Hit ratio", format.percent(stats.hit_ratio),
        stats.hit_ratio === null ? "nothing was looked up" : `${format.count(hits.total)} of ${format.count(hits.total + stats.misses)} lookups`),
      tile("Saved", saved.usd === 0 && saved.requests > 0 ? "–" : format.usd(saved.usd),
        saved.usd === 0 && saved.requests > 0 ? "no prices set for these models" : "US dollars of upstream calls"),
      tile("Requests saved", format.shortCount(saved.requests),
        `exact ${format.shortCount(hits.exact)}, semantic ${format.shortCount(hits.semantic)}, coalesced ${format.shortCount(hits.coalesced)}`, format.count(saved.requests)),
      tile("Tokens saved", format.shortCount(tokens),
        `prompt ${format.shortCount(saved.prompt_tokens)}, completion ${format.shortCount(saved.completion_tokens)}`, format.count(tokens)),
      tile("Lookups", format.shortCount(stats.lookups),
        stats.bypasses > 0 ? `${format.plural(stats.bypasses, "bypass", "bypasses")} among them` : "none of them a bypass", format.count(stats.lookups)),
      tile("Entries now", format.shortCount(stats.entries), `${format.bytes(stats.bytes)} in Redis`, format.count(stats.entries)),
    ];
    if (stats.shadow.hits > 0) {
      tiles.push(tile("Shadow hits", format.shortCount(stats.shadow.hits),
        `${format.count(stats.shadow.agreed)} agreed, ${format.count(stats.shadow.disagreed)} did not`));
    }
    byID("tiles").replaceChildren(...tiles);
  },

  showTimeline() {
    const place = byID("timeline");
    const spans = this.stats.series.map(spanOf);
    const details = byID("timeline-table");
    place.classList.toggle("is-empty", spans.length === 0);
    details.hidden = spans.length === 0;
    if (spans.length === 0) {
      byID("timeline-readout").textContent = this.describeTotals();
      place.removeAttribute("aria-label");
      place.tabIndex = -1;
      return place.replaceChildren(nothing("All time has totals only; choose a shorter window to see it over time."));
    }
    place.tabIndex = 0;
    const pointed = spans.findIndex((span) => span.at.getTime() === this.pointedAt);
    place.replaceChildren(timelineChart(spans, Math.max(240, place.clientWidth), pointed, this.stats.window));
    place.setAttribute("aria-label", `Hit ratio over time by tier. ${this.describeTotals()} Use the left and right arrow keys to read single spans.`);
    byID("timeline-readout").textContent = pointed < 0 ? this.describeTotals() : this.describeSpan(spans[pointed]);
    if (!details.open) return;
    renew(details.querySelector(".rows"), table("Hit ratio over time", [
      { name: "From", value: (span) => format.dayAndClock(span.at) },
      { name: "Hit ratio", value: (span) => format.percent(share(span.total, span.asked)), number: true },
      ...["exact", "semantic", "coalesced"].map((tier) => ({ name: tier, value: (span) => format.count(span.hits[tier]), number: true })),
      { name: "misses", value: (span) => format.count(span.misses), number: true },
      { name: "bypasses", value: (span) => format.count(span.bypasses), number: true },
    ], spans.filter((span) => span.asked + span.bypasses > 0)));
  },

  describeTotals() {
    const { hits, misses } = this.stats;
    const asked = hits.total + misses;
    if (asked === 0) return "Nothing was looked up.";
    const parts = tiers.map((tier) => `${tier} ${format.percent(share(hits[tier], asked))}`);
    return `All together: ${parts.join(", ")}, miss ${format.percent(share(misses, asked))}.`;
  },

  describeSpan(span) {
    const begin = this.stats.window === "24h" || this.stats.window === "7d" ? format.dayAndClock(span.at) : format.clock(span.at);
    if (span.asked === 0) return `${begin}: nothing was looked up.`;
    const parts = tiers.filter((tier) => span.hits[tier] > 0).map((tier) => `${tier} ${format.percent(share(span.hits[tier], span.asked))}`);
    return `${begin}: ${[...parts, `miss ${format.percent(share(span.misses, span.asked))}`].join(", ")} of ${format.plural(span.asked, "lookup", "lookups")}.`;
  },

  /** Points at the span under a place on the chart, or at none. */
  pointAt(x) {
    const place = byID("timeline");
    const { series } = this.stats ?? { series: [] };
    if (series.length === 0) return;
    const width = Math.max(240, place.clientWidth);
    const number = Math.floor(((x - axisLeft) * series.length) / (width - axisLeft));
    this.pointedAt = x === null || number < 0 || number >= series.length ? null : new Date(series[number].at).getTime();
    this.showTimeline();
  },

  /** Moves to the next span with the arrow keys. */
  pointNext(step) {
    const { series } = this.stats ?? { series: [] };
    if (series.length === 0) return;
    const now = series.findIndex((point) => new Date(point.at).getTime() === this.pointedAt);
    const next = now < 0 ? (step < 0 ? series.length - 1 : 0) : Math.min(series.length - 1, Math.max(0, now + step));
    this.pointedAt = new Date(series[next].at).getTime();
    this.showTimeline();
  },

  showSimilarity() {
    const { similarity, semantic } = this.stats;
    const place = byID("similarity");
    const details = byID("similarity-table");
    const columns = similarityColumns(similarity, semantic.threshold);
    const sum = (verdict) => columns.reduce((total, column) => total + column[verdict], 0);
    details.hidden = columns.length === 0;
    const state = semantic.enabled ? semantic.mode === "shadow" ? "The semantic tier runs in shadow mode: it serves nothing." : "" : "The semantic tier is off.";
    if (columns.length === 0) {
      byID("similarity-readout").textContent = state;
      place.removeAttribute("role");
      place.removeAttribute("aria-label");
      return place.replaceChildren(nothing(semantic.enabled ? `No question had a neighbor in this time. The threshold is ${semantic.threshold.toFixed(2)}.` : "It compares nothing, so there is nothing to show."));
    }
    const others = Object.entries(semantic.thresholds);
    const text = [
      `${format.count(sum("served"))} served, ${format.count(sum("guarded"))} guarded, ${format.count(sum("below_threshold"))} below the threshold of ${semantic.threshold.toFixed(2)}.`,
      semantic.min_score === null ? "" : `Least score ${semantic.min_score.toFixed(3)}.`,
      others.length > 0 ? `Thresholds of their own: ${others.slice(0, 5).map(([name, value]) => `${name} ${value.toFixed(2)}`).join(", ")}${others.length > 5 ? ", …" : ""}.` : "",
      state,
    ].filter(Boolean).join(" ");
    byID("similarity-readout").textContent = text;
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", `Similarity of the best candidates: ${text}`);
    place.replaceChildren(similarityChart(columns, semantic.threshold, others.map(([, value]) => value), Math.max(240, place.clientWidth)));
    if (!details.open) return;
    renew(details.querySelector(".rows"), table("Similarity of the best candidates", [
      { name: "From", value: (column) => (column.hundredth / 100).toFixed(2), number: true },
      ...verdicts.map((verdict) => ({ name: verdict.replace("_", " "), value: (column) => format.count(column[verdict]), number: true })),
    ], columns.filter((column) => verdicts.some((verdict) => column[verdict] > 0))));
  },

  showLatency() {
    const kinds = [["lookup_exact", "Exact hit"], ["lookup_semantic", "Semantic hit"], ["lookup_miss", "Miss"], ["embed", "Embedding"]];
    const rows = kinds.map(([kind, name]) => ({ name, ...this.stats.latency_ms[kind] })).filter((row) => row.p50 !== null);
    const place = byID("latency");
    if (rows.length === 0) return place.replaceChildren(nothing("Nothing was measured in this time."));
    const lowest = Math.min(...rows.map((row) => row.p50)) || 0.001;
    const highest = Math.max(...rows.map((row) => row.p99), lowest * 1.01);
    renew(place,
      table("Latency", [
        { name: "Lookup", value: (row) => row.name },
        ...["p50", "p95", "p99"].map((name) => ({ name, value: (row) => format.milliseconds(row[name]), number: true })),
        { name: "p50 to p99, logarithmic", value: () => "", show: (row) => rangeChart(row, lowest, highest) },
      ], rows),
      element("p", { class: "muted small", text: "As the server saw it; a time spent waiting for another caller's fill is part of a miss." }));
  },

  showReasons() {
    const { misses_by_reason: misses, refused, bypasses, stores } = this.stats;
    const list = (title, counts) => {
      const entries = Object.entries(counts).filter(([, count]) => count > 0).sort((left, right) => right[1] - left[1]);
      const most = Math.max(1, ...entries.map(([, count]) => count));
      return element("div", {}, element("h3", { text: title }),
        entries.length === 0 ? nothing("none")
          : element("dl", { class: "bars" }, entries.map(([name, count]) => element("div", {},
            element("dt", { text: name.replaceAll("_", " ") }), element("dd", { class: "number", text: format.count(count) }), element("dd", { class: "line" }, bar(count / most, "volume"))))));
    };
    byID("reasons").replaceChildren(
      list("Misses by reason", misses),
      list("Stores by outcome", { stored: stores, ...Object.fromEntries(Object.entries(refused).map(([name, count]) => [`refused: ${name}`, count])) }),
      bypasses > 0 ? list("Bypasses", { bypassed: bypasses }) : "");
  },

  showFeedback() {
    const { feedback, recent_feedback: recent } = this.stats;
    byID("feedback-counts").textContent = `${format.count(feedback.wrong)} wrong, ${format.count(feedback.right)} right in this window`;
    const remedies = { pair_blocked: "pair blocked", entry_removed: "entry removed", none: "was gone already" };
    const place = byID("feedback");
    if (recent.length === 0) return place.replaceChildren(nothing("No caller has reported a wrong answer in the last seven days."));
    renew(place, table("False hits reported, newest first", [
      { name: "When", value: (row) => row.at, show: (row) => moment(row.at) },
      { name: "Namespace", value: (row) => row.namespace },
      { name: "Tier", value: (row) => row.tier ?? "not said" },
      { name: "Similarity", value: (row) => format.cosine(row.similarity), number: true },
      { name: "Score", value: (row) => format.cosine(row.score), number: true },
      { name: "Remedy", value: (row) => remedies[row.remedy] ?? row.remedy },
      { name: "Entry", value: (row) => row.entry_id, show: (row) => entryID(row.entry_id) },
    ], recent));
  },

  showNamespaces() {
    const rows = Object.entries(this.stats.namespaces).map(([name, counts]) => ({ name, ...counts }));
    const place = byID("namespaces");
    byID("names").replaceChildren(...rows.slice(0, 500).map(({ name }) => element("option", { value: name })));
    if (rows.length === 0) return place.replaceChildren(nothing("No namespace was asked in this time."));
    const choose = (row) => element("button", { type: "button", class: "link", "data-namespace": row.name, title: `Show ${row.name} alone`, onclick: () => this.onchoose(row.name), text: row.name });
    const count = (name, value, hint) => ({ name, value, show: (row) => format.count(value(row)), number: true, hint });
    const columns = [
      { name: "Namespace", value: (row) => row.name, show: choose },
      count("Lookups", (row) => row.lookups),
      { name: "Hit ratio", value: (row) => row.hit_ratio, number: true, show: (row) => element("span", { class: "ratio" }, bar(row.hit_ratio), format.percent(row.hit_ratio)) },
      count("Exact", (row) => row.hits.exact),
      count("Semantic", (row) => row.hits.semantic),
      count("Coalesced", (row) => row.hits.coalesced, "Hits that waited for another caller's fill"),
      count("Misses", (row) => row.misses),
      count("Stores", (row) => row.stores),
      count("Wrong", (row) => row.feedback.wrong, "False hits that callers reported"),
      { name: "Saved", value: (row) => row.saved.usd, show: (row) => format.usd(row.saved.usd), number: true },
    ];
    const onsort = (column) => {
      this.sort = { column, descending: this.sort.column === column ? !this.sort.descending : column !== 0 };
      this.showNamespaces();
    };
    const order = sortedBy(columns[this.sort.column], rows, this.sort.descending);
    const hidden = order.length - this.shownNamespaces;
    renew(place, table("Namespaces", columns, order.slice(0, this.shownNamespaces), { sort: this.sort, onsort }),
      ...(hidden > 0 ? [element("button", { type: "button", onclick: () => { this.shownNamespaces = Infinity; this.showNamespaces(); }, text: `Show ${format.count(hidden)} more` })] : []));
  },

  showReplicas() {
    const { replicas } = this.stats;
    const place = byID("replicas");
    if (replicas.length === 0) return place.replaceChildren(nothing("No replica was heard of in the last ten seconds."));
    const versions = new Set(replicas.map((replica) => replica.version));
    renew(place, table("Replicas", [
      { name: "Replica", value: (row) => row.id, show: (row) => element("code", { text: row.id }) },
      { name: "Version", value: (row) => row.version },
      { name: "Up for", value: (row) => format.duration(row.uptime), number: true },
      { name: "Index", value: (row) => format.count(row.index_entries), number: true, hint: "Vectors in its index" },
      { name: "Index lag", value: (row) => (row.index_lag_ms === null ? "no index" : format.milliseconds(row.index_lag_ms)), number: true },
      { name: "Near cache", value: (row) => format.count(row.near_cache_entries), number: true, hint: "Entries that it holds in memory" },
      { name: "Redis", value: (row) => row.redis, show: (row) => element("span", { class: row.redis === "up" ? "good" : "bad", text: row.redis }) },
    ], replicas), ...(versions.size > 1 ? [element("p", { class: "muted small", text: `${versions.size} versions run side by side.` })] : []));
  },
};

// What there is several of: false hits, namespaces, replicas.

const listings = {
  sort: { column: 1, descending: true },
  shownNamespaces: 50,
  /** Called with a namespace that was chosen in the table. */
  onchoose: () => {},

  showFeedback({ feedback, recent_feedback: recent }) {
    byID("feedback-counts").textContent =
      `${format.count(feedback.wrong)} wrong, ${format.count(feedback.right)} right in this window`;
    const remedies = { pair_blocked: "pair blocked", entry_removed: "entry removed", none: "was gone already" };
    const place = byID("feedback");
    if (recent.length === 0)
      return place.replaceChildren(nothing("No caller has reported a wrong answer in the last seven days."));
    renew(
      place,
      table(
        "False hits reported, newest first",
        [
          { name: "When", value: (row) => row.at, show: (row) => moment(row.at) },
          { name: "Namespace", value: (row) => row.namespace },
          { name: "Tier", value: (row) => row.tier ?? "not said" },
          { name: "Similarity", value: (row) => format.cosine(row.similarity), number: true },
          { name: "Score", value: (row) => format.cosine(row.score), number: true },
          { name: "Remedy", value: (row) => remedies[row.remedy] ?? row.remedy },
          { name: "Entry", value: (row) => row.entry_id, show: (row) => entryID(row.entry_id) },
        ],
        recent,
      ),
    );
  },

  showNamespaces(namespaces) {
    const names = Object.keys(namespaces).sort();
    const rows = names.map((name) => ({ name, ...namespaces[name] }));
    const place = byID("namespaces");
    byID("names").replaceChildren(...rows.slice(0, 500).map(({ name }) => element("option", { value: name })));
    if (rows.length === 0) return place.replaceChildren(nothing("No namespace was asked in this time."));
    const choose = (row) =>
      element("button", {
        type: "button",
        class: "link",
        "data-namespace": row.name,
        title: `Show ${row.name} alone`,
        onclick: () => this.onchoose(row.name),
        text: row.name,
      });
    const count = (name, value, hint) => ({ name, value, show: (row) => format.count(value(row)), number: true, hint });
    const columns = [
      { name: "Namespace", value: (row) => row.name, show: choose },
      count("Lookups", (row) => row.lookups),
      {
        name: "Hit ratio",
        value: (row) => row.hit_ratio,
        number: true,
        show: (row) => element("span", { class: "ratio" }, bar(row.hit_ratio), format.percent(row.hit_ratio)),
      },
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
      this.showNamespaces(namespaces);
    };
    const order = sortedBy(columns[this.sort.column], rows, this.sort.descending);
    const hidden = order.length - this.shownNamespaces;
    renew(
      place,
      table("Namespaces", columns, order.slice(0, this.shownNamespaces), { sort: this.sort, onsort }),
      ...(hidden > 0
        ? [
            element("button", {
              type: "button",
              onclick: () => {
                this.shownNamespaces = Infinity;
                this.showNamespaces(namespaces);
              },
              text: `Show ${format.count(hidden)} more`,
            }),
          ]
        : []),
    );
  },

  showReplicas(replicas) {
    const place = byID("replicas");
    if (replicas.length === 0)
      return place.replaceChildren(nothing("No replica was heard of in the last ten seconds."));
    const versions = new Set(replicas.map((replica) => replica.version));
    renew(
      place,
      table(
        "Replicas",
        [
          { name: "Replica", value: (row) => row.id, show: (row) => element("code", { text: row.id }) },
          { name: "Version", value: (row) => row.version },
          { name: "Up for", value: (row) => format.duration(row.uptime), number: true },
          {
            name: "Index",
            value: (row) => format.count(row.index_entries),
            number: true,
            hint: "Vectors in its index",
          },
          {
            name: "Index lag",
            value: (row) => (row.index_lag_ms === null ? "no index" : format.milliseconds(row.index_lag_ms)),
            number: true,
          },
          {
            name: "Near cache",
            value: (row) => format.count(row.near_cache_entries),
            number: true,
            hint: "Entries that it holds in memory",
          },
          {
            name: "Redis",
            value: (row) => row.redis,
            show: (row) => element("span", { class: row.redis === "up" ? "good" : "bad", text: row.redis }),
          },
        ],
        replicas,
      ),
      ...(versions.size > 1
        ? [element("p", { class: "muted small", text: `${versions.size} versions run side by side.` })]
        : []),
    );
  },
};

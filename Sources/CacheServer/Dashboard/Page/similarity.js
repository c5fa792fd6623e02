// How similar the best candidates were.

const similarity = {
  show({ similarity: counts, semantic }) {
    const place = byID("similarity");
    const details = byID("similarity-table");
    const columns = similarityColumns(counts, semantic.threshold);
    const sum = (verdict) => format.count(columns.reduce((total, column) => total + column[verdict], 0));
    details.hidden = columns.length === 0;
    place.classList.toggle("is-empty", columns.length === 0);
    const state = semantic.enabled
      ? semantic.mode === "shadow"
        ? "The semantic tier runs in shadow mode: it serves nothing."
        : ""
      : "The semantic tier is off.";
    if (columns.length === 0) {
      byID("similarity-readout").textContent = state;
      place.removeAttribute("role");
      place.removeAttribute("aria-label");
      return place.replaceChildren(
        nothing(
          semantic.enabled
            ? `No question had a neighbor in this time. The threshold is ${semantic.threshold.toFixed(2)}.`
            : "It compares nothing, so there is nothing to show.",
        ),
      );
    }
    const others = Object.entries(semantic.thresholds);
    const text = [
      `${sum("served")} served, ${sum("guarded")} guarded, ` +
        `${sum("below_threshold")} below the threshold of ${semantic.threshold.toFixed(2)}.`,
      semantic.min_score === null ? "" : `Least score ${semantic.min_score.toFixed(3)}.`,
      others.length > 0
        ? `Thresholds of their own: ${others
            .slice(0, 5)
            .map(([name, value]) => `${name} ${value.toFixed(2)}`)
            .join(", ")}${others.length > 5 ? ", …" : ""}.`
        : "",
      state,
    ]
      .filter(Boolean)
      .join(" ");
    byID("similarity-readout").textContent = text;
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", `Similarity of the best candidates: ${text}`);
    place.replaceChildren(
      similarityChart(
        columns,
        semantic.threshold,
        others.map(([, value]) => value),
        Math.max(240, place.clientWidth),
      ),
    );
    if (!details.open) return;
    renew(
      details.querySelector(".rows"),
      table(
        "Similarity of the best candidates",
        [
          { name: "From", value: (column) => (column.hundredth / 100).toFixed(2), number: true },
          ...verdicts.map((verdict) => ({
            name: verdict.replace("_", " "),
            value: (column) => format.count(column[verdict]),
            number: true,
          })),
        ],
        columns.filter((column) => verdicts.some((verdict) => column[verdict] > 0)),
      ),
    );
  },
};

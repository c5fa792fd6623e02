// Hit ratio over time.

const timeline = {
  /** The answer that is shown. */
  stats: null,
  /** The time of the span that the reader points at. */
  pointedAt: null,

  show(stats = this.stats) {
    this.stats = stats;
    const place = byID("timeline");
    const spans = this.stats.series.map(spanOf);
    const details = byID("timeline-table");
    place.classList.toggle("is-empty", spans.length === 0);
    details.hidden = spans.length === 0;
    if (spans.length === 0) {
      write(byID("timeline-readout"), this.describeTotals());
      place.removeAttribute("aria-label");
      place.tabIndex = -1;
      return place.replaceChildren(nothing("All time has totals only; choose a shorter window to see it over time."));
    }
    place.tabIndex = 0;
    const pointed = spans.findIndex((span) => span.at.getTime() === this.pointedAt);
    place.replaceChildren(timelineChart(spans, Math.max(240, place.clientWidth), pointed, this.stats.window));
    place.setAttribute(
      "aria-label",
      `Hit ratio over time by tier. ${this.describeTotals()} Use the left and right arrow keys to read single spans.`,
    );
    write(byID("timeline-readout"), pointed < 0 ? this.describeTotals() : this.describeSpan(spans[pointed]));
    if (!details.open) return;
    renew(
      details.querySelector(".rows"),
      table(
        "Hit ratio over time",
        [
          { name: "From", value: (span) => format.dayAndClock(span.at) },
          { name: "Hit ratio", value: (span) => format.percent(share(span.total, span.asked)), number: true },
          ...["exact", "semantic", "coalesced"].map((tier) => ({
            name: tier,
            value: (span) => format.count(span.hits[tier]),
            number: true,
          })),
          { name: "misses", value: (span) => format.count(span.misses), number: true },
          { name: "bypasses", value: (span) => format.count(span.bypasses), number: true },
        ],
        spans.filter((span) => span.asked + span.bypasses > 0),
      ),
    );
  },

  describeTotals() {
    const { hits, misses } = this.stats;
    const asked = hits.total + misses;
    if (asked === 0) return "Nothing was looked up.";
    const parts = tiers.map((tier) => `${tier} ${format.percent(share(hits[tier], asked))}`);
    return `All together: ${parts.join(", ")}, miss ${format.percent(share(misses, asked))}.`;
  },

  describeSpan(span) {
    const begin =
      this.stats.window === "24h" || this.stats.window === "7d" ? format.dayAndClock(span.at) : format.clock(span.at);
    if (span.asked === 0) return `${begin}: nothing was looked up.`;
    const parts = tiers
      .filter((tier) => span.hits[tier] > 0)
      .map((tier) => `${tier} ${format.percent(share(span.hits[tier], span.asked))}`);
    parts.push(`miss ${format.percent(share(span.misses, span.asked))}`);
    return `${begin}: ${parts.join(", ")} of ${format.plural(span.asked, "lookup", "lookups")}.`;
  },

  /** Points at the span under a place on the chart, or at none. */
  pointAt(x) {
    const place = byID("timeline");
    const { series } = this.stats ?? { series: [] };
    if (series.length === 0) return;
    const width = Math.max(240, place.clientWidth);
    const number = Math.floor(((x - axisLeft) * series.length) / (width - axisLeft));
    this.pointedAt = x === null || number < 0 || number >= series.length ? null : new Date(series[number].at).getTime();
    this.show();
  },

  /** Moves to the next span with the arrow keys. */
  pointNext(step) {
    const { series } = this.stats ?? { series: [] };
    if (series.length === 0) return;
    const now = series.findIndex((point) => new Date(point.at).getTime() === this.pointedAt);
    const next = now < 0 ? (step < 0 ? series.length - 1 : 0) : Math.min(series.length - 1, Math.max(0, now + step));
    this.pointedAt = new Date(series[next].at).getTime();
    this.show();
  },
};

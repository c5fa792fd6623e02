// Charts, drawn as wide as their place is, so that their text stays as large as that of the page.

const axisLeft = 44;
const axisBottom = 18;

const rectangle = (kind, x, y, width, height) =>
  drawing("rect", {
    class: kind,
    x: x.toFixed(2),
    y: y.toFixed(2),
    width: Math.max(0, width).toFixed(2),
    height: Math.max(0, height).toFixed(2),
  });
const label = (text, x, y, anchor) => drawing("text", { class: "label", x, y, "text-anchor": anchor, text });
const rule = (kind, x1, y1, x2, y2) => drawing("line", { class: kind, x1, y1, x2, y2 });

/** The places of the spans that get a label: those that begin at a round time of the reader's clock, `room` apart. */
function roundTimes(spans, column, room) {
  const span = spans.length > 1 ? (spans[1].at - spans[0].at) / 60_000 : 1;
  const steps = span < 60 ? [1, 2, 5, 10, 15, 30, 60, 120, 180, 360] : [];
  const step = steps.find((minutes) => (minutes / span) * column >= room) ?? 1440;
  return [...spans.keys()].filter((place) => {
    const { at } = spans[place];
    return (at.getHours() * 60 + at.getMinutes()) % step === 0;
  });
}

const tiers = ["exact", "semantic", "coalesced"];

/** What a span of the series is about: hits by tier, and all that were looked up in it without bypasses. */
function spanOf(point) {
  const hits = { exact: point.exact, semantic: point.semantic, coalesced: point.coalesced ?? 0 };
  const total = hits.exact + hits.semantic + hits.coalesced;
  return {
    at: new Date(point.at),
    hits,
    misses: point.misses,
    bypasses: point.bypasses ?? 0,
    total,
    asked: total + point.misses,
  };
}

const share = (part, whole) => (whole === 0 ? null : part / whole);

/** Hits by tier as shares of what was looked up, a column for each span, and below them how much that was. */
function timelineChart(spans, width, selected, window) {
  const height = 190;
  const volume = 26;
  const top = 6;
  const bottom = height - axisBottom - volume - 6;
  const left = axisLeft;
  const column = (width - left) / spans.length;
  const gap = column > 4 ? 1 : 0;
  const most = Math.max(1, ...spans.map((span) => span.asked));
  const parts = [];
  for (const percent of [0, 50, 100]) {
    const y = bottom - ((bottom - top) * percent) / 100;
    parts.push(rule("grid", left, y, width, y), label(`${percent} %`, left - 6, y + 4, "end"));
  }
  spans.forEach((span, place) => {
    const x = left + place * column;
    if (place === selected)
      parts.push(rectangle("selected", x - gap, top - 4, column + gap, height - axisBottom - top + 4));
    if (span.asked === 0) return;
    parts.push(rectangle("miss", x, top, column - gap, bottom - top));
    let y = bottom;
    for (const tier of tiers) {
      const part = ((bottom - top) * span.hits[tier]) / span.asked;
      y -= part;
      if (part > 0) parts.push(rectangle(tier, x, y, column - gap, part));
    }
    const bar = Math.max(1, (volume * span.asked) / most);
    parts.push(rectangle("volume", x, height - axisBottom - bar, column - gap, bar));
  });
  const [show, room] = window === "7d" ? [format.day, 44] : [format.clock, 56];
  for (const place of roundTimes(spans, column, room)) {
    const x = left + place * column;
    if (width - x > 36)
      parts.push(
        rule("grid", x, height - axisBottom, x, height - axisBottom + 4),
        label(show(spans[place].at), x, height - 3, "start"),
      );
  }
  return drawing("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, parts);
}

/** The end of an axis that goes to `most` or a little beyond: a number that people like, and an even one. */
function axisEnd(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(2, most)));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((factor) => factor * power).find((end) => end >= most && end % 2 === 0);
}

const verdicts = ["served", "guarded", "below_threshold"];

/** Counts by hundredths of cosine, from a little below the lowest to 1: `[{ hundredth, served, … }]`. */
function similarityColumns(similarity, least) {
  const counts = new Map();
  for (const verdict of verdicts) {
    for (const [bucket, count] of Object.entries(similarity[verdict] ?? {})) {
      const hundredth = Math.round(Number(bucket) * 100);
      const entry = counts.get(hundredth) ?? { hundredth, served: 0, guarded: 0, below_threshold: 0 };
      entry[verdict] += count;
      counts.set(hundredth, entry);
    }
  }
  if (counts.size === 0) return [];
  const first = Math.max(0, Math.floor((Math.min(...counts.keys(), Math.round(least * 100)) - 3) / 5) * 5);
  return Array.from({ length: 101 - first }, (_, place) => {
    const hundredth = first + place;
    return counts.get(hundredth) ?? { hundredth, served: 0, guarded: 0, below_threshold: 0 };
  });
}

/** The columns with the threshold on them; `others` are thresholds of namespaces that have their own. */
function similarityChart(columns, threshold, others, width) {
  const height = 190;
  const top = 20;
  const bottom = height - axisBottom;
  const left = axisLeft;
  const step = (width - left) / columns.length;
  const first = columns[0].hundredth;
  const place = (cosine) => left + (cosine * 100 - first) * step;
  const total = (column) => column.served + column.guarded + column.below_threshold;
  const most = axisEnd(Math.max(...columns.map(total)));
  const parts = [];
  for (const fraction of [0, 0.5, 1]) {
    const y = bottom - (bottom - top) * fraction;
    parts.push(rule("grid", left, y, width, y), label(format.shortCount(most * fraction), left - 6, y + 4, "end"));
  }
  const kinds = { served: "exact", guarded: "guarded", below_threshold: "miss" };
  columns.forEach((column, number) => {
    let y = bottom;
    for (const verdict of verdicts) {
      const part = ((bottom - top) * column[verdict]) / most;
      if (part === 0) continue;
      y -= part;
      parts.push(rectangle(kinds[verdict], left + number * step, y, step - (step > 4 ? 1 : 0), part));
    }
  });
  for (const other of others) parts.push(rule("threshold other", place(other), top, place(other), bottom));
  const x = place(threshold);
  parts.push(rule("threshold", x, top - 8, x, bottom));
  const text = `threshold ${threshold.toFixed(2)}`;
  parts.push(
    drawing("text", {
      class: "label strong",
      x: x + (x > width - 90 ? -5 : 5),
      y: 12,
      "text-anchor": x > width - 90 ? "end" : "start",
      text,
    }),
  );
  const every = [5, 10, 20].find((count) => count * step >= 44) ?? 50;
  for (const column of columns.filter(({ hundredth }) => hundredth % every === 0)) {
    const at = place(column.hundredth / 100);
    parts.push(
      label(
        (column.hundredth / 100).toFixed(2),
        at,
        height - 4,
        at > width - 24 ? "end" : at < left + 8 ? "start" : "middle",
      ),
    );
  }
  return drawing("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, parts);
}

/** From the median to the 99th percentile on a logarithmic axis, with a mark at the 95th. */
function rangeChart({ p50, p95, p99 }, lowest, highest) {
  const span = Math.log(highest / lowest) || 1;
  const place = (value) => 3 + (94 * Math.log(Math.max(value, lowest) / lowest)) / span;
  return drawing(
    "svg",
    { class: "range", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    rule("track", 0, 5, 100, 5),
    rule("span", place(p50), 5, place(p99), 5),
    [p50, p95, p99].map((value) => rule("tick", place(value), 1.5, place(value), 8.5)),
  );
}

/** A fraction as a bar. */
const bar = (fraction, kind = "exact") =>
  drawing(
    "svg",
    { class: "bar-chart", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    rectangle("miss", 0, 0, 100, 6),
    rectangle(kind, 0, 0, 100 * (fraction ?? 0), 6),
  );

// Numbers and times for people.

const grouped = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 4 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

const format = {
  count: (value) => grouped.format(value),

  /** Numbers of six digits and more as 1.2M; the whole number belongs into a title. */
  shortCount: (value) => (Math.abs(value) < 100_000 ? grouped.format(value) : short.format(value)),

  /** A fraction as a percentage; "–" for none. */
  percent(fraction) {
    if (fraction === null || fraction === undefined) return "–";
    const percent = fraction * 100;
    return `${percent === 0 || percent === 100 ? percent : percent.toFixed(1)} %`;
  },

  usd(value) {
    if (value === 0) return "$0";
    const digits =
      Math.abs(value) < 0.01 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2, minimumFractionDigits: 2 };
    return `$${value.toLocaleString("en-US", digits)}`;
  },

  bytes(value) {
    const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let place = 0;
    while (value >= 1024 && place < units.length - 1) {
      value /= 1024;
      place += 1;
    }
    return `${place === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[place]}`;
  },

  milliseconds(value) {
    if (value === null || value === undefined) return "–";
    if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
    return `${value >= 100 ? Math.round(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;
  },

  /** Seconds in the two largest units. */
  duration(seconds) {
    const units = [
      ["d", 86_400],
      ["h", 3600],
      ["min", 60],
      ["s", 1],
    ];
    let rest = Math.max(0, Math.floor(seconds));
    const parts = [];
    for (const [unit, size] of units) {
      const count = Math.floor(rest / size);
      rest -= count * size;
      if (count > 0) parts.push(`${count} ${unit}`);
    }
    return parts.slice(0, 2).join(" ") || "0 s";
  },

  cosine: (value) => (value === null || value === undefined ? "–" : value.toFixed(3)),

  day: (date) => day.format(date),
  clock: (date) => clock.format(date),
  clockSeconds: (date) => clockSeconds.format(date),
  dayAndClock: (date) => `${day.format(date)} ${clock.format(date)}`,

  /** One entry, two entries. */
  plural: (count, one, many) => `${grouped.format(count)} ${count === 1 ? one : many}`,
};

// Tables.

/**
 * A table of `rows` by `columns`: `{ name, value, show, number, hint }`.
 *
 * `value` gives what is sorted by, `show` what is shown (without it, the value).
 */
function table(caption, columns, rows, { sort, onsort } = {}) {
  const sorted = sort ? sortedBy(columns[sort.column], rows, sort.descending) : rows;
  const heads = columns.map((column, place) => {
    const attributes = { scope: "col", class: column.number ? "number" : null, title: column.hint };
    if (!onsort) return element("th", { ...attributes, text: column.name });
    const isSorted = sort.column === place;
    const direction = sort.descending ? "descending" : "ascending";
    return element(
      "th",
      { ...attributes, "aria-sort": isSorted ? direction : "none" },
      element("button", {
        type: "button",
        class: "sort",
        onclick: () => onsort(place),
        "data-column": place,
        text: column.name,
      }),
    );
  });
  const body = sorted.map((row) =>
    element(
      "tr",
      {},
      columns.map((column) => {
        const shown = column.show ? column.show(row) : column.value(row);
        return element("td", { class: column.number ? "number" : null }, shown instanceof Node ? shown : String(shown));
      }),
    ),
  );
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", { class: "unseen", text: caption }),
      element("thead", {}, element("tr", {}, heads)),
      element("tbody", {}, body),
    ),
  );
}

/** The rows in the order of a column; what has no value comes last either way. */
function sortedBy(column, rows, descending) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [column.value(left), column.value(right)];
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
  });
}

/** Puts new content into a place; keeps the focus and how far it was scrolled. */
function renew(place, ...children) {
  const scrolled = place.querySelector(".scroll")?.scrollLeft ?? 0;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const marks = focused
    ? {
        column: focused.dataset.column,
        namespace: focused.dataset.namespace,
        region: focused.classList.contains("scroll"),
      }
    : null;
  place.replaceChildren(...children);
  const scroll = place.querySelector(".scroll");
  if (scroll) scroll.scrollLeft = scrolled;
  if (!marks) return;
  const again =
    marks.column !== undefined
      ? `[data-column="${marks.column}"]`
      : marks.namespace !== undefined
        ? `[data-namespace="${CSS.escape(marks.namespace)}"]`
        : marks.region
          ? ".scroll"
          : null;
  if (again) place.querySelector(again)?.focus({ preventScroll: true });
}

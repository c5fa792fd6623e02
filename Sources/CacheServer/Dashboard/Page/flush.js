// Flushing, after counting and asking.

const flush = {
  /** What the form says; throws a Problem when it says nothing. */
  selector() {
    if (byID("flush-all").checked) return { all: true };
    const namespace = byID("flush-namespace").value.trim();
    const model = byID("flush-model").value;
    const tags = byID("flush-tags")
      .value.split("\n")
      .map((tag) => tag.trim())
      .filter(Boolean);
    if (!namespace)
      throw new Problem(400, "invalid_request", "Name the namespace to flush, or choose every namespace.");
    return { namespace, ...(model ? { model } : {}), ...(tags.length > 0 ? { tags } : {}) };
  },

  describe(selector) {
    if (selector.all) return "of every namespace";
    const parts = [`of the namespace ${selector.namespace}`];
    if (selector.model) parts.push(`of the model ${selector.model}`);
    if (selector.tags)
      parts.push(`with ${selector.tags.length === 1 ? "the tag" : "the tags"} ${selector.tags.join(" and ")}`);
    return parts.join(", ");
  },

  /** Counts, asks, flushes; `tell` says how it went. */
  async run(tell) {
    const selector = this.selector();
    tell("Counting…");
    const { flushed: count } = await client.flush({ ...selector, dry_run: true });
    tell(null);
    const entries = format.plural(count, "entry", "entries");
    if (!(await this.confirm(selector, count, entries))) return tell("Nothing was flushed.");
    tell("Flushing…");
    const { flushed } = await client.flush(selector);
    tell(`Flushed ${format.plural(flushed, "entry", "entries")} ${this.describe(selector)}.`);
  },

  /** Whether the reader goes on; to flush everything takes typing that. */
  confirm(selector, count, entries) {
    const dialog = byID("confirm");
    byID("confirm-title").textContent = `Flush ${entries}?`;
    byID("confirm-text").textContent =
      count === 0
        ? `No live entry ${this.describe(selector)} is there now. Fills that are under way would be refused.`
        : `${entries} ${this.describe(selector)}. What is flushed cannot be brought back: the upstream is asked again.`;
    byID("confirm-word").hidden = !selector.all;
    byID("confirm-typed").value = "";
    const yes = byID("confirm-yes");
    yes.textContent = `Flush ${entries}`;
    const check = () => {
      yes.disabled = Boolean(selector.all) && byID("confirm-typed").value.trim() !== "flush everything";
    };
    check();
    return new Promise((resolve) => {
      let goesOn = false;
      byID("confirm-typed").oninput = check;
      byID("confirm-form").onsubmit = (event) => {
        event.preventDefault();
        goesOn = !yes.disabled;
        if (goesOn) dialog.close();
      };
      byID("confirm-no").onclick = () => dialog.close();
      dialog.onclose = () => resolve(goesOn);
      dialog.showModal();
      (selector.all ? byID("confirm-typed") : byID("confirm-no")).focus();
    });
  },
};

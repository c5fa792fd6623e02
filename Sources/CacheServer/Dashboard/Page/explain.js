// Explaining a request.

const explain = {
  /** The lookup body for what was pasted, as text: numbers of a request must reach the server as they were written. */
  bodyOf(text, namespace, endpoint) {
    let pasted;
    try {
      pasted = JSON.parse(text);
    } catch (error) {
      throw new Problem(400, "invalid_json", `This is not JSON: ${error.message}`);
    }
    if (pasted === null || typeof pasted !== "object" || Array.isArray(pasted)) {
      throw new Problem(
        400,
        "invalid_json",
        "This is JSON, but no object: paste a request, or a lookup body with a request in it.",
      );
    }
    if (pasted.request !== null && typeof pasted.request === "object") return text;
    const members = [];
    if (namespace) members.push(`"namespace":${JSON.stringify(namespace)}`);
    if (endpoint) members.push(`"endpoint":${JSON.stringify(endpoint)}`);
    return `{${[...members, `"request":${text}`].join(",")}}`;
  },

  show(answer) {
    const { outcome } = answer;
    const kind = outcome.status === "hit" ? "good" : outcome.status === "miss" ? "plain" : "bad";
    byID("explanation").replaceChildren(
      element(
        "p",
        { class: `verdict ${kind}` },
        element("strong", { text: this.title(answer) }),
        " ",
        this.reason(answer),
      ),
      ...this.remarks(answer).map((text) => element("p", { class: "muted", text })),
      element(
        "dl",
        { class: "facts" },
        this.facts(answer).map(([name, value]) => [element("dt", { text: name }), element("dd", {}, value)]),
      ),
      answer.neighbors.length > 0 ? this.neighbors(answer) : "",
      this.disclosure("Canonical form", exactText(answer, "canonical"), true),
      outcome.response === undefined ? "" : this.disclosure("Stored answer", JSON.stringify(outcome.response, null, 2)),
    );
  },

  fail(problem) {
    byID("explanation").replaceChildren(element("p", { class: "problem", role: "alert", text: problem.message }));
  },

  title({ outcome }) {
    if (outcome.status === "hit") return outcome.tier === "semantic" ? "Semantic hit." : "Exact hit.";
    return outcome.status === "miss" ? "Miss." : "Bypass.";
  },

  reason({ outcome, fingerprint, semantic, neighbors }) {
    const needed = `the threshold of ${semantic.threshold.toFixed(2)}`;
    if (outcome.status === "hit") {
      const [age, ttl] = [format.duration(outcome.age), format.duration(outcome.ttl)];
      const life = `It was stored ${age} ago and is good for another ${ttl}.`;
      if (outcome.tier === "semantic") {
        const [cosine, score] = [format.cosine(outcome.similarity), format.cosine(outcome.score)];
        return `A stored question is near enough: similarity ${cosine}, score ${score}. ${life}`;
      }
      return outcome.entry_id === fingerprint
        ? `This request has an entry of its own. ${life}`
        : `These words were answered before by another question's entry. ${life}`;
    }
    const nearest = outcome.nearest ?? neighbors[0];
    const refusal = nearest?.rejected_by;
    const near = format.cosine(nearest?.similarity);
    const reasons = {
      absent:
        neighbors.length > 0
          ? "No entry of its own, and no neighbor is served."
          : "No entry of its own, and no stored question to compare with in its partition.",
      below_threshold: `The nearest stored question has a similarity of ${near}, which is below ${needed}.`,
      guarded:
        refusal === "score"
          ? `A stored question is near enough (${near}), but its score is below ${format.cosine(semantic.min_score)}.`
          : `A stored question is near enough (${near}), but the guard “${refusal}” refuses it.`,
      too_old: "There is an entry, but it is older than s-maxage allows.",
      no_cache: "The caller said no-cache, so nothing is searched.",
      semantic_unavailable: "No entry of its own, and the semantic tier could not be asked in time.",
      redis_unavailable: "Redis does not answer.",
      deadline: "Redis did not answer by the deadline.",
      uncacheable: "Requests like this one are not cached.",
      disabled: "The cache is switched off for this namespace.",
    };
    return reasons[outcome.reason] ?? `The reason is ${outcome.reason}.`;
  },

  /** What is worth a sentence of its own. */
  remarks({ outcome, semantic, neighbors }) {
    const remarks = [];
    if (!semantic.eligible) remarks.push(`The semantic tier is not asked: ${semantic.reason}.`);
    if (outcome.status === "miss" && neighbors.some((neighbor) => neighbor.rejected_by === null)) {
      remarks.push(
        "A neighbor passes every check and is not served all the same: the pair was blocked by feedback, its entry " +
          "is gone, the semantic tier runs in shadow mode, or the caller asked for more.",
      );
    }
    return remarks;
  },

  facts({ outcome, fingerprint, partition, semantic }) {
    const code = (text) => element("code", { text });
    const facts = [["Fingerprint", code(fingerprint)]];
    if (outcome.entry_id && outcome.entry_id !== fingerprint) facts.push(["Entry", code(outcome.entry_id)]);
    if (outcome.matched) facts.push(["Stored question", outcome.matched]);
    if (outcome.saved) {
      const { prompt_tokens: prompt, completion_tokens: completion, usd } = outcome.saved;
      facts.push([
        "A hit saves",
        `${format.count(prompt)} prompt and ${format.count(completion)} completion tokens` +
          (usd === null ? "" : `, ${format.usd(usd)}`),
      ]);
    }
    if (partition) {
      facts.push(
        ["Partition", code(partition.id)],
        [
          "Separated by",
          `namespace ${partition.namespace}, endpoint ${partition.endpoint}, model ${partition.model}, ` +
            `and ${partition.hashed}`,
        ],
        ["Compared text", partition.text],
      );
    }
    facts.push([
      "A semantic hit takes",
      semantic.min_score === null
        ? `similarity ${semantic.threshold.toFixed(2)}`
        : `similarity ${semantic.threshold.toFixed(2)}, score ${format.cosine(semantic.min_score)}, no veto of a guard`,
    ]);
    return facts;
  },

  neighbors({ neighbors }) {
    const guards = ({ guards }) => {
      const named = (verdict) =>
        Object.entries(guards)
          .filter(([, said]) => said === verdict)
          .map(([name]) => name);
      const [vetoes, off] = [named("veto"), named("off")];
      return element(
        "span",
        {},
        vetoes.length === 0 ? "all pass" : element("strong", { text: `veto: ${vetoes.join(", ")}` }),
        off.length > 0 ? `; off: ${off.join(", ")}` : "",
      );
    };
    return element(
      "div",
      {},
      element("h3", { text: "Nearest stored questions" }),
      table(
        "Nearest stored questions",
        [
          { name: "Similarity", value: (row) => format.cosine(row.similarity), number: true },
          { name: "Score", value: (row) => format.cosine(row.score), number: true },
          {
            name: "Question",
            value: (row) => row.text,
            show: (row) => element("span", { class: "quoted", text: row.text }),
          },
          { name: "Guards", value: guards },
          { name: "Verdict", value: (row) => (row.rejected_by === null ? "passes" : `refused: ${row.rejected_by}`) },
          { name: "Entry", value: (row) => row.entry_id, show: (row) => entryID(row.entry_id) },
        ],
        neighbors,
      ),
    );
  },

  disclosure: (title, text, open = false) =>
    element("details", { open }, element("summary", { text: title }), element("pre", { tabindex: "0", text })),
};

/** A member of an answer as text, its numbers as they were written where the browser can tell. */
function exactText(answer, member) {
  const written =
    answer[exactSource] && typeof JSON.rawJSON === "function"
      ? JSON.parse(answer[exactSource], (_, value, context) =>
          typeof value === "number" && context?.source ? JSON.rawJSON(context.source) : value,
        )
      : answer;
  return JSON.stringify(written[member], null, 2);
}

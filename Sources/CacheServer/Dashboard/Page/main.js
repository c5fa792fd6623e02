// What the reader does, and the start.

function listenToControls() {
  byID("windows").addEventListener("change", (event) => {
    page.window = event.target.value;
    timeline.pointedAt = null;
    page.askAnew();
  });
  byID("filter").addEventListener("submit", (event) => event.preventDefault());
  byID("namespace").addEventListener("change", (event) => page.choose(event.target.value.trim()));
  byID("everything").addEventListener("click", () => page.choose(""));
  listings.onchoose = (namespace) => page.choose(namespace);
  byID("pause").addEventListener("click", (event) => {
    page.isPaused = !page.isPaused;
    event.target.setAttribute("aria-pressed", page.isPaused);
    event.target.textContent = page.isPaused ? "Resume" : "Pause";
    if (page.isPaused) clearTimeout(page.timer);
    else page.refresh();
  });
  byID("unlock").addEventListener("submit", (event) => {
    event.preventDefault();
    page.unlock(byID("key").value.trim());
  });
  byID("forget").addEventListener("click", () => page.lock(null));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(page.timer);
    else if (!page.isPaused) page.refresh();
  });
}

function listenToCharts() {
  const chart = byID("timeline");
  chart.addEventListener("pointermove", (event) =>
    timeline.pointAt(event.clientX - chart.getBoundingClientRect().left),
  );
  chart.addEventListener("pointerleave", () => timeline.pointAt(null));
  chart.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") timeline.pointAt(null);
    if (step === undefined) return;
    event.preventDefault();
    timeline.pointNext(step);
  });
  for (const id of ["timeline-table", "similarity-table"]) {
    byID(id).addEventListener("toggle", () => overview.redraw());
  }
  let width = document.documentElement.clientWidth;
  addEventListener("resize", () => {
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    overview.redraw();
  });
}

function listenToForms() {
  const body = byID("explain-body");
  byID("explain-form").addEventListener("submit", (event) => {
    event.preventDefault();
    page.act(
      byID("explain-go"),
      (problem) => explain.fail(problem),
      async () => {
        const namespace = byID("explain-namespace").value.trim();
        const asked = explain.bodyOf(body.value, namespace, byID("explain-endpoint").value);
        explain.show(await client.explain(asked));
      },
    );
  });
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byID("explain-form").requestSubmit();
  });
  const result = byID("flush-result");
  const tell = (text) => {
    result.className = "";
    say(result, text);
  };
  byID("flush-form").addEventListener("submit", (event) => {
    event.preventDefault();
    page.act(
      byID("flush-count"),
      (problem) => {
        say(result, problem.message);
        result.className = "problem";
      },
      async () => {
        await flush.run(tell);
        page.refresh();
      },
    );
  });
  byID("flush-all").addEventListener("change", (event) => {
    for (const id of ["flush-namespace", "flush-model", "flush-tags"]) byID(id).disabled = event.target.checked;
  });
}

listenToControls();
listenToCharts();
listenToForms();
setInterval(() => page.showAge(), 1000);
page.refresh();

// What a page does besides htmx: theme, dialogs, the word on how fresh it is, the grid of tasks, two keys.
(() => {
  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);

  // theme
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  find("#theme")?.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("weir-theme", root.dataset.theme); } catch { /* it holds for this page then */ }
  });

  // dialogs: the buttons come anew with every change of the job, so the page listens
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("dialog form")) return;
    // a second click must not do it twice
    for (const button of event.target.querySelectorAll("button[type=submit]")) button.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("dialog button[type=submit]")) button.disabled = false;
  });

  // a filter that says nothing need not stand in the URL
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.filters[action='/api/interface/metrics']")) return;
    for (const field of event.target.elements) if (field.name && !field.value.trim()) field.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form.filters [disabled]")) field.disabled = false;
  });

  // how fresh the page is
  const live = find("#live"), words = find("#live-text"), hold = find("#hold");
  if (live) {
    let last = Date.now(), lost = null, isHeld = false;
    const clock = (time) => new Date(time).toISOString().slice(11, 19);
    const say = (state, text) => {
      if (live.dataset.state !== state) { live.dataset.state = state; root.dataset.live = state; }
      if (words.textContent !== text) words.textContent = text;
    };
    const isBack = () => {
      clearTimeout(lost);
      lost = null;
      if (!isHeld) say("live", "Live");
    };
    const isGone = () => {
      if (lost || isHeld) return;
      // a stream that ends is begun anew at once, which is nothing to speak of
      lost = setTimeout(() => {
        say("lost", `Connection lost. Data of ${clock(last)} UTC, trying again`);
        lost = setTimeout(() => { root.dataset.live = "stale"; }, 20000);
      }, 3000);
    };
    const body = document.body;
    body.addEventListener("htmx:sseOpen", isBack);
    body.addEventListener("htmx:sseError", isGone);
    body.addEventListener("htmx:sseBeforeMessage", (event) => { if (isHeld) event.preventDefault(); });
    body.addEventListener("htmx:sseMessage", () => { last = Date.now(); isBack(); });
    hold.addEventListener("click", () => {
      isHeld = !isHeld;
      hold.setAttribute("aria-pressed", String(isHeld));
      if (isHeld) { clearTimeout(lost); lost = null; say("held", `Held still at ${clock(Date.now())} UTC`); } else location.reload();
    });
  }

  // the grid of tasks: one drawing, so the place of a click tells the task
  const taskAt = (grid, event) => {
    const box = grid.getBoundingClientRect(), columns = Number(grid.dataset.columns), count = Number(grid.dataset.count);
    const side = box.width / columns;
    const column = Math.floor((event.clientX - box.left) / side), line = Math.floor((event.clientY - box.top) / side);
    const place = line * columns + column;
    return column >= 0 && column < columns && line >= 0 && place < count ? Number(grid.dataset.first) + place : null;
  };
  document.addEventListener("click", (event) => {
    const grid = event.target.closest("svg.grid");
    const task = grid && taskAt(grid, event);
    const form = grid?.closest("#tasks")?.querySelector("form.filters");
    if (task === null || task === undefined || !form) return;
    form.elements.task.value = task;
    form.requestSubmit();
  });

  // keys, while nobody writes: / to the filter, . to hold still
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== document.body) return;
    if (event.key === "/" && find("#filter")) { event.preventDefault(); find("#filter").focus(); }
    if (event.key === "." && hold) hold.click();
  });
})();

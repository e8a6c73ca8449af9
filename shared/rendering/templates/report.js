// A report that is alive: its charts are drawn, lines and colours change, tables are sorted. Without it nothing is missing.
"use strict";
(() => {
  const root = document.documentElement, every = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const specs = JSON.parse(document.getElementById("charts").textContent), charts = [];

  // Behind a signed link the page has no origin and may keep nothing.
  const kept = {
    read() { try { return localStorage.getItem("souk-report-theme"); } catch { return null; } },
    write(theme) { try { localStorage.setItem("souk-report-theme", theme); } catch { /* until the page is closed */ } },
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const themeNow = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const recolour = () => { for (const chart of charts) chart.theme(themeNow()); };
  const chosen = kept.read(), button = document.getElementById("theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  system.addEventListener("change", recolour);
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = themeNow() === "dark" ? "light" : "dark";
    kept.write(root.dataset.theme);
    recolour();
  });

  const switchable = (figure, chart) => {
    const keys = every("button[data-lines]", figure);
    const isOff = (key) => key.getAttribute("aria-pressed") === "false";
    for (const key of keys) key.addEventListener("click", () => {
      key.setAttribute("aria-pressed", String(isOff(key)));
      chart.hide(keys.filter(isOff).flatMap((one) => one.dataset.lines.split(",").map(Number)));
    });
  };
  // One after another, so that the page answers meanwhile; a chart that cannot be drawn stays still.
  const drawAll = async () => {
    for (const [number, place] of every(".plot").entries()) {
      const figure = place.closest("figure");
      figure.classList.add("drawn");
      try {
        const theme = themeNow(), chart = await soukCharts.draw(place, specs[number], theme);
        charts.push(chart);
        switchable(figure, chart);
        if (theme !== themeNow()) chart.theme(themeNow());
      } catch (error) {
        figure.classList.remove("drawn");
        console.error(error);
      }
    }
    root.dataset.drawn = "all";
  };

  const order = new Intl.Collator(root.lang, { numeric: true });
  const sort = (table, column, turn) => {
    const body = table.tBodies[0], cell = (row) => row.cells[column];
    const isOfNumbers = every("tr", body).some((row) => cell(row).dataset.by !== undefined);
    const compared = (a, b) => {
      if (!isOfNumbers) return turn * order.compare(cell(a).textContent, cell(b).textContent);
      const [x, y] = [cell(a).dataset.by, cell(b).dataset.by];
      return x === undefined || y === undefined ? (x === undefined) - (y === undefined) : turn * (Number(x) - Number(y));
    };
    body.append(...every("tr", body).sort(compared));
  };
  for (const table of every("table.sorts")) for (const head of every("thead th", table)) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") === "descending" || (!head.hasAttribute("aria-sort") && !head.classList.contains("number"));
      for (const other of every("thead th", table)) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      sort(table, head.cellIndex, isUp ? 1 : -1);
    });
  }

  const links = new Map(every("nav a").map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    const here = entries.find((entry) => entry.isIntersecting);
    if (!here) return;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(here.target.id)?.setAttribute("aria-current", "location");
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const section of every("main > section")) seen.observe(section);

  drawAll();
})();

// Renews a dashboard in place and draws its charts as they come into view. Without it the page is whole and stands still.
"use strict";
(() => {
  const { body } = document, { twin, lost, old, out, all, library } = body.dataset;
  const EVERY = Number(body.dataset.every) * 1000, SLOWEST = 10 * EVERY, LONGEST = 30_000;
  const find = (selector, within = document) => within.querySelector(selector);
  const put = (element, text) => {
    if (!element) return;
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  };
  const make = (tag, given, ...children) => {
    const made = Object.assign(document.createElement(tag), given);
    made.append(...children);
    return made;
  };
  const bdi = (text, given) => make("bdi", given, text), soft = (...told) => make("span", { className: "soft" }, ...told);
  const pill = (kind, text) => make("span", { className: `pill ${kind}` }, text);
  const link = (url, ...told) => { const made = make("a", {}, ...told); made.setAttribute("href", url); return made; };

  // -- Texts
  const incident = (one) => make("li", {}, link(
    one.url, pill(one.severity, one.said), " ", bdi(one.title), " ", soft(`${one.state} · `, bdi(one.since)),
  ));
  const mark = (one) => make("li", {}, bdi(one.at, { className: "soft" }), make("span", {},
    one.said ? pill(one.severity, one.said) : pill("plain", one.kind), " ",
    one.url ? link(one.url, bdi(one.text)) : bdi(one.text), " ", soft(one.ended),
  ));
  // Items that are the same stay, and whoever stood on a link stands on it afterwards.
  const renewList = (list, items) => {
    const stood = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    items.forEach((item, number) => {
      const before = list.children[number];
      if (!before) list.append(item);
      else if (!before.isEqualNode(item)) before.replaceWith(item);
    });
    while (list.children.length > items.length) list.lastElementChild.remove();
    if (stood === null || list.contains(document.activeElement)) return;
    [...list.querySelectorAll("a")].find((one) => one.getAttribute("href") === stood)?.focus({ preventScroll: true });
  };
  const renewTile = (name, tile) => {
    const place = find(`[data-tile="${name}"]`);
    if (!place) return;
    Object.assign(place.dataset, { standing: tile.standing, trend: tile.trend });
    find(".course path", place).setAttribute("d", tile.course);
    for (const [where, text] of Object.entries(tile.words)) put(find(`[data-text="${where}"]`, place), text);
  };
  const renewTable = (chart, told) => {
    const cells = JSON.stringify([told.header, told.rows]);
    if (chart.cells === cells) return;
    chart.cells = cells;
    const head = told.header.map((text) => make("th", { scope: "col" }, text));
    const rows = told.rows.map(([name, ...values]) => make(
      "tr", {}, make("th", { scope: "row" }, name), ...values.map((value) => make("td", {}, value)),
    ));
    find("thead tr", chart.figure).replaceChildren(...head);
    find("tbody", chart.figure).replaceChildren(...rows);
    find("details", chart.figure).hidden = !rows.length;
  };
  const show = (said) => {
    put(find("#updated"), said.words.updated);
    find("#trouble").dataset.at = said.words.at;
    find("#open-count").textContent = said.open;
    renewList(find("#incidents"), said.incidents.map(incident));
    find("#none-open").hidden = said.incidents.length > 0;
    find("#all-open").hidden = said.open <= said.incidents.length;
    find("#all-open a").textContent = all.replace("{count}", said.open);
    for (const tile of said.tiles) renewTile(tile.metric, tile);
    if (said.live) renewTile("live", said.live);
    renewList(find("#marks"), said.marks.map(mark));
    find("#none-happened").hidden = said.marks.length > 0;
    put(find("#earlier"), said.words.earlier);
  };

  // -- Charts
  const dark = matchMedia("(prefers-color-scheme: dark)"), theme = () => (dark.matches ? "dark" : "light");
  const charts = new Map([...document.querySelectorAll("[data-chart]")].map((figure) => [figure.dataset.chart, {
    figure, plot: find(".plot", figure), isNear: false, version: 0, view: null, turn: Promise.resolve(),
  }]));
  const drawing = new Promise((done) => {
    const script = make("script", { src: library, async: true });
    script.addEventListener("load", done);
    script.addEventListener("error", done);
    document.head.append(script);
  });
  const picture = ({ figure, plot, version }, told) => {
    const shown = make("img", { className: "chart", alt: told.alt, src: `${figure.dataset.svg}&at=${version}` });
    plot.replaceChildren(shown);
  };
  const draw = async (chart, told) => {
    await drawing;
    if (told.nothing) {
      chart.view?.destroy();
      chart.view = null;
      return;
    }
    if (!window.soukCharts) return picture(chart, told);
    const keys = find(".keys", chart.figure);
    keys.replaceChildren(...told.keys.map((key) => make("li", { className: `key ${key.look}` }, key.text)));
    keys.hidden = told.keys.length < 2;
    if (chart.view) await chart.view.update(told.spec);
    else chart.view = await window.soukCharts.draw(chart.plot, told.spec, theme());
  };
  const renewChart = (chart, told, version) => {
    put(find(".nothing", chart.figure), told.nothing);
    chart.plot.hidden = Boolean(told.nothing);
    put(find("[data-source]", chart.figure), told.source);
    renewTable(chart, told);
    if (!told.spec) return;
    chart.version = version;
    chart.turn = chart.turn.then(() => draw(chart, told)).catch(() => picture(chart, told));
  };
  const recolour = (name) => { for (const { view } of charts.values()) view?.theme(name); };

  // -- When
  let version = 1, failures = 0, renewed = Date.now(), timer, isBusy = false, isCalm = false;
  const stale = () => [...charts].filter(([, one]) => one.version !== version && (one.isNear || (isCalm && !one.version)));
  const say = (text) => {
    const place = find("#trouble"), told = text.replace("{at}", place.dataset.at);
    if (place.textContent !== told) place.textContent = told;
  };
  const ask = async () => {
    if (isBusy) return;
    isBusy = true;
    const now = version, names = stale().map(([name]) => name);
    try {
      // The header makes a proxy in front of us say 401 in place of leading to its own sign-in.
      const answer = await fetch(`${twin}&charts=${names}`, {
        credentials: "same-origin", redirect: "manual", headers: { "X-Requested-With": "XMLHttpRequest" },
        signal: AbortSignal.timeout(LONGEST),
      });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Error(out);
      if (!answer.ok) throw new Error(lost);
      const said = await answer.json();
      show(said);
      for (const one of said.charts) if (charts.has(one.name)) renewChart(charts.get(one.name), one, now);
      [failures, renewed] = [0, Date.now()];
      say("");
    } catch (error) {
      failures += 1;
      say(error.message === out ? out : lost);
    }
    isBusy = false;
    clearTimeout(timer);
    timer = setTimeout(renew, Math.min(SLOWEST, EVERY * 2 ** failures));
    if (!failures && stale().length) ask();
  };
  const renew = () => {
    if (document.hidden) return;
    version += 1;
    ask();
  };
  const back = () => {
    if (document.hidden || Date.now() - renewed < EVERY) return;
    if (Date.now() - renewed > 5 * EVERY) say(old);
    renew();
  };

  for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;
  for (const { figure, plot } of charts.values()) plot.hidden = !find(".nothing", figure).hidden;
  const seen = new IntersectionObserver((found) => {
    for (const { target, isIntersecting } of found) charts.get(target.dataset.chart).isNear = isIntersecting;
    if (stale().length) ask();
  }, { rootMargin: "400px 0px" });
  for (const { figure } of charts.values()) seen.observe(figure);
  timer = setTimeout(renew, EVERY);
  document.addEventListener("visibilitychange", back);
  addEventListener("pageshow", back);
  addEventListener("online", renew);
  dark.addEventListener("change", () => recolour(theme()));
  addEventListener("beforeprint", () => recolour("print"));
  addEventListener("afterprint", () => recolour(theme()));
  // What is out of sight is drawn when there is nothing else to do, so that paper shows it too.
  drawing.then(() => (window.requestIdleCallback ?? setTimeout)(() => { isCalm = true; ask(); }));
})();

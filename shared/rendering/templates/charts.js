// Draws charts in a page. Put after `const THEMES`, beside `vegaEmbed`; a page sees nothing of it but `soukCharts`.
const SVG = "http://www.w3.org/2000/svg";
// Without eval (`ast`), without a style sheet of its own, and silent about data sets that are empty, as some are by design.
const OPTIONS = {
  mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false, hover: false, tooltip: false, logLevel: 1,
};
const copied = (rows) => rows.map((row) => ({ ...row }));

// What has to be drawn anew when it differs: everything but the rows, the colours and the sentence about it.
const shapeOf = ({ datasets, params, description, ...rest }) => JSON.stringify([rest, Object.keys(datasets)]);

class Tip {
  // The words beside the pointer: one element for all charts, styled here, because a page may allow no inline styles.
  constructor() {
    this.element = document.createElement("div");
    this.element.setAttribute("aria-hidden", "true");
    this.element.className = "souk-tip";
    Object.assign(this.element.style, {
      position: "fixed", zIndex: 9, insetBlockStart: 0, left: 0, maxInlineSize: "min(320px, 90vw)", padding: "8px 11px", display: "none",
      borderRadius: "8px", border: "1px solid", font: "13px/1.5 system-ui, sans-serif", pointerEvents: "none", boxShadow: "0 4px 14px #0003",
    });
  }

  show(text, { clientX, clientY }, colours, direction) {
    const { element } = this, lines = text.split("\n").map((line) => Object.assign(document.createElement("div"), { textContent: line }));
    lines[0].style.fontWeight = 600;
    element.replaceChildren(...lines);
    element.dir = direction;
    Object.assign(element.style, { display: "block", background: colours.paper, color: colours.ink, borderColor: colours.frame });
    if (!element.isConnected) document.body.append(element);
    const { width, height } = element.getBoundingClientRect();
    const fits = clientX + 16 + width < document.documentElement.clientWidth;
    const x = Math.max(4, fits ? clientX + 16 : clientX - 16 - width);
    const y = Math.max(4, Math.min(clientY - height / 2, innerHeight - height - 4));
    element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  hide() { this.element.style.display = "none"; }
}
const tip = new Tip();

class Chart {
  #element; #spec; #shape; #view; #theme; #hidden = new Set(); #turn = Promise.resolve(); #watch; #line; #over; #gone = false; #listening = new AbortController();

  constructor(element, theme) {
    this.#element = element;
    this.#theme = theme;
    this.#watch = new ResizeObserver(() => this.#queued(() => this.#fit()));
    this.#line = document.createElementNS(SVG, "path");
    this.#line.setAttribute("fill", "none");
    this.#line.setAttribute("pointer-events", "none");
    element.style.touchAction = "pan-y";
    const { signal } = this.#listening;
    for (const kind of ["pointermove", "pointerdown"]) element.addEventListener(kind, this.#point, { signal });
    // A finger that is lifted leaves the words where they are, until it scrolls or touches something else.
    element.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") this.#leave(); }, { signal });
    element.addEventListener("pointercancel", () => this.#leave(), { signal });
    document.addEventListener("pointerdown", ({ target }) => { if (!element.contains(target)) this.#leave(); }, { signal });
    document.addEventListener("keydown", ({ key }) => { if (key === "Escape") this.#leave(); }, { signal });
  }

  // Renews what is drawn, in the same view unless something else than its rows has changed.
  update(spec) { return this.#queued(() => this.#show(spec)); }

  // "light", "dark" or "print": the same view in other colours.
  theme(name) {
    return this.#queued(async () => {
      this.#theme = name;
      this.#leave();
      for (const { name: role } of this.#spec.params) this.#view.signal(role, this.#colours[role]);
      await this.#view.runAsync();
    });
  }

  // Leaves out the lines of these numbers; the axes stay where they are.
  hide(numbers) {
    return this.#queued(async () => {
      this.#hidden = new Set(numbers);
      this.#renew("points");
      await this.#view.runAsync();
    });
  }

  destroy() {
    this.#gone = true;
    this.#watch.disconnect();
    this.#listening.abort();
    this.#leave();
    this.#view?.finalize();
    this.#element.replaceChildren();
  }

  // One change after another; one that fails tells its caller and does not keep the next from being made.
  #queued(change) {
    const made = this.#turn.then(() => (this.#gone ? undefined : change()));
    this.#turn = made.catch(() => undefined);
    return made;
  }

  async #show(spec) {
    const shape = shapeOf(spec), isSame = shape === this.#shape;
    this.#spec = spec;
    if (!isSame) return this.#draw(shape);
    for (const name of Object.keys(spec.datasets)) this.#renew(name);
    this.#describe();
    await this.#view.runAsync();
  }

  async #draw(shape) {
    const params = this.#spec.params.map(({ name }) => ({ name, value: this.#colours[name] }));
    const place = document.createElement("div");
    const { view } = await vegaEmbed(place, { ...this.#spec, params, datasets: this.#rows, width: this.#width ?? this.#spec.width }, OPTIONS);
    if (this.#gone) return view.finalize();
    this.#view?.finalize();
    [this.#view, this.#shape] = [view, shape];
    for (const name of ["role", "aria-roledescription", "aria-label"]) place.removeAttribute(name);
    this.#leave();
    this.#element.replaceChildren(place);
    // Its texts bring their own direction; where they are anchored must not turn with the page's.
    Object.assign(this.#svg.style, { display: "block", inlineSize: "100%", blockSize: "auto", direction: "ltr" });
    this.#svg.firstElementChild.setAttribute("aria-hidden", "true"); // said in one sentence instead
    this.#svg.append(this.#line);
    this.#describe();
    this.#watch.observe(this.#element);
  }

  #describe() {
    this.#svg.setAttribute("role", "img");
    this.#svg.setAttribute("aria-label", this.#spec.description);
  }

  #renew(name) {
    if (this.#spec.datasets[name]) this.#view.data(name, this.#rows[name]);
  }

  async #fit() {
    const width = this.#width;
    if (!width || !this.#view || width === this.#view.width()) return;
    this.#leave();
    await this.#view.width(width).runAsync();
  }

  get #svg() { return this.#element.querySelector("svg"); }
  get #colours() { return THEMES[this.#theme] ?? THEMES.light; }

  // The plot's width in its place, for a specification that fits any; others are drawn as they are and scaled.
  get #width() {
    const { padding, usermeta } = this.#spec, room = this.#element.clientWidth - padding.left - padding.right;
    return usermeta?.fits && room > 0 ? room : undefined;
  }

  // Copies, because a view keeps what it is given.
  get #rows() {
    const rows = Object.fromEntries(Object.entries(this.#spec.datasets).map(([name, found]) => [name, copied(found)]));
    for (const row of rows.points ?? []) for (const number of this.#hidden) { delete row[`v${number}`]; delete row[`d${number}`]; }
    return rows;
  }

  // The row under the pointer that has something to tell: a step of time, or one of the ranked bars.
  #under(event) {
    const matrix = this.#svg?.getScreenCTM(), { points = [], ranks = [] } = this.#spec.datasets, { padding } = this.#spec;
    if (!matrix) return undefined;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const x = at.x - padding.left, y = at.y - padding.top, width = this.#view.width(), height = this.#view.height();
    if (y < -8 || y > height + 8) return undefined;
    if (ranks.length) {
      const value = this.#view.scale("y").invert(y);
      return ranks.find((row) => row.tip && row.y <= value && value < row.y2);
    }
    if (!points.length || x < 0 || x > width) return undefined;
    const minute = this.#view.scale("x").invert(x);
    return points.find((row) => row.tip && row.t <= minute && minute < row.e);
  }

  #point = (event) => {
    if (this.#gone || !this.#view) return;
    const row = this.#under(event);
    if (!row) return this.#leave();
    if (row !== this.#over) this.#mark(row);
    tip.show(row.tip, event, this.#colours, getComputedStyle(this.#element).direction);
  };

  #mark(row) {
    this.#over = row;
    if (row.t === undefined) return;
    const { padding } = this.#spec, x = padding.left + this.#view.scale("x")((row.t + row.e) / 2);
    this.#line.setAttribute("d", `M${x.toFixed(1)} ${padding.top}v${this.#view.height()}`);
    this.#line.setAttribute("stroke", this.#colours.frame);
  }

  #leave() {
    if (!this.#over) return;
    this.#over = undefined;
    this.#line.removeAttribute("d");
    tip.hide();
  }
}

window.soukCharts = {
  // Draws a specification of ours into an empty element; resolves when it can be seen.
  async draw(element, spec, theme = "light") {
    const chart = new Chart(element, theme);
    await chart.update(spec);
    return chart;
  },
};

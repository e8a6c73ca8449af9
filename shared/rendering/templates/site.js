// Clocks that count, and a word when the page is out of date. Without it everything works, and nothing moves.
"use strict";
(() => {
  const body = document.body, skew = body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0;
  const two = (number) => String(number).padStart(2, "0");
  const told = (seconds) => {
    const hours = Math.floor(seconds / 3600), rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
  };
  const clocks = [...document.querySelectorAll("time[data-runs]")];
  const tick = () => {
    for (const clock of clocks) {
      const passed = Math.floor((Date.now() + skew - Date.parse(clock.dateTime)) / 1000);
      const late = clock.dataset.runs === "down" && passed >= 0, tile = clock.closest("div"), label = tile.querySelector("dt");
      clock.textContent = told(Math.abs(passed));
      tile.classList.toggle("late", late);
      if (late && label.textContent !== label.dataset.late) label.textContent = label.dataset.late;
    }
  };
  if (clocks.length) { tick(); setInterval(tick, 1000); }

  const isWriting = () => document.querySelector("details[open] form, form :focus") !== null;
  const reload = () => { if (!document.hidden && !isWriting()) location.reload(); };
  if (body.dataset.reload) setInterval(reload, Number(body.dataset.reload) * 1000);
  if (body.dataset.watch) setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(body.dataset.watch, { credentials: "same-origin" }).catch(() => null);
    const now = answer && answer.ok ? (await answer.json()).version : body.dataset.version;
    if (now === body.dataset.version) return;
    document.getElementById("changed").hidden = false;
    reload();
  }, 15000);
})();

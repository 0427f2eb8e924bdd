/* Behaviour of Chargehand's own parts of the back office; everything works on data attributes. */
"use strict";

/* Copy buttons. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.textContent;
  button.textContent = "✓";
  setTimeout(() => { button.textContent = label; }, 1200);
});

/* A page that refreshes itself waits while a menu is open, and keeps what the reader has closed. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "live" && event.target.querySelector(".ch-menu[open]")) event.preventDefault();
});
const closed = new Set();
document.addEventListener("toggle", (event) => {
  const id = event.target.id;
  if (!id || !event.target.matches("#live details")) return;
  if (event.target.open) closed.delete(id); else closed.add(id);
}, true);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "live") return;
  for (const id of closed) document.getElementById(id)?.removeAttribute("open");
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".ch-menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});

/* Select2 and the pickers of Django name their parts in ways that screen readers do not follow. */
function nameFields() {
  for (const shown of document.querySelectorAll(".select2-selection__rendered")) {
    const box = shown.closest(".select2-selection");
    const select = shown.closest(".select2-container")?.previousElementSibling;
    const label = select?.labels?.[0];
    if (!box || !label) continue;
    label.id ||= `label-${select.id}`;
    for (const part of [box, shown]) part.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }
  for (const help of document.querySelectorAll(".help-tooltip[aria-label]")) help.setAttribute("role", "img");
}
window.addEventListener("load", () => setTimeout(nameFields));
document.addEventListener("formset:added", () => setTimeout(nameFields));

/* Charts: the canvas stays, its data is read anew from the JSON beside it. */
const charts = new Map();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function axes() {
  const grid = { color: colour("--ch-line") };
  const ticks = { color: colour("--ch-subtle") };
  return { grid, ticks };
}

function todayChart(canvas, data) {
  const { grid, ticks } = axes();
  return {
    data: {
      labels: data.labels,
      datasets: [
        { type: "bar", label: canvas.dataset.energy, data: data.energy, backgroundColor: "#0d9488", borderRadius: 3, maxBarThickness: 12, yAxisID: "y" },
        { type: "line", label: canvas.dataset.sessions, data: data.sessions, borderColor: "#f59e0b", backgroundColor: "#f59e0b", pointRadius: 2, tension: 0, yAxisID: "y1" },
      ],
    },
    options: {
      maintainAspectRatio: false, animation: false, interaction: { mode: "index", intersect: false },
      plugins: { legend: { labels: { color: ticks.color, boxWidth: 12 } } },
      scales: {
        x: { grid: { display: false }, ticks }, y: { beginAtZero: true, grid, ticks, suggestedMax: 10 },
        y1: { beginAtZero: true, position: "right", grid: { display: false }, ticks: { ...ticks, precision: 0 }, suggestedMax: 4 },
      },
    },
  };
}

function curveChart(canvas, data) {
  const { grid, ticks } = axes();
  const line = (label, values, border, axis) => ({
    type: "line", label, data: values, borderColor: border, backgroundColor: border, pointRadius: 0, borderWidth: 2, tension: 0.2, spanGaps: true, yAxisID: axis,
  });
  return {
    data: {
      labels: data.labels.map((at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })),
      datasets: [line(canvas.dataset.energy, data.energy, "#0d9488", "y"), line(canvas.dataset.power, data.power, "#f59e0b", "y1")],
    },
    options: {
      maintainAspectRatio: false, animation: false, interaction: { mode: "index", intersect: false },
      plugins: { legend: { labels: { color: ticks.color, boxWidth: 12 } } },
      scales: { x: { grid: { display: false }, ticks: { ...ticks, maxTicksLimit: 12 } }, y: { grid, ticks }, y1: { position: "right", beginAtZero: true, grid: { display: false }, ticks } },
    },
  };
}

const kinds = { today: todayChart, curve: curveChart };

function drawCharts() {
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
    const text = document.getElementById(canvas.dataset.from)?.textContent;
    const known = charts.get(canvas);
    if (!text || known?.text === text) continue;
    const settings = kinds[canvas.dataset.chart](canvas, JSON.parse(text));
    if (known) {
      settings.data.datasets.forEach((dataset, index) => { known.chart.data.datasets[index].data = dataset.data; });
      known.chart.data.labels = settings.data.labels;
      known.chart.update();
      known.text = text;
    } else {
      charts.set(canvas, { text, chart: new Chart(canvas, settings) });
    }
  }
}

/* Rows of the schedule: added from a template; a new row that is removed just goes. */
function countRows(form) {
  const rows = form.querySelectorAll("[data-rows-here] > [data-row]");
  form.querySelector("[data-rows-empty]").hidden = rows.length > 0;
}

function addRow(form) {
  const total = form.querySelector(`[name="${form.dataset.rows}-TOTAL_FORMS"]`);
  const holder = document.createElement("div");
  holder.innerHTML = form.querySelector("[data-rows-template]").innerHTML.replaceAll("__prefix__", total.value);
  const row = holder.firstElementChild;
  row.dataset.isNew = "yes";
  form.querySelector("[data-rows-here]").append(row);
  total.value = Number(total.value) + 1;
  countRows(form);
  row.querySelector("input:not([type=hidden])").focus();
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-rows]");
  if (form && event.target.closest("[data-rows-add]")) addRow(form);
});
document.addEventListener("change", (event) => {
  const row = event.target.closest('[data-row][data-is-new="yes"]');
  if (row && event.target.matches(".ch-remove input")) row.hidden = event.target.checked;
});

/* The live tail: asks every second by the last id, keeps the newest rows, leaves out what it has. */
function startTail(tail) {
  const rows = tail.querySelector("[data-tail-rows]");
  const form = tail.querySelector("[data-tail-form]");
  const state = tail.querySelector("[data-tail-state]");
  const pause = tail.querySelector("[data-tail-pause]");
  const keep = Number(tail.dataset.keep);
  let after = "";
  let isPaused = false;
  let generation = 0;
  let seen = new Set();

  const show = (word, name) => { state.textContent = word; state.className = `ch-badge ch-${name}`; };
  const restart = () => { generation += 1; after = ""; seen = new Set(); rows.replaceChildren(); };

  function take(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = [...holder.content.querySelectorAll("[data-id]")].filter((row) => !seen.has(row.dataset.id));
    fresh.forEach((row) => seen.add(row.dataset.id));
    rows.prepend(...fresh);
    while (rows.childElementCount > keep) {
      seen.delete(rows.lastElementChild.dataset.id);
      rows.lastElementChild.remove();
    }
    tail.querySelector("[data-tail-count]").textContent = rows.childElementCount;
  }

  async function poll() {
    if (isPaused || document.visibilityState !== "visible") return;
    const asked = generation;
    const query = new URLSearchParams(new FormData(form));
    query.set("after", after);
    try {
      const response = await fetch(`${tail.dataset.rowsUrl}?${query}`);
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      const html = await response.text();
      if (asked !== generation) return;
      after = response.headers.get("X-Last-Id") || after;
      take(html);
      show(tail.dataset.live, "green");
    } catch {
      show(tail.dataset.lost, "red");
    }
  }

  async function run() {
    await poll();
    setTimeout(run, 1000);
  }

  form.addEventListener("input", restart);
  form.addEventListener("submit", (event) => event.preventDefault());
  tail.querySelector("[data-tail-clear]").addEventListener("click", () => { rows.replaceChildren(); });
  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? tail.dataset.resume : tail.dataset.pause;
    show(isPaused ? tail.dataset.paused : tail.dataset.live, isPaused ? "amber" : "green");
  });
  run();
}

document.addEventListener("DOMContentLoaded", () => {
  drawCharts();
  const tail = document.getElementById("tail");
  if (tail) startTail(tail);
});
document.addEventListener("htmx:afterSettle", drawCharts);

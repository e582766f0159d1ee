"use strict";

const KEPT = 240;
const series = { per_second: [], p99_ms: [], backlog_rows: [] };
const words = document.body.dataset;
const whole = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
const number = { format: (value) => (value < 100 ? fine : whole).format(value) };

function clock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function told(refused) {
  const each = Object.entries(refused).map(([why, count]) => `${why === "no answer" ? words.silent : why}: ${number.format(count)}`);
  return each.length ? each.join(" · ") : words.none;
}

function shown(name, value) {
  if (value === null || value === undefined) return "–";
  if (name === "elapsed") return clock(value);
  if (name === "refused") return told(value);
  if (name === "question") return `${value[0]} / ${value[1]}`;
  return number.format(value);
}

function draw(name, value) {
  const values = series[name];
  values.push(value || 0);
  if (values.length > KEPT) values.shift();
  const top = Math.max(1, ...values);
  const points = values.map((one, at) => `${(300 * at) / Math.max(1, values.length - 1)},${78 - (75 * one) / top}`);
  document.querySelector(`[data-chart=${name}] polyline`).setAttribute("points", points.join(" "));
  document.querySelector(`[data-top=${name}]`).textContent = number.format(top);
}

function show(state) {
  for (const place of document.querySelectorAll("[data-value]")) {
    const name = place.dataset.value;
    place.textContent = shown(name, state[name]);
    if (name === "not_ok" || name === "lost") place.classList.toggle("bad", state[name] > 0);
  }
  for (const name of Object.keys(series)) draw(name, state[name]);
  document.getElementById("progress").value = state.sent / state.total;
  document.getElementById("state").textContent = state.is_done ? words.done : words.running;
}

const events = new EventSource("/events");
let isDone = false;
events.onmessage = (event) => {
  const state = JSON.parse(event.data);
  isDone = state.is_done;
  show(state);
  if (isDone) events.close();
};
events.onerror = () => {
  if (isDone) return;
  const state = document.getElementById("state");
  state.textContent = words.gone;
  state.classList.add("gone");
};
events.onopen = () => document.getElementById("state").classList.remove("gone");

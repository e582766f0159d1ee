// Small helps: theme, copying, going back, relative times that stay true, tooltips.
import { toast } from "./toast.js";
import { words } from "./words.js";

const UNITS = [
  [60, "second"],
  [3600, "minute"],
  [86400, "hour"],
  [2592000, "day"],
  [31536000, "month"],
  [Infinity, "year"],
];

function nameTheme() {
  const dark = document.documentElement.dataset.bsTheme === "dark";
  for (const label of document.querySelectorAll("[data-theme-label]")) label.textContent = dark ? words.light : words.dark;
}

function switchTheme() {
  const root = document.documentElement;
  root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.bsTheme);
  nameTheme();
  document.dispatchEvent(new CustomEvent("theme"));
}

function relative(moment) {
  const seconds = (moment - Date.now()) / 1000;
  if (Math.abs(seconds) < 45) return words.now;
  const at = UNITS.findIndex(([limit]) => Math.abs(seconds) < limit);
  const size = at === 0 ? 1 : UNITS[at - 1][0];
  return new Intl.RelativeTimeFormat(document.documentElement.lang).format(Math.round(seconds / size), UNITS[at][1]);
}

function renewTimes() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    time.textContent = relative(new Date(time.dateTime));
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(words.copied, "success");
}

function hints(root) {
  for (const element of root.querySelectorAll("[data-bs-toggle=tooltip]")) {
    window.tabler?.Tooltip.getOrCreateInstance(element);
  }
}

export function start() {
  nameTheme();
  setInterval(renewTimes, 30000);
  document.body.addEventListener("htmx:load", (event) => hints(event.detail.elt));
  document.addEventListener("click", (event) => {
    const copied = event.target.closest("[data-copy]");
    if (copied) copy(copied);
    if (event.target.closest("[data-theme-switch]")) switchTheme();
    if (event.target.closest("[data-back]")) history.back();
  });
}

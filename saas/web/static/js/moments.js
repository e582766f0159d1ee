// What follows the clock and the events: [data-renew="fans outbox"] gets the event "renew", at most once a second (or
// once in data-pause milliseconds) and never without the last; [data-until] counts down, and at its end everything of
// that kind is renewed.
import { fill, words } from "./words.js";

const PAUSE = 1000;
const LONGEST_PRESS = 1000;
const waiting = new Map(); // by id: what came for a part is put in its place
let pressed = -LONGEST_PRESS;

function renew(part) {
  const { id } = part;
  if (waiting.has(id)) {
    waiting.set(id, true);
    return;
  }
  waiting.set(id, false);
  part.dispatchEvent(new CustomEvent("renew"));
  setTimeout(() => {
    const again = waiting.get(id);
    waiting.delete(id);
    const present = document.getElementById(id);
    if (again && present) renew(present);
  }, Number(part.dataset.pause ?? PAUSE));
}

// Nothing is put in the place of what somebody is being asked about: the answer would be to a form that is gone. Nor of
// what is being pressed: between a button's down and its up that would be a click on nothing.
function hold(event) {
  const part = event.detail.requestConfig.elt;
  if (!part.matches("[data-renew]")) return;
  const dialog = document.querySelector("#confirm[open]");
  const isPressed = performance.now() - pressed < LONGEST_PRESS;
  if (!dialog && !isPressed) return;
  event.detail.shouldSwap = false;
  if (dialog) dialog.addEventListener("close", () => setTimeout(renewAll, PAUSE), { once: true });
  else setTimeout(renewAll, PAUSE);
}

function press(event) {
  pressed = event.type === "pointerdown" ? performance.now() : -LONGEST_PRESS;
}

function renewAll(topic = "") {
  for (const part of document.querySelectorAll("[data-renew]")) {
    if (!topic || part.dataset.renew.split(" ").includes(topic)) renew(part);
  }
}

function left(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  if (h) return fill(words.hours_left, { h, m });
  return m ? fill(words.minutes_left, { m, s }) : fill(words.seconds_left, { s });
}

function tick() {
  for (const time of document.querySelectorAll("[data-until]")) {
    const seconds = (new Date(time.dataset.until) - Date.now()) / 1000;
    if (seconds > 0) {
      const text = left(seconds);
      if (time.textContent !== text) time.textContent = text;
    } else {
      delete time.dataset.until;
      time.textContent = words.over;
      setTimeout(renewAll, PAUSE);
    }
  }
}

export function start() {
  tick();
  setInterval(tick, 1000);
  document.body.addEventListener("live:any", (event) => renewAll(event.detail.topic));
  document.body.addEventListener("htmx:beforeSwap", hold);
  for (const kind of ["pointerdown", "click", "pointercancel"]) document.addEventListener(kind, press, true);
  document.body.addEventListener("live:again", () => renewAll());
  document.body.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.matches("[data-renew-now]") || event.detail.elt.querySelector("[data-renew-now]")) renewAll();
    tick();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.target.matches("textarea")) event.target.form?.requestSubmit();
  });
}

// The bottom bar: text, emoji in every spelling, stickers.
import { find, make } from "./dom.js";
import { FACES, STICKERS } from "./emoji.js";
import { act, on, state } from "./state.js";
import { say } from "./words.js";

const PANELS = { "emoji-button": "emoji-panel", "plus-button": "plus-panel" };

export function closePanels() {
  for (const [button, panel] of Object.entries(PANELS)) {
    find(panel).hidden = true;
    find(button).setAttribute("aria-expanded", "false");
  }
}

function toggle(button) {
  const opening = find(PANELS[button]).hidden;
  closePanels();
  find(PANELS[button]).hidden = !opening;
  find(button).setAttribute("aria-expanded", String(opening));
  find("scroller").scrollTop = find("scroller").scrollHeight;
}

const spelling = () => document.querySelector("input[name=spelling]:checked").value;

function insert(text) {
  const field = find("text");
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  grow();
}

function face([likeness, code, name]) {
  const written = { unicode: likeness, code, name: `[${name}]` }[spelling()];
  return make("button", { type: "button", "aria-label": name, title: written, onclick: () => insert(written) }, likeness);
}

function sticker([likeness, name]) {
  const send = () => { closePanels(); act({ type: "sticker", name }); };
  return make("button", { type: "button", class: "big", onclick: send }, likeness, make("small", {}, name));
}

function showGrid() {
  const buttons = spelling() === "sticker" ? STICKERS.map(sticker) : FACES.map(face);
  find("emoji-grid").replaceChildren(...buttons);
}

function grow() {
  const field = find("text");
  field.rows = Math.min(4, field.value.split("\n").length);
  find("send").classList.toggle("ready", field.value.trim() !== "");
}

function submit(event) {
  event.preventDefault();
  const content = find("text").value;
  if (!content.trim() || !state.fan) return;
  find("text").value = "";
  grow();
  act({ type: "text", content });
}

function allow() {
  const ready = Boolean(state.fan?.subscribed);
  for (const id of ["text", "send", "emoji-button", "plus-button"]) find(id).disabled = !ready;
  find("text").placeholder = ready ? "" : say("not_following");
  if (!ready) closePanels();
}

export function startComposer() {
  for (const button of Object.keys(PANELS)) find(button).addEventListener("click", () => toggle(button));
  for (const radio of document.querySelectorAll("input[name=spelling]")) radio.addEventListener("change", showGrid);
  find("composer").addEventListener("submit", submit);
  find("text").addEventListener("input", grow);
  find("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && closePanels());
  for (const name of ["account", "fan", "following"]) on(name, allow);
  showGrid();
  allow();
}

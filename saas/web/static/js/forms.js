// Forms: checked as one leaves a field, what the server refused put beside its field, no unsaved input lost.
import { fill, words } from "./words.js";

const CONTROLS = "input:not([type=hidden]), select, textarea";

function sentenceOf(control) {
  const state = control.validity;
  const limit = Number(control.dataset.countTo);
  if (limit && [...control.value].length > limit) return fill(words.long, { n: limit });
  if (state.valid) return "";
  if (state.valueMissing) return words.required;
  if (state.tooShort) return fill(words.short, { n: control.minLength });
  if (state.tooLong) return fill(words.long, { n: control.maxLength });
  if (state.badInput || state.stepMismatch) return words.number;
  if (state.rangeUnderflow) return fill(words.low, { n: control.min });
  if (state.rangeOverflow) return fill(words.high, { n: control.max });
  if (state.typeMismatch) return control.type === "email" ? words.email : words.address;
  return control.title || words.pattern;
}

function say(field, sentence) {
  field.classList.toggle("has-error", Boolean(sentence));
  const place = field.querySelector("[data-field-error]");
  if (place) place.textContent = sentence;
  const control = field.querySelector(CONTROLS);
  if (sentence) control?.setAttribute("aria-invalid", "true");
  else control?.removeAttribute("aria-invalid");
}

export function check(control) {
  const field = control.closest("[data-field]");
  if (!field || control.disabled) return true;
  const sentence = sentenceOf(control);
  say(field, sentence);
  return !sentence;
}

function checkAll(form) {
  const wrong = [...form.querySelectorAll(CONTROLS)].filter((control) => !check(control));
  wrong[0]?.focus();
  return wrong.length === 0;
}

// The server's answer: {"name": ["sentence"]}; what names no field of the form stands above it.
export function place(form, notice) {
  const fields = JSON.parse(notice.dataset.fields || "{}");
  const homeless = [];
  for (const field of form.querySelectorAll("[data-field]")) say(field, "");
  for (const [name, sentences] of Object.entries(fields)) {
    const list = Array.isArray(sentences) ? sentences : Object.values(sentences).flat();
    const field = fieldOf(form, name);
    if (field) say(field, list.join(" "));
    else homeless.push(...list);
  }
  notice.querySelector("div").append(homeless.length ? ` ${homeless.join(" ")}` : "");
  const top = form.querySelector("[data-form-errors]");
  top.replaceChildren(notice);
  (form.querySelector(".has-error")?.querySelector(CONTROLS) ?? top).focus({ preventScroll: true });
  (form.querySelector(".has-error") ?? top).scrollIntoView({ block: "center" });
}

function fieldOf(form, name) {
  const names = [name, `${name}[]`, name.replace(/\.\d+$/, "[]")];
  return [...form.querySelectorAll("[data-field]")].find((field) => names.includes(field.dataset.field));
}

function count(control) {
  const place = control.closest("[data-field]")?.querySelector("[data-counter]");
  if (place) place.textContent = `${[...control.value].length} / ${control.dataset.countTo}`;
}

function mirror(control) {
  for (const copy of document.querySelectorAll("[data-preview-of]")) {
    if (copy.dataset.previewOf === control.dataset.preview) copy.textContent = control.value;
  }
}

function dirtyForm() {
  return document.querySelector("form[data-guard][data-dirty]");
}

export function clean(form) {
  delete form.dataset.dirty;
}

export function soil(form) {
  if ("guard" in form.dataset) form.dataset.dirty = "1";
}

// Repeating rows: a <template> whose "__i__" becomes the next number.
function addRow(list) {
  const template = list.querySelector(":scope > template");
  const next = Number(list.dataset.next);
  list.dataset.next = String(next + 1);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__i__", String(next));
  const row = holder.content.firstElementChild;
  list.querySelector("[data-rows-list]").append(row);
  prepare(row);
  row.querySelector(CONTROLS)?.focus();
}

export function prepare(root) {
  for (const control of root.querySelectorAll("[data-count-to]")) count(control);
  for (const control of root.querySelectorAll("[data-preview]")) mirror(control);
  for (const select of root.querySelectorAll("select[data-search]")) search(select);
  window.htmx?.process(root);
}

function search(select) {
  if (select.tomselect) return;
  select.setAttribute("aria-hidden", "true");
  new window.TomSelect(select, {
    maxOptions: 1000,
    refreshThrottle: 0, // else a quick Enter takes what stood first before the search
    plugins: select.multiple ? ["remove_button"] : [],
    render: {
      no_results: () => {
        const note = document.createElement("div");
        note.className = "no-results";
        note.textContent = words.nothing;
        return note;
      },
    },
  });
}

function onInput(event) {
  const control = event.target;
  const form = control.closest("form");
  if (control.dataset.countTo) count(control);
  if (control.dataset.preview) mirror(control);
  if (form) soil(form);
  if (control.closest("[data-field].has-error")) check(control);
}

function onClick(event) {
  const add = event.target.closest("[data-rows-add]");
  const drop = event.target.closest("[data-rows-drop]");
  if (add) addRow(add.closest("[data-rows]"));
  if (!drop) return;
  const form = drop.closest("form");
  drop.closest("[data-row]").remove();
  if (form) soil(form);
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("[data-checked]") || checkAll(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

// An address names only the filters that are set.
function dropEmpty(event) {
  if (!event.target.matches("[data-filters]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
}

export function start() {
  document.addEventListener("formdata", dropEmpty);
  document.addEventListener("input", onInput);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("focusout", (event) => {
    if (event.target.closest("form[data-checked]") && event.target.matches(CONTROLS)) check(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-filters]") || "submit" in event.target.dataset) event.target.form.requestSubmit();
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirtyForm()) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && !event.target.matches("[hx-post]")) clean(event.target);
  });
}

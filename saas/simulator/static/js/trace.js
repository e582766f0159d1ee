// What went over the wire, both directions, newest first.
import { read } from "./api.js";
import { find, make } from "./dom.js";
import { fanPath, on, state } from "./state.js";
import { duration, say } from "./words.js";

const PARTS = [["trace_request", "request"], ["trace_answer", "answer"], ["trace_sent", "sent"], ["trace_raw", "raw"]];

// A line per element; text in CDATA stays beside its tags.
const indented = (xml) => xml.replace(/(?<!\]\])>\s*<(?!!)/g, ">\n<").trim();

function part([label, name], delivery) {
  const text = delivery[name];
  if ((name === "sent" && text === delivery.request) || (name === "raw" && text === delivery.answer)) return null;
  return make("div", { class: "wire" }, make("h3", {}, say(label)), make("pre", { tabindex: "0", "aria-label": say(label) }, text ? indented(text) : say("trace_empty")));
}

function tries(delivery) {
  const rows = delivery.tries.map((one, index) => make("li", {}, `${index + 1}. HTTP ${one.status ?? "—"} · ${duration(one.ms)}${one.fault ? ` · ${one.fault}` : ""}`));
  return make("div", { class: "wire" }, make("h3", {}, say("trace_tries")), make("ul", {}, ...rows));
}

function element(delivery, index, opened) {
  const open = opened.has(delivery.id) || (index === 0 && !opened.size);
  const facts = [delivery.event || delivery.msg_type, say(`status_${delivery.status}`), duration(delivery.ms)].filter(Boolean).join(" · ");
  const summary = make("summary", {}, make("span", { class: `dot ${delivery.status}`, "aria-hidden": "true" }), facts);
  return make("details", { open, "data-id": delivery.id }, summary, ...PARTS.map((one) => part(one, delivery)).filter(Boolean), tries(delivery));
}

async function load() {
  if (!state.fan) return find("deliveries").replaceChildren();
  const { items } = await read(`${fanPath()}/deliveries`);
  const opened = new Set([...document.querySelectorAll("#deliveries details[open]")].slice(1).map((one) => Number(one.dataset.id)));
  const elements = items.map((delivery, index) => element(delivery, index, index === 0 ? new Set() : opened));
  if (elements.length) elements[0].open = true;
  return find("deliveries").replaceChildren(...(elements.length ? elements : [make("p", { class: "hint" }, say("trace_none"))]));
}

export function startTrace() {
  for (const name of ["fan", "lines", "acted"]) on(name, () => load().catch(() => {}));
}

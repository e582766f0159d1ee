// The chat: asks each second for what is new, and shows it.
import { read } from "./api.js";
import { bodyOf, noteOf } from "./bubbles.js";
import { find, make } from "./dom.js";
import { act, fanPath, on, state, tell, updateFan } from "./state.js";
import { clockTime, duration, say } from "./words.js";

const PAUSE = 1000;
const UNASKED = { custom: "customer_message", template: "template_message", mass: "mass_message" };
const shown = new Map();
let last = 0;
let busy = false;
let again = false;
let newestTime = 0;

function metaOf(line) {
  const times = line.deliveries > 1 ? say("delivered_times", { count: line.deliveries }) : "";
  if (line.origin === "failure") return "";
  if (line.origin in UNASKED) return say(UNASKED[line.origin]);
  if (line.origin === "passive") return [say("answered_in", { time: duration(line.ms) }), times].filter(Boolean).join(" · ");
  if (line.status === "failed") return say("failed_after", { count: line.deliveries });
  if (line.status === "empty") return [say("no_answer_in", { time: duration(line.ms) }), times].filter(Boolean).join(" · ");
  return { blocked: say("blocked"), held: say("held"), sending: say("sending") }[line.status] || "";
}

function avatar(line) {
  const own = line.origin === "fan";
  const name = own ? state.fan.name || state.fan.openid.slice(-2) : state.account.name;
  return make("span", { class: `avatar ${own ? "me" : ""}`, "aria-hidden": "true" }, [...name][0] || "·");
}

function elementOf(line) {
  const note = noteOf(line);
  const meta = make("small", { class: "meta" }, metaOf(line));
  if (note) return make("li", { class: `note ${line.origin}` }, make("span", {}, note), meta);
  const bubble = make("div", { class: `bubble ${line.content.type}` }, bodyOf(line));
  return make("li", { class: `line ${line.origin === "fan" ? "mine" : "theirs"}` }, avatar(line), make("div", { class: "said" }, bubble, meta));
}

function timeMark(at) {
  if (at - newestTime < 300) return;
  newestTime = at;
  find("lines").append(make("li", { class: "time" }, clockTime(at)));
}

function show(lines) {
  const scroller = find("scroller");
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 160;
  for (const line of lines) {
    if (shown.has(line.id)) continue;
    timeMark(line.at);
    const element = elementOf(line);
    shown.set(line.id, { line, element });
    find("lines").append(element);
    last = Math.max(last, line.id);
  }
  if (lines.length && (atEnd || lines.at(-1).origin === "fan")) scroller.scrollTop = scroller.scrollHeight;
}

async function look() {
  if (!state.fan) return;
  const { openid } = state.fan;
  // A line that is still being sent is asked for again, so that its time and tries appear.
  const waiting = [...shown.values()].filter(({ line }) => line.status === "sending").map(({ line }) => line.id);
  const after = Math.min(last, ...waiting.map((id) => id - 1));
  const answer = await read(`${fanPath()}/chat?after=${after}`);
  if (openid !== state.fan?.openid) return;
  for (const line of answer.lines) {
    const known = shown.get(line.id);
    if (!known || known.line.status === line.status) continue;
    known.line = line;
    known.element.querySelector(".meta").textContent = metaOf(line);
  }
  const fresh = answer.lines.filter((line) => !shown.has(line.id));
  show(fresh);
  find("typing").textContent = say("typing");
  find("typing").hidden = !answer.typing;
  updateFan(answer.fan);
  if (fresh.length) tell("lines");
}

export async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    await look();
    find("offline").hidden = true;
  } catch {
    find("offline").textContent = say("offline");
    find("offline").hidden = false;
  }
  busy = false;
  if (again) {
    again = false;
    await refresh();
  }
}

function restart() {
  shown.clear();
  last = 0;
  newestTime = 0;
  find("lines").replaceChildren();
  find("title").textContent = state.account?.name || "—";
  find("subtitle").textContent = state.fan ? state.fan.name || `…${state.fan.openid.slice(-6)}` : "";
  refresh();
}

function refuse(reason) {
  find("lines").append(make("li", { class: "note refused" }, make("span", {}, say("act_refused", { reason }))));
  find("scroller").scrollTop = find("scroller").scrollHeight;
}

// Who reads the newest line keeps seeing it when a picture above it arrives late.
function keepEnd() {
  const scroller = find("scroller");
  let atEnd = true;
  scroller.addEventListener("scroll", () => { atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40; });
  find("lines").addEventListener("load", () => { if (atEnd) scroller.scrollTop = scroller.scrollHeight; }, true);
}

// A stranger sees the account's card with its button, as in WeChat.
function showProfile() {
  find("profile").hidden = !state.fan || state.fan.subscribed;
  find("profile-name").textContent = state.account?.name || "";
  find("profile-letter").textContent = [...(state.account?.name || "·")][0];
}

export function startChat() {
  keepEnd();
  for (const name of ["account", "fan", "following"]) on(name, showProfile);
  find("profile-follow").addEventListener("click", () => act({ type: "subscribe" }));
  for (const [name, waiting] of [["acting", true], ["acted", false], ["refused", false]]) on(name, () => { find("profile-follow").disabled = waiting; });
  on("account", restart);
  on("fan", restart);
  on("acting", () => setTimeout(refresh, 60));
  on("acted", refresh);
  on("refused", refuse);
  setInterval(() => document.hidden || refresh(), PAUSE);
}

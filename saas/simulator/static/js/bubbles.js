// One line of the chat, by what it says.
import { externalLink, make } from "./dom.js";
import { STICKERS } from "./emoji.js";
import { act } from "./state.js";
import { richText } from "./text.js";
import { say } from "./words.js";

const file = (mediaId) => `/mmbiz/${encodeURIComponent(mediaId)}`;

function picture(content) {
  const image = make("img", { src: file(content.media_id), alt: say("image"), class: "shot" });
  image.addEventListener("error", () => image.replaceWith(card(say("image"), "")), { once: true });
  return image;
}

// Pictures uploaded here are shown from here, whatever name this machine was called by.
function ownAddress(address) {
  const path = address.match(/^https?:\/\/[^/]+(\/mmbiz\/[\w-]+)$/);
  return path ? path[1] : address;
}

function card(title, description, kind) {
  return make("span", { class: "card" }, make("strong", {}, title), description ? make("small", {}, description) : null, kind ? make("em", {}, kind) : null);
}

function news(content) {
  const cover = content.picture_url ? make("img", { src: ownAddress(content.picture_url), alt: "", class: "cover" }) : null;
  cover?.addEventListener("error", () => cover.remove(), { once: true });
  const link = externalLink("", content.url);
  link.className = "news";
  link.append(...[make("strong", {}, content.title || content.url), cover, content.description ? make("small", {}, content.description) : null].filter(Boolean));
  return link;
}

function voice(content) {
  const seconds = content.seconds ? say("seconds", { count: content.seconds }) : say("voice");
  const heard = content.recognition ? make("small", {}, say("recognised", { text: content.recognition })) : null;
  return make("span", { class: "voice" }, make("span", { class: "waves", "aria-hidden": "true" }), seconds, heard);
}

function playable(content) {
  return make("audio", { controls: true, src: file(content.media_id), "aria-label": say("voice") });
}

function film(content) {
  const video = make("video", { controls: true, src: file(content.media_id), class: "shot", "aria-label": content.title || say("video") });
  return make("span", {}, video, content.title ? card(content.title, content.description) : null);
}

function music(content) {
  const link = externalLink("", content.hq_url || content.url);
  link.className = "card music";
  link.append(make("strong", {}, content.title || say("music")), make("small", {}, content.description || ""), make("em", {}, say("music")));
  return link;
}

function place(content) {
  const numbers = `${content.latitude}, ${content.longitude}`;
  return make("span", { class: "card place" }, make("strong", {}, content.label || say("location")), make("small", {}, numbers), make("i", { class: "map", "aria-hidden": "true" }));
}

function choices(content) {
  const buttons = content.choices.map((choice) =>
    make("button", { type: "button", onclick: () => act({ type: "text", content: choice.content, bizmsgmenuid: choice.id }) }, choice.content),
  );
  return make("span", { class: "choices-sent" }, richText(content.head), ...buttons, richText(content.tail));
}

function sticker(content) {
  const found = STICKERS.find(([, name]) => name === content.name);
  return make("span", { class: "sticker", role: "img", "aria-label": content.name || say("sticker") }, found ? found[0] : "🌼", make("small", {}, content.name));
}

// What a template message shows: its title, a line for each value, and where it leads.
function template(content) {
  const rows = content.rows.flatMap((row) => [make("dt", {}, row.label), make("dd", {}, row.value)]);
  const link = content.url ? externalLink(say("details"), content.url) : null;
  return make("span", { class: "card template-card" }, make("strong", {}, content.title), make("dl", {}, ...rows), link);
}

const BODIES = {
  template,
  text: (content) => richText(content.content),
  image: picture,
  news,
  music,
  sticker,
  location: place,
  msgmenu: choices,
  video: film,
  shortvideo: () => card(say("video"), "", say("video")),
  link: (content) => { const link = externalLink("", content.url); link.className = "card"; link.append(make("strong", {}, content.title), make("small", {}, content.description), make("em", {}, say("link"))); return link; },
  file: (content) => card(content.title, "", say("file")),
  miniprogrampage: (content) => card(content.title, "", say("mini_program")),
  failure: () => make("span", {}, say("failure")),
};

export function bodyOf(line) {
  const { content, origin } = line;
  if (content.type === "voice") return origin === "fan" ? voice(content) : playable(content);
  if (content.type === "video" && origin === "fan") return card(say("video"), "", say("video"));
  return (BODIES[content.type] || (() => card(content.title || say("unknown"), content.name)))(content);
}

const NOTES = {
  follow: (content) => (content.scene ? say("followed_by_code", content) : say("followed")),
  unfollow: () => say("unfollowed"),
  scan: (content) => say("scanned", content),
  menu: (content) => (content.url ? say("page_opened", content) : say("tapped", content)),
  templates_refused: () => say("templates_refused"),
  templates_accepted: () => say("templates_accepted"),
  event: (content) => say("event_raised", content),
  failure: () => say("failure"),
  transfer_customer_service: () => say("transferred"),
};

// What stands in the middle of the chat instead of in a bubble.
export const noteOf = (line) => NOTES[line.content.type]?.(line.content);

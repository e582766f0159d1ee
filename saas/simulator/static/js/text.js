// Text as WeChat shows it: line breaks, faces, <a href> links and bare addresses; any other markup stays text.
import { externalLink, make } from "./dom.js";
import { drawn } from "./emoji.js";

const ANCHOR = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a>/gi;
const ADDRESS = /https?:\/\/[^\s<>"'，。；！？、）】]+/g;

function* pieces(text, pattern, link) {
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) yield text.slice(from, match.index);
    yield link(match);
    from = match.index + match[0].length;
  }
  if (from < text.length) yield text.slice(from);
}

export function richText(text) {
  const body = make("span", { class: "rich" });
  for (const piece of pieces(text, ANCHOR, (match) => externalLink(drawn(match[3]), match[1] ?? match[2]))) {
    if (typeof piece !== "string") body.append(piece);
    else for (const part of pieces(piece, ADDRESS, (match) => externalLink(match[0], match[0]))) body.append(typeof part === "string" ? drawn(part) : part);
  }
  return body;
}

// The open line to the server: each message {"topic": …} becomes the events live:<topic> and live:any on the body, at
// which moments.js renews the parts of the page; "again": at all of them. Says so when the line is lost.
const PATIENCE = 4000;

function announce(topic, detail) {
  document.body.dispatchEvent(new CustomEvent(`live:${topic}`, { detail, bubbles: true }));
}

// The numbers in the menu: asked anew, at most once a second, when something happened that one of them counts.
let asked = false;

function renewCounts(topic) {
  const address = document.body.dataset.counts;
  if (asked || !address || !badges(topic).length) return;
  asked = true;
  setTimeout(async () => {
    asked = false;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.ok) showCounts(await answer.json());
  }, 1000);
}

function badges(topic) {
  return [...document.querySelectorAll("[data-count]")].filter((badge) => badge.dataset.count === topic);
}

function showCounts(counts) {
  for (const badge of document.querySelectorAll("[data-count]")) {
    const count = counts[badge.dataset.count] ?? 0;
    badge.textContent = count ? count.toLocaleString() : "";
    badge.hidden = !count;
  }
}

function catchUp() {
  announce("again", {});
  for (const badge of document.querySelectorAll("[data-count]")) renewCounts(badge.dataset.count);
}

export function start() {
  const address = document.querySelector("meta[name=stream-url]")?.content;
  if (!address || !document.body.dataset.tenant) return;
  const banner = document.querySelector("[data-live-lost]");
  let waiting = null;
  const source = new EventSource(address, { withCredentials: true });
  source.addEventListener("open", () => {
    clearTimeout(waiting);
    waiting = null;
    if (banner && !banner.hidden) catchUp();
    if (banner) banner.hidden = true;
  });
  source.addEventListener("message", (event) => {
    const detail = JSON.parse(event.data);
    if (detail.topic === "again") {
      catchUp();
      return;
    }
    announce(detail.topic, detail);
    announce("any", detail);
    renewCounts(detail.topic);
  });
  source.addEventListener("error", () => {
    waiting ??= setTimeout(() => banner && (banner.hidden = false), PATIENCE);
  });
  window.addEventListener("pagehide", () => source.close());
}

// The open line to the server: each message {"topic": …} becomes an event live:<topic> on the body, so that
// hx-trigger="live:inbox from:body" renews a part of the page. Says so when the line is lost.
const PATIENCE = 4000;

function announce(topic, detail) {
  document.body.dispatchEvent(new CustomEvent(`live:${topic}`, { detail, bubbles: true }));
}

function counts(detail) {
  for (const [topic, count] of Object.entries(detail)) {
    for (const badge of document.querySelectorAll(`[data-count="${CSS.escape(topic)}"]`)) {
      badge.textContent = count ? String(count) : "";
      badge.hidden = !count;
    }
  }
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
    if (banner && !banner.hidden) announce("again", {});
    if (banner) banner.hidden = true;
  });
  source.addEventListener("message", (event) => {
    const detail = JSON.parse(event.data);
    announce(detail.topic, detail);
    announce("any", detail);
  });
  source.addEventListener("error", () => {
    waiting ??= setTimeout(() => banner && (banner.hidden = false), PATIENCE);
  });
  document.body.addEventListener("live:counts", (event) => counts(event.detail.counts ?? {}));
  window.addEventListener("pagehide", () => source.close());
}

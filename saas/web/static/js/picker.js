// The account picker: search, recent ones, arrow keys. Each choice leads to the present page for the other account.
import { words } from "./words.js";

const MOST_RECENT = 5;
const ID = /\/a\/[0-9a-f-]{36}/;

function remembered(tenant) {
  return JSON.parse(localStorage.getItem(`recent:${tenant}`) ?? "[]");
}

function remember() {
  const { tenant, account } = document.body.dataset;
  if (!tenant || !account) return;
  const others = remembered(tenant).filter((id) => id !== account);
  localStorage.setItem(`recent:${tenant}`, JSON.stringify([account, ...others].slice(0, MOST_RECENT + 1)));
}

function heading(text) {
  const line = document.createElement("p");
  line.className = "picker-heading";
  line.setAttribute("role", "presentation");
  line.textContent = text;
  return line;
}

class Picker {
  constructor(root) {
    this.root = root;
    this.search = root.querySelector("[data-picker-search]");
    this.list = root.querySelector(".picker-list");
    this.empty = root.querySelector("[data-picker-empty]");
    this.search.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("shown.bs.dropdown", () => this.search.focus());
    this.list.addEventListener("htmx:afterSwap", () => this.fill());
  }

  fill() {
    for (const option of this.options()) option.href = this.root.dataset.page.replace(ID, `/a/${option.dataset.account}`);
    this.recent();
    this.filter();
  }

  recent() {
    const { tenant, account } = document.body.dataset;
    const found = remembered(tenant)
      .filter((id) => id !== account)
      .map((id) => this.list.querySelector(`[data-account="${CSS.escape(id)}"]`))
      .filter(Boolean);
    if (!found.length || this.options().length < 8) return;
    const copies = found.map((option) => {
      const copy = option.cloneNode(true);
      copy.id = `recent-${option.id}`;
      copy.classList.add("picker-recent");
      copy.querySelector("span").textContent = option.dataset.path;
      return copy;
    });
    const line = document.createElement("hr");
    line.setAttribute("role", "presentation"); // a list of options may hold nothing else
    this.list.prepend(heading(words.recent), ...copies, line);
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  shown() {
    return this.options().filter((option) => !option.hidden);
  }

  filter() {
    const parts = this.search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of this.options()) {
      const text = option.dataset.path.toLowerCase();
      const copy = option.classList.contains("picker-recent");
      option.hidden = parts.length > 0 && (copy || !parts.every((part) => text.includes(part)));
    }
    for (const extra of this.list.querySelectorAll(".picker-heading, hr")) extra.hidden = parts.length > 0;
    this.empty.hidden = this.shown().length > 0 || !this.options().length;
    this.point(parts.length ? this.shown()[0] : null);
  }

  point(option) {
    this.list.querySelector(".pointed")?.classList.remove("pointed");
    option?.classList.add("pointed");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.search.setAttribute("aria-activedescendant", option.id);
    else this.search.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const shown = this.shown();
    const at = shown.findIndex((option) => option.classList.contains("pointed"));
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 };
    if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      shown[at].click();
    } else if (event.key in steps && shown.length && !(event.key in { Home: 1, End: 1 } && this.search.value)) {
      event.preventDefault();
      this.point(shown[(steps[event.key] + shown.length) % shown.length]);
    }
  }
}

export function start() {
  remember();
  for (const root of document.querySelectorAll("[data-picker]")) new Picker(root);
}

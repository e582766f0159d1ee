// What htmx does with answers: refusals go beside their fields, whole pages into the main part, faults into a toast.
import { clean, place, prepare, soil } from "./forms.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// A part of the page that could not be renewed shows the sentence itself, and stops asking.
function refused(event, notice) {
  if (event.detail.requestConfig.verb === "get") return;
  const form = event.detail.requestConfig.elt.closest("form[data-checked]");
  event.detail.shouldSwap = false;
  if (form) place(form, notice);
  else toast(notice.textContent.trim(), "danger");
}

function beforeSwap(event) {
  const { xhr } = event.detail;
  if (!xhr.responseText) return;
  const page = parse(xhr.responseText);
  const notice = page.querySelector("[data-error]");
  if (xhr.status >= 400 && notice) {
    refused(event, notice);
  } else if (page.querySelector("main#main") && !event.detail.requestConfig.elt.closest("[hx-select]")) {
    event.detail.target = document.getElementById("main");
    event.detail.selectOverride = "#main";
    event.detail.swapOverride = "outerHTML";
    event.detail.shouldSwap = true;
  }
}

export function start() {
  const body = document.body;
  const token = document.querySelector("meta[name=csrf-token]").content;
  body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });
  body.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.detail.elt.closest("form");
    if (!form) return;
    if (event.detail.xhr.status < 400) clean(form);
    else soil(form);
  });
  body.addEventListener("htmx:beforeSwap", beforeSwap);
  body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.xhr.status >= 400) document.querySelectorAll("#main form[data-guard]").forEach(soil);
  });
  body.addEventListener("htmx:sendError", () => toast(words.failed, "danger"));
  body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) toast(words.error, "danger");
  });
  body.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
}

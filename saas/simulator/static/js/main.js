// Puts the phone together.
import { startAttach } from "./attach.js";
import { startChat } from "./chat.js";
import { startComposer } from "./composer.js";
import { find } from "./dom.js";
import { startMenu } from "./menu.js";
import { startPeople } from "./people.js";
import { loadAccounts, on } from "./state.js";
import { startTrace } from "./trace.js";
import { loadWords } from "./words.js";

// On a small screen the sides lie over the phone.
function startSides() {
  const open = (id, opening) => {
    find(id).classList.toggle("open", opening);
    for (const button of document.querySelectorAll(`[data-open=${id}]`)) button.setAttribute("aria-expanded", String(opening));
    (opening ? find(id).querySelector("[data-close]") : document.querySelector(`[data-open=${id}]`)).focus();
  };
  for (const button of document.querySelectorAll("[data-open]")) button.addEventListener("click", () => open(button.dataset.open, true));
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => open(button.dataset.close, false));
  const backToPhone = () => find("people").classList.contains("open") && open("people", false);
  find("fans").addEventListener("click", backToPhone);
  find("new-fan").addEventListener("submit", backToPhone);
  on("acted", backToPhone);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".side.open").forEach((side) => open(side.id, false));
  });
}

await loadWords();
for (const start of [startSides, startPeople, startChat, startComposer, startAttach, startMenu, startTrace]) start();
await loadAccounts();
document.body.dataset.ready = "yes";

// data-confirm asks before a form is sent, a link is followed or htmx acts; {n} in it is the number of ticked rows.
import { fill, words } from "./words.js";

export function ask(element) {
  const dialog = document.getElementById("confirm");
  const count = element.closest("form")?.querySelectorAll("[data-tick]:checked").length ?? 0;
  dialog.querySelector(".confirm-text").textContent = fill(element.dataset.confirm, { n: count });
  const yes = dialog.querySelector("[value=yes]");
  yes.textContent = element.dataset.confirmButton || words.confirm;
  yes.classList.toggle("btn-danger", "confirmDanger" in element.dataset);
  yes.classList.toggle("btn-primary", !("confirmDanger" in element.dataset));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function asking(event) {
  const button = event.submitter;
  return button?.dataset.confirm ? button : event.target.dataset.confirm ? event.target : null;
}

function hold(event, element, go) {
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(element).then((yes) => {
    if (!yes) return;
    element.dataset.confirmed = "1";
    go();
    delete element.dataset.confirmed;
  });
}

export function start() {
  document.addEventListener(
    "submit",
    (event) => {
      const element = asking(event);
      if (!element || element.dataset.confirmed) return;
      const submitter = event.submitter;
      hold(event, element, () => event.target.requestSubmit(submitter));
    },
    true,
  );
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a[data-confirm], [hx-post][data-confirm]:not(form), [hx-delete][data-confirm]");
      if (!link || link.dataset.confirmed) return;
      hold(event, link, () => link.click());
    },
    true,
  );
}

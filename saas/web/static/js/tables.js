// Rows to tick: the bar over the table shows how many are chosen and offers what can be done with them.
function renew(form) {
  const boxes = [...form.querySelectorAll("[data-tick]")];
  const chosen = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-tick-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const bar = form.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-bulk-count]").textContent = String(chosen);
}

export function start() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (!form || !event.target.matches("[data-tick], [data-tick-all]")) return;
    if (event.target.matches("[data-tick-all]")) {
      for (const box of form.querySelectorAll("[data-tick]")) box.checked = event.target.checked;
    }
    renew(form);
  });
}

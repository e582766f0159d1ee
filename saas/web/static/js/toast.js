// Short messages that pass: toast("Saved", "success"), or a body event "toast" from an HX-Trigger header.
const STAY = 6000;
const ICONS = { success: "circle-check", danger: "alert-circle", warning: "alert-triangle", info: "info-circle" };

export function toast(sentence, kind = "info") {
  const note = document.createElement("div");
  note.className = `toast-note toast-${kind}`;
  const icon = document.createElement("i");
  icon.className = `ti ti-${ICONS[kind] ?? ICONS.info}`;
  icon.setAttribute("aria-hidden", "true");
  const text = document.createElement("span");
  text.textContent = sentence;
  note.append(icon, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), STAY);
}

export function start() {
  document.body.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.kind));
}

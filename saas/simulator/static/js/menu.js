// The account's menu at the bottom, its pop-ups, and what each type of button does.
import { picture } from "./attach.js";
import { read } from "./api.js";
import { closePanels } from "./composer.js";
import { find, make, safeAddress } from "./dom.js";
import { act, fanPath, on, state, tell } from "./state.js";
import { say } from "./words.js";

const SILENT = ["media_id", "view_limited", "article_id", "article_view_limited"];
const BROUGHT = {
  scancode_push: scanned,
  scancode_waitmsg: scanned,
  pic_sysphoto: () => ({ pictures: [picture("receipt")] }),
  pic_photo_or_album: () => ({ pictures: [picture("shop")] }),
  pic_weixin: () => ({ pictures: [picture("latte"), picture("shop")] }),
};

// Asks what the camera would have read; null when the dialog is left.
function scanned() {
  const dialog = find("scan-dialog");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "sent" ? { scan_result: find("scan-result").value } : null), { once: true });
  });
}

async function tap(button) {
  closeAll();
  if (SILENT.includes(button.type)) return tell("refused", say("menu_no_event"));
  if (button.type === "view" && safeAddress(button.url)) window.open(button.url, "_blank", "noopener,noreferrer");
  const brought = await (BROUGHT[button.type] || (() => ({})))();
  if (!brought) return undefined;
  return act({ type: "menu", button, ...brought });
}

function closeAll() {
  for (const top of document.querySelectorAll("#menu [aria-expanded=true]")) top.setAttribute("aria-expanded", "false");
  for (const list of document.querySelectorAll("#menu ul")) list.hidden = true;
}

function topButton(button, index) {
  const children = button.sub_button || [];
  if (!children.length) return make("li", {}, make("button", { type: "button", onclick: () => tap(button) }, button.name));
  const list = make("ul", { id: `menu-${index}`, hidden: true }, ...children.map((child) => make("li", {}, make("button", { type: "button", onclick: () => tap(child) }, child.name))));
  const open = (event) => {
    const opening = list.hidden;
    closeAll();
    list.hidden = !opening;
    event.currentTarget.setAttribute("aria-expanded", String(opening));
  };
  return make("li", {}, list, make("button", { type: "button", class: "has-more", "aria-expanded": "false", "aria-controls": list.id, onclick: open }, button.name));
}

function swap(toMenu) {
  closePanels();
  find("menu-bar").hidden = !toMenu;
  find("composer").hidden = toMenu;
  find(toMenu ? "to-keyboard" : "text").focus({ preventScroll: true });
}

async function load() {
  closeAll();
  const buttons = state.fan?.subscribed ? (await read(`${fanPath()}/menu`)).button : [];
  find("menu").replaceChildren(...buttons.map(topButton));
  find("to-menu").hidden = !buttons.length;
  if (!buttons.length) {
    find("menu-bar").hidden = true;
    find("composer").hidden = false;
  }
}

export function startMenu() {
  for (const name of ["fan", "following"]) on(name, () => load().catch(() => {}));
  find("to-menu").addEventListener("click", () => load().then(() => swap(true)));
  find("to-keyboard").addEventListener("click", () => swap(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeAll());
  document.addEventListener("click", (event) => event.target.closest("#menu") || closeAll());
}

// The side where account, fan and code are chosen.
import { read, send } from "./api.js";
import { find, make } from "./dom.js";
import { act, chooseAccount, chooseFan, loadFans, newFan, on, state, tell } from "./state.js";
import { say } from "./words.js";

const nameOf = (fan) => fan.name || `${say("fan_unnamed")} …${fan.openid.slice(-6)}`;

function showAccounts() {
  const options = state.accounts.map((one) => make("option", { value: one.app_id }, one.name));
  find("account").replaceChildren(...options);
  if (!options.length) find("account-facts").textContent = say("account_none");
}

function showAccount() {
  const { app_id: appId, mode, original_id: originalId } = state.account;
  find("account").value = appId;
  find("account-facts").textContent = `${appId} · ${originalId} · ${say(`mode_${mode}`)}`;
  showPlatforms();
  loadCodes();
}

// Whom the owner has authorised; who has neither a platform nor a server gets no pushes.
function showPlatforms() {
  const { platforms, direct } = state.account;
  find("account-platforms").textContent = platforms.length ? say("account_authorised", { names: platforms.join("、") }) : say("account_unserved");
  find("account-platforms").hidden = !platforms.length && direct;
  find("take-back").hidden = !platforms.length;
}

async function takeBack() {
  await send(`/phone/${encodeURIComponent(state.account.app_id)}/revoke`, {});
  state.account.platforms = [];
  showPlatforms();
  find("account").focus();
}

function fanRow(fan) {
  const following = say(fan.subscribed ? "fan_following" : "fan_stranger");
  const label = [make("span", {}, nameOf(fan)), make("small", { class: fan.subscribed ? "yes" : "" }, following)];
  const button = make("button", { type: "button", "aria-pressed": String(fan.openid === state.fan?.openid), onclick: () => chooseFan(fan) }, ...label);
  return make("li", {}, button);
}

function showFans() {
  find("fans").replaceChildren(...state.fans.map(fanRow));
}

async function loadCodes() {
  const { items } = await read(`/phone/${encodeURIComponent(state.account.app_id)}/codes`);
  const first = make("option", { value: "" }, say(items.length ? "code_choose" : "code_none"));
  find("codes").replaceChildren(first, ...items.map((code) => make("option", { value: code.ticket }, code.scene)));
  showPicture();
}

function showPicture() {
  const ticket = find("codes").value;
  find("code-picture").hidden = !ticket;
  if (ticket) find("code-picture").src = `/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`;
}

function showFollowing() {
  find("follow").disabled = !state.fan || state.fan.subscribed;
  find("unfollow").disabled = !state.fan?.subscribed;
  showFans();
}

function scan(event) {
  event.preventDefault();
  const ticket = find("codes").value;
  const scene = find("scene").value.trim();
  if (scene || ticket) act(scene ? { type: "scan", scene } : { type: "scan", ticket });
}

export function startPeople() {
  on("accounts", showAccounts);
  on("account", showAccount);
  on("fans", showFollowing);
  on("fan", showFollowing);
  on("following", showFollowing);
  on("acted", () => loadFans());
  find("account").addEventListener("change", (event) => chooseAccount(state.accounts.find((one) => one.app_id === event.target.value)));
  find("account").addEventListener("focus", () => state.account && loadCodes());
  find("codes").addEventListener("focus", () => find("codes").options.length < 2 && state.account && loadCodes());
  find("codes").addEventListener("change", showPicture);
  find("take-back").addEventListener("click", () => takeBack().catch((error) => tell("refused", error.message)));
  find("scan").addEventListener("submit", scan);
  find("follow").addEventListener("click", () => act({ type: "subscribe" }));
  find("unfollow").addEventListener("click", () => act({ type: "unsubscribe" }));
  find("new-fan").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = find("new-fan-name");
    if (state.account) newFan(field.value).then(() => { field.value = ""; });
  });
}

// Who holds the phone, and the acts they do. Everybody else listens.
import { read, send } from "./api.js";

const listeners = {};

export const state = { account: null, fan: null, accounts: [], fans: [] };

export function on(name, listener) {
  (listeners[name] ||= []).push(listener);
}

export function tell(name, detail) {
  for (const listener of listeners[name] || []) listener(detail);
}

export const fanPath = () => `/phone/${encodeURIComponent(state.account.app_id)}/${encodeURIComponent(state.fan.openid)}`;

export async function loadAccounts() {
  state.accounts = (await read("/phone/accounts")).items;
  tell("accounts");
  const wanted = new URLSearchParams(location.search).get("account");
  const chosen = state.accounts.find((one) => one.app_id === wanted) || state.accounts[0];
  if (chosen) await chooseAccount(chosen);
}

export async function chooseAccount(account) {
  state.account = account;
  state.fan = null;
  tell("account");
  await loadFans();
  if (state.fans.length) chooseFan(state.fans[0]);
}

export async function loadFans() {
  state.fans = (await read(`/phone/${encodeURIComponent(state.account.app_id)}/fans`)).items;
  tell("fans");
}

export async function newFan(name) {
  const fan = await send(`/phone/${encodeURIComponent(state.account.app_id)}/fans`, { name });
  await loadFans();
  chooseFan(state.fans.find((one) => one.openid === fan.openid) || fan);
}

export function chooseFan(fan) {
  state.fan = fan;
  tell("fan");
}

export function updateFan(fan) {
  const followed = state.fan?.subscribed;
  Object.assign(state.fan, fan);
  if (followed !== fan.subscribed) tell("following");
}

// Does one act and tells how it went; the chat shows the lines as they arrive.
export async function act(values) {
  if (!state.fan) return;
  const path = `${fanPath()}/acts`;
  tell("acting");
  try {
    tell("acted", await send(path, values));
  } catch (error) {
    tell("refused", error.message);
  }
}

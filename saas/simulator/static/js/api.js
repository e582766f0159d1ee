// The phone's doors. A refusal becomes an Error whose message is the server's reason.

async function answerOf(response) {
  const values = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(values.error || String(response.status));
  return values;
}

export class Refusal extends Error {}

export async function read(path) {
  return answerOf(await fetch(path, { headers: { Accept: "application/json" } }));
}

export async function send(path, values) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  return answerOf(await fetch(path, { method: "POST", headers, body: JSON.stringify(values) }));
}

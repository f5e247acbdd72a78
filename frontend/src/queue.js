// Answers that have not reached the server yet, kept on this device under attempt and question.
const PREFIX = "cadre.answer:";
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

export function keep(key, entry) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), ...entry }));
    return true;
  } catch {
    return false; // Storage is full or refused: the retry in this page still holds the answer.
  }
}

export function forget(key) {
  try { localStorage.removeItem(PREFIX + key); } catch { /* nothing was kept */ }
}

export function waiting() {
  const entries = new Map();
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(PREFIX)) continue;
      const entry = JSON.parse(localStorage.getItem(name));
      if (Date.now() - entry.at > KEPT_FOR) localStorage.removeItem(name);
      else entries.set(name.slice(PREFIX.length), entry);
    }
  } catch { /* no storage, nothing waits */ }
  return entries;
}

// One attempt to hand an answer over. The outcome is a word and, where the server spoke, what it said.
export async function send(url, body, csrf, keepalive = false) {
  const fields = new URLSearchParams(body);
  if (csrf) fields.set("csrf_token", csrf);
  let reply;
  try {
    reply = await fetch(url, {
      method: "POST",
      body: fields,
      headers: { Accept: "application/json", "X-CSRFToken": csrf ?? "" },
      credentials: "same-origin",
      redirect: "manual",
      keepalive,
    });
  } catch {
    return { outcome: "unreachable" };
  }
  if (reply.type === "opaqueredirect" || reply.status === 401) return { outcome: "signed-out" };
  const said = await reply.json().catch(() => ({}));
  if (reply.ok) return { outcome: "saved", said };
  if (reply.status === 409 && "revision" in said) return { outcome: "conflict", said };
  if (reply.status >= 500 || reply.status === 429) return { outcome: "unreachable" };
  return { outcome: "refused", said };
}

// Two minutes before the session ends, say so and offer one button that keeps it.
const WARN_BEFORE = 2 * 60 * 1000;
const LONGEST_TIMER = 2 ** 31 - 1;

export function warnBeforeSessionEnds() {
  const notice = document.querySelector("[data-session-warning]");
  if (!notice || !document.body.dataset.sessionEnds) return;
  let timer;
  const plan = (ends) => {
    clearTimeout(timer);
    notice.hidden = true;
    const wait = Math.max(0, Date.parse(ends) - Date.now() - WARN_BEFORE);
    timer = setTimeout(() => {
      notice.hidden = false;
      document.dispatchEvent(new CustomEvent("cadre:session-ending"));
    }, Math.min(wait, LONGEST_TIMER));
  };
  notice.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
      plan((await reply.json()).ends_at);
    } catch {
      form.submit();
    }
  });
  plan(document.body.dataset.sessionEnds);
}

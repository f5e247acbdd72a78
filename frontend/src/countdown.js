// A quiet clock: it can be hidden, and speaks only at ten, five and one minutes.
const SPEAKS_AT = [10, 5, 1];
const HIDDEN = "cadre.countdown-hidden";

const clock = (seconds) => {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
};

function voice(element) {
  const spoken = document.createElement("span");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  element.append(spoken);
  return spoken;
}

function offerHiding(element, text) {
  const toggle = element.querySelector("[data-countdown-toggle]");
  if (!toggle) return;
  const show = (hidden) => {
    text.hidden = hidden;
    toggle.textContent = hidden ? toggle.dataset.textShow : toggle.dataset.textHide;
  };
  toggle.hidden = false;
  show(sessionStorage.getItem(HIDDEN) === "1");
  toggle.addEventListener("click", () => {
    const hidden = !text.hidden;
    sessionStorage.setItem(HIDDEN, hidden ? "1" : "0");
    show(hidden);
  });
}

function run(element) {
  const text = element.querySelector("[data-countdown-text]") ?? element;
  // The server's clock counts, not this device's.
  const skew = element.dataset.now ? Date.parse(element.dataset.now) - Date.now() : 0;
  const ends = Date.parse(element.dataset.countdown);
  const spoken = voice(element);
  let before = Infinity;
  const tick = () => {
    const left = Math.max(0, Math.round((ends - Date.now() - skew) / 1000));
    text.textContent = (element.dataset.textLeft ?? "%(time)s").replace("%(time)s", clock(left));
    const mark = SPEAKS_AT.find((minutes) => before > minutes * 60 && left <= minutes * 60 && before !== Infinity);
    if (mark) spoken.textContent = (element.dataset.textAnnounce ?? "%(minutes)s").replace("%(minutes)s", mark);
    before = left;
    if (left > 0) return;
    clearInterval(timer);
    document.dispatchEvent(new CustomEvent("cadre:time-over"));
    if ("countdownReload" in element.dataset) setTimeout(() => location.reload(), 2500);
  };
  const timer = setInterval(tick, 1000);
  offerHiding(element, text);
  tick();
}

export function countDown() {
  for (const element of document.querySelectorAll("[data-countdown]")) run(element);
}

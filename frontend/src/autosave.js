// A quiz answer saves itself. What cannot be saved is kept here and tried again; what collides is shown to its author.
import { forget, keep, send, waiting } from "./queue.js";

const AFTER_CHOICE = 400;
const AFTER_TYPING = 800;
const SLOW = 1000;
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 30000;
const NOT_AN_ANSWER = new Set(["csrf_token", "revision"]);

const csrfToken = () => document.querySelector('input[name="csrf_token"]')?.value;
const inWords = (value) => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));

class Answer {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.key = form.dataset.queueKey ?? this.url;
    this.retryIn = FIRST_RETRY;
    this.state = form.querySelector("[data-save-state]") ?? document.querySelector("[data-save-state]");
    this.conflict = form.querySelector("[data-conflict]");
    this.listen();
  }

  listen() {
    this.form.addEventListener("input", (event) => {
      const typing = event.target.matches('textarea, input:not([type="radio"]):not([type="checkbox"])');
      this.soon(typing ? AFTER_TYPING : AFTER_CHOICE);
    });
    this.form.addEventListener("change", () => this.soon(AFTER_CHOICE));
    this.form.addEventListener("submit", (event) => this.beforeSubmit(event));
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("online", () => { if (this.unsaved) this.save(); });
    this.conflict?.querySelector("[data-conflict-keep]")?.addEventListener("click", () => this.keepMine());
    this.conflict?.querySelector("[data-conflict-take]")?.addEventListener("click", () => this.takeOther());
  }

  body() {
    const fields = new URLSearchParams(new FormData(this.form));
    fields.delete("csrf_token");
    return fields.toString();
  }

  soon(wait) {
    this.unsaved = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  save() {
    clearTimeout(this.timer);
    if (this.sending) { this.again = true; return this.sending; }
    this.sending = this.attempt().finally(() => {
      this.sending = null;
      if (this.again) { this.again = false; this.save(); }
    });
    return this.sending;
  }

  async attempt() {
    const body = this.body();
    this.unsaved = false;
    keep(this.key, { url: this.url, body });
    const slow = setTimeout(() => this.say("saving", this.form.dataset.textSaving), SLOW);
    const { outcome, said } = await send(this.url, body, csrfToken());
    clearTimeout(slow);
    this.settle(outcome, said);
  }

  settle(outcome, said = {}) {
    if (outcome === "saved") this.saved(said);
    else if (outcome === "conflict") this.collide(said);
    else if (outcome === "signed-out") this.wait("signed-out", this.form.dataset.textSignIn);
    else if (outcome === "refused") this.refuse(said);
    else this.retry();
  }

  saved(said) {
    this.retryIn = FIRST_RETRY;
    this.setRevision(said.revision);
    if (!this.unsaved) forget(this.key);
    if (this.conflict) this.conflict.hidden = true;
    this.say("saved", said.saved_text ?? said.saved_at);
    this.mark();
  }

  // The navigator beside the question says so too.
  mark() {
    const item = document.querySelector(".cd-navigator__item[aria-current]");
    if (!item) return;
    const fields = new FormData(this.form);
    const isGiven = (name) => (name.startsWith("match-") || ["choice", "answer", "order"].includes(name)) && fields.getAll(name).some(Boolean);
    const state = fields.has("flagged") ? "flagged" : [...fields.keys()].some(isGiven) ? "answered" : "seen";
    item.className = `cd-navigator__item cd-navigator__item--${state}`;
    item.querySelector(".cd-navigator__state").textContent = item.closest(".cd-navigator").dataset[state];
  }

  setRevision(revision) {
    if (revision === undefined) return;
    this.form.dataset.revision = revision;
    const field = this.form.querySelector('input[name="revision"]');
    if (field) field.value = revision;
  }

  wait(state, text) {
    this.unsaved = true;
    this.say(state, text);
  }

  retry() {
    this.wait("retrying", this.form.dataset.textRetrying);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.retryIn);
    this.retryIn = Math.min(this.retryIn * 2, LONGEST_RETRY);
  }

  refuse(said) {
    forget(this.key);
    this.say("refused", said.detail || said.title || this.form.dataset.textRefused);
  }

  collide(said) {
    if (inWords(said.yours) === inWords(said.theirs)) { this.saved({ revision: said.revision }); return; }
    this.pendingRevision = said.revision;
    this.say("conflict", "");
    if (!this.conflict) return;
    for (const part of ["title", "detail", "yours", "theirs"]) {
      const place = this.conflict.querySelector(`[data-conflict-${part}]`);
      if (place) place.textContent = inWords(said[part]);
    }
    this.conflict.hidden = false;
  }

  keepMine() {
    this.setRevision(this.pendingRevision);
    this.save();
  }

  takeOther() {
    this.leaving = true;
    forget(this.key);
    location.reload();
  }

  say(state, text) {
    if (!this.state) return;
    this.state.dataset.state = state;
    if (text !== undefined && this.state.textContent !== text) this.state.textContent = text;
  }

  // An answer on its way must arrive before the page's own submission, or the two would collide.
  async beforeSubmit(event) {
    clearTimeout(this.timer);
    if (this.sending && !this.leaving) {
      event.preventDefault();
      const { submitter } = event;
      await this.sending;
      this.leaving = true;
      this.form.requestSubmit(submitter);
      return;
    }
    this.leaving = true;
    const entry = waiting().get(this.key);
    if (entry) keep(this.key, { ...entry, submitted: true });
  }

  leave() {
    if (!this.unsaved || this.leaving) return;
    const body = this.body();
    keep(this.key, { url: this.url, body });
    send(this.url, body, csrfToken(), true).then(({ outcome }) => { if (outcome === "saved") forget(this.key); });
  }

  restore(entry) {
    const fields = new URLSearchParams(entry.body);
    this.putInOrder(fields.getAll("order"));
    for (const control of this.form.elements) {
      if (!control.name || NOT_AN_ANSWER.has(control.name) || control.type === "hidden" || control.type === "submit") continue;
      if (control.type === "radio" || control.type === "checkbox") control.checked = fields.getAll(control.name).includes(control.value);
      else if (fields.has(control.name)) control.value = fields.get(control.name);
    }
    const field = this.form.querySelector('input[name="revision"]');
    const shown = field?.value;
    this.setRevision(fields.get("revision") ?? undefined);
    this.save().then(() => {
      if (this.state?.dataset.state === "saved" && this.form.dataset.textRestored) this.say("saved", this.form.dataset.textRestored);
      else if (this.state?.dataset.state === "refused") this.setRevision(shown);
    });
  }

  // The page already shows a later revision, so the submission that carried this entry has arrived.
  isNewerThan(entry) {
    return Number(this.form.dataset.revision) > Number(new URLSearchParams(entry.body).get("revision"));
  }

  putInOrder(values) {
    const list = this.form.querySelector(".cd-order");
    if (!list || !values.length) return;
    for (const value of values) {
      const row = [...list.children].find((item) => item.querySelector('input[name="order"]')?.value === value);
      if (row) list.append(row);
    }
  }
}

async function replayElsewhere(key, entry) {
  const { outcome, said } = await send(entry.url, entry.body, csrfToken());
  const arrivedBefore = outcome === "conflict" && (entry.submitted || inWords(said.yours) === inWords(said.theirs));
  if (outcome === "saved" || arrivedBefore) forget(key);
}

export function saveAnswers() {
  const answers = new Map([...document.querySelectorAll("form[data-autosave]")].map((form) => {
    const answer = new Answer(form);
    return [answer.key, answer];
  }));
  for (const [key, entry] of waiting()) {
    const answer = answers.get(key);
    if (answer && entry.submitted && answer.isNewerThan(entry)) forget(key);
    else if (answer) answer.restore(entry);
    else if (csrfToken()) replayElsewhere(key, entry);
  }
}

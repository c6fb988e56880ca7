// Saves a form piece by piece while one types: what was touched is sent when it is left or typing rests, one request at a time.
// A piece is a <told-question>; its data-open says: touched, sending, offline, held (waits for the person). Without JavaScript
// the form is sent as a whole.
const REST = 2_000, AGAIN = 10_000;

class SavingForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form.autocomplete = "off"; // a page gone back to shows what is kept, not what a browser remembers
    for (const kind of ["input", "focusout", "again", "hurry"]) this.form.addEventListener(kind, this);
    this.wait(REST); // what could not be kept with the whole form is touched already
  }

  handleEvent({ type, target, relatedTarget }) {
    const piece = target.closest?.("told-question");
    if (type === "input" || type === "again") this.touch(piece, type === "again" ? 0 : REST);
    else if (type !== "focusout" || (piece?.dataset.open === "touched" && !piece.contains(relatedTarget))) this.send();
  }

  touch(piece, pause) {
    if (piece) piece.dataset.open = "touched";
    if (piece) this.wait(pause);
  }

  wait(pause) {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.send(), pause);
  }

  async send() {
    const waiting = [...this.form.querySelectorAll("[data-open=touched], [data-open=offline]")];
    if (this.busy || !waiting.length) return;
    const { seen } = waiting[0].dataset, pieces = waiting.filter((piece) => piece.dataset.seen === seen);
    this.busy = true;
    this.tell("saving", this.mark(pieces, "sending"));
    await this.ask(pieces, seen ?? this.form.elements.seen.value).catch(() => this.rest(pieces, "offline"));
    this.busy = false;
    if (this.form.querySelector("[data-open=touched]")) this.wait(0);
    else if (this.form.querySelector("[data-open=offline]")) this.wait(AGAIN);
  }

  async ask(pieces, seen) {
    const names = new Set(["csrfmiddlewaretoken", ...pieces.flatMap((piece) => piece.names)]);
    const typed = [...new FormData(this.form)].filter(([name]) => names.has(name));
    const body = new URLSearchParams([...typed, ["seen", seen], ["save", "auto"]]);
    const answer = await fetch(this.form.action, { method: "POST", body, keepalive: String(body).length < 60_000 });
    if (answer.status >= 500) throw new Error(answer.status);
    if (!answer.headers.get("content-type")?.includes("json")) return this.rest(pieces, "away");
    const said = await answer.json(), open = { ...said.wrong, ...said.both };
    for (const piece of pieces) piece.hear(said, seen);
    if (said.seen) this.learn(said);
    if (answer.ok) return this.rest(pieces, "kept", said);
    const stuck = pieces.filter((piece) => said.refused || piece.dataset.question in open);
    this.mark(pieces.filter((piece) => !stuck.includes(piece)), "touched");
    this.rest(stuck, said.refused ? "refused" : said.wrong ? "wrong" : "both", { told: said.refused });
  }

  learn({ seen, news }) {
    const before = this.form.elements.seen.value;
    this.form.elements.seen.value = seen;
    for (const { name, html } of news) this.form.querySelector(`[data-question="${name}"]`)?.learn(html, before);
  }

  /** What has come of these pieces; one that was touched again meanwhile is sent again. */
  rest(pieces, why, said) {
    this.mark(pieces.filter((piece) => piece.dataset.open === "sending"), { kept: "", offline: "offline" }[why] ?? "held");
    this.tell(why, said);
  }

  mark(pieces, open) {
    for (const piece of pieces) open ? (piece.dataset.open = open) : delete piece.dataset.open;
  }

  tell(why, said) {
    this.dispatchEvent(new CustomEvent("told", { bubbles: true, detail: { why, said: said ?? {}, form: this.form } }));
  }
}

customElements.define("saving-form", SavingForm);

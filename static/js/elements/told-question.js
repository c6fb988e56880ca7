// One question of a form that saves itself: shows what the server says of it. Without JavaScript it is plain HTML.
class ToldQuestion extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  get names() {
    return [...this.querySelectorAll("[name]")].map((field) => field.name);
  }

  handleEvent({ target }) {
    const take = target.closest("[data-take]")?.dataset.take;
    if (take === "theirs") this.become(this.theirs);
    if (take !== "mine") return;
    this.dataset.seen = this.newest;
    this.note("");
    this.send("again");
    this.querySelector("input, textarea, select")?.focus();
  }

  /** What the server says after this question was sent with others; seen: the version it was sent with. */
  hear(said, seen) {
    const { question } = this.dataset, two = said.both?.[question], wrong = said.wrong?.[question] ?? [];
    this.querySelector("[data-wrong]")?.replaceChildren(...wrong.map((words) => paragraph(words)));
    this.querySelector(".input, input, textarea, select")?.toggleAttribute("aria-invalid", wrong.length > 0);
    if (two) {
      [this.theirs, this.newest, this.dataset.seen] = [two.theirs, said.seen, seen];
      this.note(two.shown);
    } else if (said.told) {
      delete this.dataset.seen;
      this.note("");
    }
    if (said.states?.[question]) this.querySelector("[data-stands]").innerHTML = said.states[question];
  }

  /** Somebody else has changed the answer; before: the version this page knew. Nothing changes under hands that write here. */
  learn(html, before) {
    if (!this.dataset.open && !this.contains(document.activeElement)) return this.become(html);
    const fresh = parsed(html);
    this.dataset.seen ??= before;
    this.theirs = html;
    this.note(fresh.querySelector("[data-news]")?.outerHTML ?? "");
    this.querySelector("[data-take]")?.removeAttribute("hidden");
  }

  become(html) {
    const fresh = parsed(html);
    const had = this.contains(document.activeElement);
    this.replaceWith(fresh);
    if (had) fresh.querySelector("input, textarea, select")?.focus();
  }

  note(html) {
    this.querySelector("[data-told]").innerHTML = html;
  }

  send(kind) {
    this.dispatchEvent(new Event(kind, { bubbles: true }));
  }
}

function parsed(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return document.importNode(box.content.firstElementChild, true);
}

function paragraph(words) {
  const line = document.createElement("p");
  line.textContent = words;
  return line;
}

customElements.define("told-question", ToldQuestion);

// What could not be sent is kept in this browser tab, for this person (data-key), until it has been: over a reload or a lost line.
// With data-forget everything kept here goes: whoever logs out leaves nothing behind.
const OURS = "accord-words:";

class KeptWords extends HTMLElement {
  connectedCallback() {
    this.key = OURS + this.dataset.key;
    const others = Object.keys(sessionStorage).filter((key) => key.startsWith(OURS));
    const person = this.key.slice(0, this.key.lastIndexOf(":") + 1);
    for (const key of others) if ("forget" in this.dataset || !key.startsWith(person)) sessionStorage.removeItem(key);
    if ("forget" in this.dataset) return;
    document.addEventListener("told", this);
    customElements.whenDefined("saving-form").then(() => this.restore());
  }

  disconnectedCallback() {
    document.removeEventListener("told", this);
  }

  handleEvent({ detail: { why, form } }) {
    if (why === "saving") return;
    const open = [...form.querySelectorAll("[data-open]")], all = [...new FormData(form)];
    const words = open.map((piece) => this.of(piece, form, all));
    words.length ? sessionStorage.setItem(this.key, JSON.stringify(words)) : sessionStorage.removeItem(this.key);
  }

  of(piece, form, all) {
    const { names } = piece, fields = all.filter(([name]) => names.includes(name));
    return { question: piece.dataset.question, seen: piece.dataset.seen ?? form.elements.seen.value, fields };
  }

  restore() {
    for (const { question, seen, fields } of JSON.parse(sessionStorage.getItem(this.key) ?? "[]")) {
      const piece = document.querySelector(`told-question[data-question="${question}"]`);
      if (!piece) continue;
      piece.dataset.seen = seen;
      for (const [name, value] of fields) this.put(piece, name, value);
      for (let at = piece.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
      piece.dispatchEvent(new Event("again", { bubbles: true }));
    }
  }

  put(piece, name, value) {
    const [field, ...more] = piece.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    if (!field) return this.grow(piece, name, value);
    for (const it of [field, ...more]) {
      if (it.type === "radio" || it.type === "checkbox") it.checked = it.value === value;
      else it.value = value;
    }
  }

  grow(piece, name, value) {
    const add = piece.querySelector("[data-add]"), before = piece.names.length;
    add?.click();
    if (piece.names.length > before) this.put(piece, name, value);
  }
}

customElements.define("kept-words", KeptWords);

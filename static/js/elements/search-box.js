// The search box as a combobox that the search page fills with ready HTML; a key leads here (data-key). The form works without JavaScript.
const COMBOBOX = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "search-list", "aria-expanded": "false" };
const WRITTEN_IN = "input, textarea, select, [contenteditable]";

class SearchBox extends HTMLElement {
  connectedCallback() {
    [this.field, this.pop] = this.querySelectorAll("input, .search__pop");
    for (const [name, value] of Object.entries(COMBOBOX)) this.field.setAttribute(name, value);
    for (const kind of ["input", "keydown", "focusout"]) this.addEventListener(kind, this);
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    this.close();
  }

  handleEvent(event) {
    if (event.currentTarget === document) this.lead(event);
    else if (event.type === "keydown") this.press(event);
    else if (event.type === "input") this.wait(150);
    else if (!this.contains(event.relatedTarget)) this.close();
  }

  lead(event) {
    if (event.key !== this.dataset.key || event.ctrlKey || event.metaKey || event.altKey || event.target.matches(WRITTEN_IN)) return;
    event.preventDefault();
    this.field.select();
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.pop.hidden ? this.wait(0) : this.choose(step);
    else if (event.key === "Enter" && this.chosen) this.chosen.click();
    else if (event.key === "Escape" && !this.pop.hidden) this.close();
    else return;
    event.preventDefault();
  }

  choose(step) {
    const hits = [...this.pop.querySelectorAll("[role=option]")];
    this.chosen = hits.at((hits.indexOf(this.chosen) + (this.chosen || step > 0 ? step : 0)) % hits.length);
    for (const hit of hits) hit.setAttribute("aria-selected", String(hit === this.chosen));
    this.chosen?.scrollIntoView({ block: "nearest" });
    if (this.chosen) this.field.setAttribute("aria-activedescendant", this.chosen.id);
  }

  wait(pause) {
    this.stop();
    if (this.field.value.trim().length < 2) this.close();
    else this.pause = setTimeout(() => this.ask().catch(() => {}), pause);
  }

  async ask() {
    const { signal } = (this.asked = new AbortController());
    const answer = await fetch(`${this.field.form.action}?${new URLSearchParams({ fragment: 1, q: this.field.value })}`, { signal });
    const html = answer.ok && !answer.redirected ? await answer.text() : "";
    this.pop.innerHTML = html;
    this.pop.hidden = !html;
    this.field.setAttribute("aria-expanded", String(Boolean(this.pop.querySelector("[role=option]"))));
    this.querySelector("[role=status]").textContent = this.pop.firstElementChild?.dataset.told ?? "";
  }

  stop() {
    clearTimeout(this.pause);
    this.asked?.abort();
    this.chosen = null;
    this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.stop();
    this.pop.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
  }
}

customElements.define("search-box", SearchBox);

// Bars that are moved, dragged or with the arrow keys: a ghost snaps to the working days of the lanes and its day is told. Let go,
// or with Enter, it leads to the preview of the rearrangement; Escape gives up. Without JavaScript the step's page leads there.
const KINDS = ["pointerdown", "pointermove", "pointerup", "pointercancel", "keydown", "focusout", "click", "dragstart"];
const LONG = { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };

class MovingBars extends HTMLElement {
  connectedCallback() {
    this.days = Number(this.dataset.days);
    this.closed = new Set(this.dataset.closed.split(" ").filter(Boolean).map(Number));
    this.told = this.querySelector("[data-told]");
    for (const bar of this.querySelectorAll("[data-move]:not(a *)")) {
      const name = `${bar.querySelector("title").textContent}. ${this.dataset.how}`;
      Object.assign(bar, { tabIndex: 0, role: "slider", ariaLabel: name, ariaValueMin: 0, ariaValueMax: this.days - 1 });
      this.say(bar, Number(bar.dataset.at));
    }
    for (const kind of KINDS) this.addEventListener(kind, this);
  }

  handleEvent(event) {
    const { type, target, clientX } = event;
    const bar = target.querySelector(":scope > [data-move]") || target.closest("[data-move]");
    if (type === "keydown" && bar) this.key(event, bar);
    else if (type === "pointerdown" && bar && event.button === 0) [this.from, this.held, this.dragged] = [clientX, bar, false];
    else if (type === "pointermove" && this.held) this.drag(event);
    else if (type === "pointerup" && this.held) this.at === Number(this.held.dataset.at) || !this.bar ? this.giveUp() : this.go();
    else if (type === "pointercancel" || (type === "focusout" && !this.held)) this.giveUp();
    else if (bar && (type === "dragstart" || (type === "click" && this.dragged))) event.preventDefault();
  }

  key(event, bar) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way || (event.key === "Enter" && this.bar)) event.preventDefault();
    if (way) this.show(bar, (this.bar === bar ? this.at : Number(bar.dataset.at)) + way, way);
    else if (event.key === "Escape") this.giveUp();
    else if (event.key === "Enter" && this.bar) this.go();
  }

  drag({ clientX, pointerId }) {
    const by = Math.round(((clientX - this.from) * this.days) / this.held.closest(".lane").getBoundingClientRect().width);
    if (!by && !this.bar) return;
    this.dragged = !this.setPointerCapture(pointerId);
    this.show(this.held, Number(this.held.dataset.at) + by, Math.sign(by) || 1);
  }

  show(bar, place, way) {
    while (this.closed.has(place)) place += way;
    if (place < 0 || place >= this.days) return;
    if (!this.ghost) {
      const said = { class: "bar bar--proposed bar--moving", y: 0, width: 0, height: 0 };
      this.ghost = bar.closest(".lane").appendChild(document.createElementNS(bar.namespaceURI, "rect"));
      for (const name in said) this.ghost.setAttribute(name, said[name] || bar.getAttribute(name));
    }
    [this.bar, this.at] = [bar, place];
    this.ghost.setAttribute("x", `${(100 * place) / this.days}%`);
    this.told.textContent = this.dataset.says.replace("%(day)s", this.say(bar, place));
  }

  say(bar, place) {
    bar.ariaValueNow = place;
    return (bar.ariaValueText = this.date(place).toLocaleDateString(document.documentElement.lang, LONG));
  }

  date(place) {
    return new Date(Date.parse(this.dataset.first) + (place + 2 * Math.floor(place / 5)) * 86400000);
  }

  go() {
    location.assign(`${this.bar.dataset.move}?to_start=${this.date(this.at).toISOString().slice(0, 10)}`);
    this.giveUp();
  }

  giveUp() {
    this.ghost?.remove();
    if (this.bar) this.say(this.bar, Number(this.bar.dataset.at));
    this.told.textContent = "";
    this.bar = this.ghost = this.held = undefined;
  }
}

customElements.define("moving-bars", MovingBars);

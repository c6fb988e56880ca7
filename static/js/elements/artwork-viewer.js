// The artwork of a draft, close to: zoom by buttons, by + - 0 and by the wheel with Ctrl; moved by arrow keys or, with the hand, by
// dragging; PgUp and PgDn go from page to page; pins hidden and shown. Without JavaScript the pages stand below each other.
const STEPS = [1, 1.5, 2, 3, 4];

class ArtworkViewer extends HTMLElement {
  connectedCallback() {
    this.room = this.querySelector(".viewer");
    this.querySelector("[data-tools]").hidden = false;
    document.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.room.addEventListener("wheel", this, { passive: false });
    for (const kind of ["pointerdown", "pointermove"]) this.room.addEventListener(kind, this, true);
    this.zoom(0);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    const tool = event.target.closest("[data-tool]")?.dataset.tool, said = event.target.closest("a[data-second]");
    if (event.type === "click" && said) return this.play(said.dataset, event);
    if (event.type === "click" && tool) this[tool === "hand" || tool === "pins" ? "toggle" : "turn"](tool);
    else if (event.type === "keydown") this.press(event);
    else if (event.type === "wheel" && event.ctrlKey) this.turn(event.deltaY < 0 ? "in" : "out", event);
    else if (this.classList.contains("has-hand")) this.drag(event);
  }

  press(event) {
    const tool = { "+": "in", "=": "in", "-": "out", 0: "whole", PageUp: "back", PageDown: "on" }[event.key];
    const isTyping = event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey;
    if (tool && !isTyping) this.turn(tool, event);
  }

  turn(tool, event) {
    event?.preventDefault();
    if (tool === "back" || tool === "on") this.leaf(tool === "on" ? 1 : -1);
    else this.zoom({ in: this.step + 1, out: this.step - 1, whole: 0 }[tool]);
  }

  toggle(tool) {
    const is = this.classList.toggle(tool === "hand" ? "has-hand" : "has-no-pins");
    this.querySelector(`[data-tool="${tool}"]`).setAttribute("aria-pressed", tool === "hand" ? is : !is);
  }

  /** The middle of what is seen stays in the middle. */
  zoom(step) {
    const { room } = this, was = STEPS[this.step ?? 0];
    this.step = Math.min(Math.max(step, 0), STEPS.length - 1);
    const by = STEPS[this.step] / was, x = room.scrollLeft + room.clientWidth / 2, y = room.scrollTop + room.clientHeight / 2;
    this.style.setProperty("--zoom", STEPS[this.step]);
    this.classList.toggle("is-close", this.step > 0);
    room.scrollTo(x * by - room.clientWidth / 2, y * by - room.clientHeight / 2);
    this.querySelector("[data-zoom]").textContent = `${STEPS[this.step] * 100} %`;
  }

  leaf(by) {
    const pages = [...this.room.querySelectorAll(".artwork")], top = this.room.getBoundingClientRect().top;
    const here = pages.findLastIndex((page) => page.getBoundingClientRect().top <= Math.max(top, 0) + 48);
    pages[Math.min(Math.max(here + by, 0), pages.length - 1)]?.scrollIntoView({ block: "start" });
  }

  /** A comment on a second of a film leads there. */
  play({ second, of }, event) {
    const film = this.querySelector(`.artwork[data-file="${of}"] :is(video, audio)`);
    if (film) Object.assign(film, { currentTime: second }), event.preventDefault(), film.scrollIntoView({ block: "nearest" });
  }

  drag(event) {
    if (event.target.closest("a, button")) return;
    event.stopPropagation();
    if (event.type === "pointermove" && event.buttons) this.room.scrollBy(-event.movementX, -event.movementY);
  }
}

customElements.define("artwork-viewer", ArtworkViewer);

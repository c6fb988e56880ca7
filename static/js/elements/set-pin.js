// A form that says where something is: a press on a page fills in file, page, across and down, a drag the box; "p" puts a pin in the
// middle, arrows move it, Enter goes on to the words. A halted film gives its second, a line of copy its number. All can be typed.
const SVG = "http://www.w3.org/2000/svg";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class SetPin extends HTMLElement {
  connectedCallback() {
    this.leaving = new AbortController();
    this.hear(".artwork .pinned__frame", "pointerdown", "pointerup", "pointercancel", "dragstart", "keydown");
    this.hear(".artwork :is(video, audio)", "pause");
    this.hear("a[data-line]", "click");
    for (const frame of document.querySelectorAll(".artwork .pinned__frame")) frame.tabIndex = 0;
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  hear(which, ...kinds) {
    const { signal } = this.leaving;
    for (const it of document.querySelectorAll(which)) for (const kind of kinds) it.addEventListener(kind, this, { signal });
  }

  handleEvent(event) {
    const { type, currentTarget: frame, clientX, clientY } = event, { line } = frame.dataset;
    if (type === "pause") return this.fill({ file: frame.parentElement.dataset.file, second: frame.currentTime.toFixed(1) });
    if (type === "keydown") return this.press(event, frame);
    if (line) this.fill({ line }), this.querySelector("textarea").focus(), event.preventDefault();
    if (event.target.closest("a")) return;
    const box = frame.getBoundingClientRect();
    const at = { x: within(((clientX - box.left) / box.width) * 100), y: within(((clientY - box.top) / box.height) * 100) };
    if (type === "dragstart") event.preventDefault();
    else if (type === "pointerdown") this.from = event.button === 0 ? at : null;
    else if (type === "pointercancel") this.from = null;
    else if (this.from) this.set(frame, this.from, at);
  }

  press(event, frame) {
    const by = ARROWS[event.key], far = event.shiftKey ? 5 : 1, at = this.at?.frame === frame && this.at;
    if (event.key === "p") this.put(frame, 50, 50);
    else if (by && at) this.put(frame, within(at.x + by[0] * far), within(at.y + by[1] * far));
    else if (event.key === "Enter" && at && event.target === frame) this.querySelector("textarea").focus();
    else return;
    event.preventDefault();
  }

  set(frame, from, to) {
    const [wide, high] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)].map((it) => Math.round(it * 10) / 10);
    const isBox = wide > 1 && high > 1, [x, y] = isBox ? [Math.min(from.x, to.x), Math.min(from.y, to.y)] : [from.x, from.y];
    this.put(frame, x, y, isBox ? { wide, high } : {});
    this.querySelector("textarea").focus({ preventScroll: true });
    this.from = null;
  }

  put(frame, x, y, { wide = "", high = "" } = {}) {
    const { file, page } = frame.parentElement.dataset;
    this.at = { frame, x, y }, this.pin ??= fresh();
    this.fill({ file, page, across: x, down: y, wide, high });
    for (const [name, place] of [["x", x + wide / 2], ["y", y + high / 2]]) this.pin.setAttribute(name, `${place}%`);
    frame.querySelector(".pinned__pins").append(this.pin);
  }

  fill(said) {
    for (const [name, value] of Object.entries(said)) this.querySelector(`[name="${name}"]`).value = value;
  }
}

/** Per cent with one decimal, inside the page. */
const within = (part) => Math.round(Math.min(Math.max(part, 0), 100) * 10) / 10;

/** A pin that stands nowhere yet. */
function fresh() {
  const pin = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ class: "pin", overflow: "visible", "data-state": "risk" })) pin.setAttribute(name, value);
  pin.appendChild(document.createElementNS(SVG, "circle")).setAttribute("r", "12");
  return pin;
}

customElements.define("set-pin", SetPin);

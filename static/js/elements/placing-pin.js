// A checklist with photos: "Pin" in a row chooses the row, a press on a photo sets its pin there. The pin is three fields of the
// row (photo, across, down), which everybody without JavaScript fills in by hand; what is typed there moves the pin too.
const SVG = "http://www.w3.org/2000/svg";

class PlacingPin extends HTMLElement {
  connectedCallback() {
    for (const hint of this.querySelectorAll("[data-hint]")) hint.hidden = false;
    for (const kind of ["click", "input", "toggle"]) this.addEventListener(kind, this, kind === "toggle");
  }

  handleEvent({ type, target, clientX, clientY }) {
    const row = target.closest?.("li[data-row]"), frame = target.closest?.(".pinned__frame");
    if (type === "toggle" && row && (target.open || row === this.row)) this.choose(target.open ? row : null);
    else if (type === "input" && row) this.draw(row);
    else if (type === "click" && frame && this.row) this.place(frame, clientX, clientY);
  }

  choose(row) {
    this.row = row;
    this.classList.toggle("is-placing", Boolean(row));
    for (const other of row ? this.querySelectorAll(".checking__pin[open]") : []) other.open = row.contains(other);
  }

  place(frame, x, y) {
    const box = frame.querySelector("img").getBoundingClientRect();
    const [photo, across, down] = this.fields(this.row);
    photo.value = frame.parentElement.dataset.photo;
    across.value = share(x - box.left, box.width);
    down.value = share(y - box.top, box.height);
    this.draw(this.row);
  }

  fields(row) {
    return ["photo", "across", "down"].map((part) => this.querySelector(`[name="${part}-${row.dataset.row}"]`));
  }

  draw(row) {
    const [photo, across, down] = this.fields(row);
    if (!photo) return;
    const pin = this.querySelector(`.pin[data-row="${row.dataset.row}"]`) ?? fresh(row);
    pin.remove();
    const pins = this.querySelector(`[data-photo="${photo.value}"] .pinned__pins`);
    if (!pins || across.value === "" || down.value === "") return;
    pin.setAttribute("x", `${across.value}%`);
    pin.setAttribute("y", `${down.value}%`);
    pins.append(pin);
  }
}

/** A pin that has not stood anywhere yet. */
function fresh({ dataset }) {
  const pin = document.createElementNS(SVG, "svg"), word = document.createElementNS(SVG, "text");
  pin.setAttribute("class", "pin");
  Object.assign(pin.dataset, { row: dataset.row, state: dataset.state });
  pin.setAttribute("overflow", "visible");
  const circle = pin.appendChild(document.createElementNS(SVG, "circle"));
  circle.setAttribute("r", "12");
  word.setAttribute("dy", "4");
  word.setAttribute("text-anchor", "middle");
  word.textContent = dataset.position;
  pin.append(word);
  return pin;
}

/** Per cent with one decimal, never off the photo. */
const share = (part, whole) => Math.min(100, Math.max(0, Math.round((part / whole) * 1000) / 10));

customElements.define("placing-pin", PlacingPin);

// Two versions of a page in the same place: the range, or a finger on the artwork, moves where the first ends and the second begins.
// Without JavaScript the two stand below each other.
class CompareSlider extends HTMLElement {
  connectedCallback() {
    this.both = this.querySelector(".slider__both");
    this.range = this.querySelector("input[type=range]");
    this.range.parentElement.hidden = false;
    this.classList.add("is-on");
    this.range.addEventListener("input", this);
    for (const kind of ["pointerdown", "pointermove", "dragstart"]) this.both.addEventListener(kind, this);
    this.cut();
  }

  handleEvent(event) {
    if (event.type === "dragstart") event.preventDefault();
    else if (event.type === "pointerdown" || (event.type === "pointermove" && event.buttons)) this.follow(event);
    this.cut();
  }

  follow({ clientX }) {
    const { left, width } = this.both.getBoundingClientRect();
    this.range.value = Math.round(((clientX - left) / width) * 100);
  }

  cut() {
    this.style.setProperty("--cut", `${this.range.value}%`);
  }
}

customElements.define("compare-slider", CompareSlider);

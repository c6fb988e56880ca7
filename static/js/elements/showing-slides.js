// Slides one after another: the arrow keys and Page Up and Down go from one to the next, Home and End to the ends, f fills the
// screen. Without JavaScript it is one long page.
class ShowingSlides extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  get slides() {
    return [...this.querySelectorAll(":scope > section")];
  }

  // The slide that takes the middle of the window.
  get current() {
    const middle = window.innerHeight / 2;
    return Math.max(0, this.slides.findLastIndex((slide) => slide.getBoundingClientRect().top <= middle));
  }

  handleEvent(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("video, audio, input")) return;
    const last = this.slides.length - 1;
    const ways = { ArrowRight: this.current + 1, PageDown: this.current + 1, ArrowLeft: this.current - 1, PageUp: this.current - 1, Home: 0, End: last };
    if (event.key === "f") this.fill();
    if (!(event.key in ways)) return;
    event.preventDefault();
    const slide = this.slides[Math.min(last, Math.max(0, ways[event.key]))];
    slide.scrollIntoView();
    slide.focus({ preventScroll: true });
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }
}

customElements.define("showing-slides", ShowingSlides);

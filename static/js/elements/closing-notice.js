// A notice that can be closed. It never takes the focus; when it goes with the focus in it, the page has it again.
// Without JavaScript there is no button, and the notice goes with the page.
class ClosingNotice extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector(".notice__close");
    button.hidden = false;
    button.addEventListener("click", this);
  }

  handleEvent() {
    const page = this.closest("main");
    this.remove();
    page?.focus({ preventScroll: true });
  }
}

customElements.define("closing-notice", ClosingNotice);

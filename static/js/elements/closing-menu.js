// A menu that closes when the person turns elsewhere: Escape, a click outside, or focus moving on.
// Without JavaScript the <details> inside works as it is.
class ClosingMenu extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    const menu = this.querySelector("details");
    if (!menu.open) return;
    if (event.type === "keydown" && event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.type === "focusout" && event.relatedTarget && !this.contains(event.relatedTarget)) {
      menu.open = false;
    } else if (event.type === "click" && !this.contains(event.target)) {
      menu.open = false;
    }
  }
}

customElements.define("closing-menu", ClosingMenu);

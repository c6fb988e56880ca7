// Turns a <details> with a question in it into a button that opens the question as a modal <dialog>.
// Without JavaScript the <details> opens the question in place. Escape, a click beside it and [data-close] close it.
class OpeningDialog extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector(":scope > details");
    if (!details) return;
    const [summary, sheet] = details.children;
    this.dialog = take(document.createElement("dialog"), sheet);
    this.dialog.setAttribute("aria-labelledby", this.dialog.querySelector(".dialog__head").id);
    this.button = take(document.createElement("button"), summary);
    this.button.type = "button";
    this.button.setAttribute("aria-haspopup", "dialog");
    this.addEventListener("click", this);
    details.replaceWith(this.button, this.dialog);
    if (details.open) this.dialog.showModal();
  }

  handleEvent({ target }) {
    if (this.button.contains(target)) this.dialog.showModal();
    else if (target === this.dialog || target.closest("[data-close]")) this.dialog.close();
  }
}

/** The element `to` with the class, the identifier and everything inside `from`. */
function take(to, from) {
  to.className = from.className;
  if (from.id) to.id = from.id;
  to.append(...from.childNodes);
  return to;
}

customElements.define("opening-dialog", OpeningDialog);

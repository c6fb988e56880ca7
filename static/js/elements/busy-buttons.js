// A form that is on its way says so on its button and is not sent twice. It stands once on a page and listens to all forms.
// Without JavaScript the server's own checks (version, token) stand alone.
const PATIENCE = 10_000; // after a file the page stays as it is

class BusyButtons extends HTMLElement {
  sent = new Map();

  connectedCallback() {
    document.addEventListener("submit", this);
    window.addEventListener("pageshow", this);
  }

  disconnectedCallback() {
    document.removeEventListener("submit", this);
    window.removeEventListener("pageshow", this);
  }

  handleEvent(event) {
    if (event.type === "pageshow") this.rest();
    else if (this.sent.has(event.target)) event.preventDefault();
    else if (!event.defaultPrevented && event.submitter && event.submitter.formMethod !== "dialog") this.work(event);
  }

  work({ target: form, submitter: button }) {
    const word = button.dataset.busy || (form.method === "post" ? this.dataset.saving : this.dataset.asking);
    this.sent.set(form, [button, [...button.childNodes]]);
    button.style.minInlineSize = `${button.offsetWidth}px`;
    button.replaceChildren(word);
    button.setAttribute("aria-busy", "true");
    this.textContent = word;
    setTimeout(() => this.rest(), PATIENCE);
  }

  rest() {
    for (const [button, inside] of this.sent.values()) {
      button.replaceChildren(...inside);
      button.removeAttribute("aria-busy");
      button.style.minInlineSize = "";
    }
    this.sent.clear();
    this.textContent = "";
  }
}

customElements.define("busy-buttons", BusyButtons);

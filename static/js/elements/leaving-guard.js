// Around a form that saves itself: leaving the page with something that is not kept asks first, and the whole form, once sent,
// goes without what somebody else has changed and this page merely shows as it was.
class LeavingGuard extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    for (const kind of ["submit", "formdata"]) this.form.addEventListener(kind, this);
    for (const kind of ["beforeunload", "pageshow", "online"]) window.addEventListener(kind, this);
  }

  disconnectedCallback() {
    for (const kind of ["beforeunload", "pageshow", "online"]) window.removeEventListener(kind, this);
  }

  handleEvent(event) {
    if (event.type === "formdata") this.leaving && this.strip(event.formData);
    else if (event.type === "online") this.hurry();
    else if (event.type !== "beforeunload") this.leaving = event.type === "submit";
    else if (!this.leaving && this.isUnsaved()) event.preventDefault();
  }

  isUnsaved() {
    const stuck = this.querySelector("[data-open=held], [data-open=offline]");
    this.hurry();
    return stuck || this.querySelector("[data-open=touched]");
  }

  hurry() {
    this.form.dispatchEvent(new Event("hurry"));
  }

  strip(data) {
    for (const piece of this.querySelectorAll("told-question[data-seen]:not([data-open])"))
      for (const name of piece.names) data.delete(name);
    const since = [...this.querySelectorAll("told-question[data-seen][data-open]")].map((piece) => Number(piece.dataset.seen));
    data.set("seen", Math.min(data.get("seen"), ...since));
  }
}

customElements.define("leaving-guard", LeavingGuard);

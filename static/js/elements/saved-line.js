// The line that says whether what was typed is kept, and the parts of the page that follow from it ([data-part]).
class SavedLine extends HTMLElement {
  connectedCallback() {
    document.addEventListener("told", this);
    this.setAttribute("role", "status");
  }

  disconnectedCallback() {
    document.removeEventListener("told", this);
  }

  handleEvent({ detail: { why, said, form } }) {
    for (const [name, html] of Object.entries(said.parts ?? {})) replace(document.querySelector(`[data-part="${name}"]`), html);
    if (why === "kept" && form.querySelector("[data-open=held]")) return; // that something is not kept stays said
    const words = said.told ?? this.dataset[why];
    if (this.textContent !== words) this.textContent = words;
    this.dataset.how = why;
  }
}

/** New inside for a part, the focus where it was. */
function replace(part, html) {
  if (!part || part.innerHTML === html) return;
  const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
  part.innerHTML = html;
  if (focused) (part.querySelector(`a[href="${focused}"]`) ?? part.closest("nav")).focus();
}

customElements.define("saved-line", SavedLine);

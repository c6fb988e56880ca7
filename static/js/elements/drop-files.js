// Files dropped on it are put into its field beside those chosen before, so that they are sent like any others.
// Without JavaScript the field alone is there.
class DropFiles extends HTMLElement {
  connectedCallback() {
    for (const what of ["dragover", "dragleave", "drop"]) this.addEventListener(what, this);
  }

  handleEvent(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this.toggleAttribute("data-over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  take(dropped) {
    const field = this.querySelector('input[type="file"]');
    const all = new DataTransfer();
    for (const file of field.multiple ? [...field.files, ...dropped] : [dropped[0]]) all.items.add(file);
    field.files = all.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

customElements.define("drop-files", DropFiles);

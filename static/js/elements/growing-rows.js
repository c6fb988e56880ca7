// Rows of a table that is typed: one more at once. Without JavaScript two empty ones come with every save.
class GrowingRows extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-add]");
    this.button.hidden = false;
    this.button.addEventListener("click", this);
  }

  handleEvent() {
    const rows = this.querySelectorAll("[data-row]"), last = rows[rows.length - 1];
    if (rows.length >= this.dataset.most) return;
    const row = last.cloneNode(true), from = rows.length - 1, to = rows.length;
    for (const field of row.querySelectorAll("[name]")) {
      field.name = field.name.replace(`-${from}-`, `-${to}-`);
      field.id = `id_${field.name}`;
      field.value = "";
    }
    for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(`-${from}-`, `-${to}-`);
    for (const number of row.querySelectorAll("[data-number]")) number.textContent = to + 1;
    for (const fault of row.querySelectorAll("[data-fault]")) fault.remove();
    last.after(row);
    row.querySelector("[name]").focus();
  }
}

customElements.define("growing-rows", GrowingRows);

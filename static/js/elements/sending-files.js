// Sends every file that is chosen or dropped by itself, with a bar, in a request of its own and under a token of its own, so that
// sending it again keeps it once. What the server says to it stands beside it. Without JavaScript the form is sent as a whole.
const AT_ONCE = 2;

class SendingFiles extends HTMLElement {
  waiting = [];
  busy = 0;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.form.querySelector("[type=file]");
    this.form.querySelector("[data-plain]").hidden = true;
    for (const kind of ["change", "click"]) this.addEventListener(kind, this);
    window.addEventListener("beforeunload", this);
  }

  handleEvent(event) {
    if (event.type === "beforeunload") this.busy && event.preventDefault();
    else if (event.type === "change") event.target === this.field && this.take();
    else if (event.target.closest("[data-again]")) this.queue(event.target.closest("li"));
  }

  take() {
    for (const file of this.field.files) this.queue(this.line(file));
    this.field.value = "";
  }

  line(file) {
    const line = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const token = crypto.getRandomValues(new Uint8Array(16));
    line.sent = { file, token: [...token].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
    for (const name of line.querySelectorAll("[data-name]")) name.textContent = file.name;
    line.querySelector("progress").setAttribute("aria-label", file.name);
    this.querySelector("[data-lines]").append(line);
    return line;
  }

  queue(...lines) {
    for (const line of lines) this.show(line, 0, "");
    this.waiting.push(...lines);
    while (this.busy < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }

  send(line) {
    const body = new FormData(this.form), asked = new XMLHttpRequest();
    for (const [name, value] of [["token", line.sent.token], [this.field.name, line.sent.file]]) body.set(name, value);
    this.busy += 1;
    asked.open("POST", this.form.action);
    asked.setRequestHeader("Accept", "application/json");
    asked.upload.onprogress = ({ loaded, total }) => this.show(line, (100 * loaded) / total, loaded < total ? "" : "looking");
    asked.onloadend = () => this.hear(line, asked);
    asked.send(body);
  }

  hear(line, { status, responseText }) {
    const told = /^\s*\{/.test(responseText) ? JSON.parse(responseText) : {};
    this.busy -= 1;
    if (told.html) this.keep(line, told.html);
    else this.show(line, 0, told.refused ?? this.dataset[status === 0 ? "offline" : status === 413 ? "large" : "away"], true);
    this.queue();
  }

  keep(line, html) {
    this.querySelector("[data-there]").insertAdjacentHTML("beforeend", html);
    this.querySelector("[role=status]").textContent = `${line.sent.file.name}: ${this.dataset.kept}`;
    if (line.contains(document.activeElement)) this.field.focus();
    line.remove();
  }

  show(line, part, word, failed = false) {
    Object.assign(line.querySelector("progress"), { value: part, hidden: failed });
    line.querySelector("[data-again]").hidden = !failed;
    line.querySelector("[data-word]").textContent = word === "looking" ? this.dataset.looking : word;
    line.dataset.state = failed ? "late" : "ours";
  }
}

customElements.define("sending-files", SendingFiles);

// A screen that nobody touches: asks again every so often (data-every, seconds), changes only what has changed, and says when it
// was last up to date. A hidden page asks nothing. Without JavaScript the page is loaded anew.
class WallScreen extends HTMLElement {
  connectedCallback() {
    this.part = this.querySelector("[data-part]");
    this.line = this.querySelector("[data-told]");
    this.tell(true);
    this.ticking = setInterval(() => this.ask(), this.dataset.every * 1000);
    document.addEventListener("visibilitychange", this);
    window.addEventListener("online", this);
    window.addEventListener("offline", this);
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    document.removeEventListener("visibilitychange", this);
    window.removeEventListener("online", this);
    window.removeEventListener("offline", this);
  }

  handleEvent({ type }) {
    if (type === "offline") this.tell(false);
    else this.ask();
  }

  async ask() {
    if (document.hidden || this.asking) return;
    this.asking = true;
    try {
      const answer = await fetch(this.dataset.url, { signal: AbortSignal.timeout(15000) });
      if (!answer.ok || answer.redirected) throw new Error("not the wall");
      this.show(await answer.text());
      this.tell(true);
    } catch {
      this.tell(false);
    } finally {
      this.asking = false;
    }
  }

  show(html) {
    if (html === this.last) return;
    if (this.last !== undefined || html.trim() !== this.part.innerHTML.trim()) this.part.innerHTML = html;
    this.last = html;
  }

  tell(well) {
    if (well) this.since = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    this.line.textContent = this.dataset[well ? "fresh" : "lost"].replace("%(time)s", this.since);
    if (well) delete this.line.dataset.state;
    else this.line.dataset.state = "late";
  }
}

customElements.define("wall-screen", WallScreen);

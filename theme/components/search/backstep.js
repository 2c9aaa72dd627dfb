/* The system's back button, for what covers the page: it closes that and stays on the page.

   While the cover is up, the history has one more entry for the same address. Every way out takes
   it away again, so that "back" from the next page leads to this one and not to a copy of it. */

const WAIT = 300; // ms after which a browser that tells nothing has gone back

export class Backstep {
  /** `close` is called when the reader goes back. */
  constructor(close) {
    this.close = close;
    this.isHeld = false;
    this.address = "";
    this.then = null;
    this.timer = 0;
  }

  hold() {
    if (this.isHeld) return;
    this.isHeld = true;
    this.address = location.href;
    history.pushState(history.state, "");
    addEventListener("popstate", this.wentBack, { capture: true });
  }

  /** Takes the entry away, then calls `then`. */
  release(then = () => {}) {
    if (!this.isHeld) {
      then();
      return;
    }
    this.then = then;
    if (location.href !== this.address) {
      this.done(); // navigation has gone on from the entry
      return;
    }
    history.back();
    this.timer = setTimeout(() => this.done(), WAIT);
  }

  // Material's instant navigation, which would load the page anew, need not know of this.
  wentBack = (event) => {
    if (location.href === this.address) event.stopImmediatePropagation();
    this.done();
  };

  done() {
    clearTimeout(this.timer);
    removeEventListener("popstate", this.wentBack, { capture: true });
    const then = this.then ?? this.close;
    this.isHeld = false;
    this.then = null;
    then();
  }
}

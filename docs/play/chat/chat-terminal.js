// One terminal of the chat: what it has read, and a line to type.
import { element } from "./play.js";

const kept = 80; // lines

export class Terminal {
  constructor(name, act) {
    this.address = element("span", { class: "address" });
    // A flood is not to be read aloud line by line; the status below the picture says what matters.
    this.log = element("div", { class: "log", role: "log", "aria-live": "off", "aria-label": `What ${name} reads`, tabindex: 0 });
    this.field = element("input", { type: "text", maxlength: 200, autocomplete: "off", "aria-label": `${name} says` });
    this.connect = element("button", { type: "button" }, "Connect again");
    this.connect.hidden = true;
    this.connect.addEventListener("click", () => act({ do: "connect" }));
    const form = element("form", {}, this.field, element("button", {}, "Say"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.field.value;
      if (text === "") return;
      this.field.value = "";
      this.waiting.push("> " + text); // the chat sends nobody what they have said themselves
      this.flush();
      act({ do: "say", text });
    });
    this.box = element("section", { class: "terminal", "aria-label": `Terminal ${name}` },
      element("header", {}, element("b", {}, name), this.address, this.connect), this.log, form);
    this.waiting = [];
  }

  // hear takes new lines; they are shown with the next draw.
  hear({ lines, skipped }) {
    if (skipped > 0) this.waiting.push(`(${skipped} lines are not shown)`);
    this.waiting.push(...lines ?? []);
    this.waiting.splice(0, this.waiting.length - kept);
  }

  draw({ address, open }) {
    this.address.textContent = open ? address : "not connected";
    this.connect.hidden = open || address === "";
    this.flush();
  }

  flush() {
    if (this.waiting.length === 0) return;
    const log = this.log;
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4; // else somebody reads further up
    for (const line of this.waiting.splice(0)) {
      const kind = line.startsWith("* ") ? "notice" : line.startsWith("> ") ? "own" : line.startsWith("(") ? "aside" : "";
      log.append(element("div", kind ? { class: kind } : {}, line));
    }
    while (log.childElementCount > kept) log.firstChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  }
}

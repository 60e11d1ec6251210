// A request, byte by byte. The server follows all bytes at once, and sends back where the parser
// was after each; the cursor moves through that. docs/play/parser has the other half.

import { picture, ask, element, calm } from "./play.js";
import { good, hostile } from "./parser-examples.js";

const most = 8192; // bytes that the server follows
const pause = 40;  // ms between two steps of Play
const mostSteps = 150; // of one Play: a long request goes in larger ones

// The states of http1 as the chapter draws them. What has no capital is drawn between two states.
const rows = [
  ["the head", "Start", "→", "RequestLine", "→", "HeaderFields"],
  ["a body with a length", "FixedBody"],
  ["a body in chunks", "ChunkSize", "⇄", "ChunkData", "→", "ChunkEnd", "→", "Trailers"],
  ["the end", "Done", "or", "Failed"],
];
const isState = (text) => /^[A-Z]/.test(text);

const waitsFor = {
  Start: "It waits for a request. The connection is idle.",
  RequestLine: "It waits for the rest of the request line.",
  HeaderFields: "It waits for the rest of the header, up to the empty line.",
  FixedBody: "It waits for the rest of the body.",
  ChunkSize: "It waits for the line that says how long the next chunk is.",
  ChunkData: "It waits for the rest of the chunk.",
  ChunkEnd: "It waits for the \\r\\n under the chunk.",
  Trailers: "The last chunk was there. It waits for the empty line, perhaps with fields before it.",
};

// toBytes reads the text field: a line end is CR and LF, \r \n \t \0 \\ and \xHH are single bytes.
function toBytes(text) {
  const single = { r: 13, n: 10, t: 9, 0: 0, "\\": 92 };
  const bytes = [];
  for (const [piece, hex, letter] of text.matchAll(/\\x([0-9a-fA-F]{2})|\\([rnt0\\])|\r?\n|[^]/gu)) {
    if (hex) bytes.push(parseInt(hex, 16));
    else if (letter) bytes.push(single[letter]);
    else if (piece.endsWith("\n")) bytes.push(13, 10);
    else bytes.push(...new TextEncoder().encode(piece));
  }
  return bytes;
}

// shown is how a byte is written on the page.
function shown(byte) {
  if (byte === 13) return "\\r";
  if (byte === 10) return "\\n";
  if (byte === 32) return "·";
  return byte > 32 && byte < 127 ? String.fromCharCode(byte) : "\\x" + byte.toString(16).padStart(2, "0");
}

// A View is the picture in one figure: the bytes, what the server said of them, and the cursor.
class View {
  trace = { states: [{ request: 1, state: "Start", to: 0 }], replies: [], read: 0 };
  cursor = 0;
  #timer = 0;
  #asking = new AbortController();

  constructor(stage) {
    this.stage = stage;
    this.field = element("textarea", { rows: 6, spellcheck: "false", autocomplete: "off", autocapitalize: "off", maxlength: most, "aria-describedby": "_parser-notation" });
    this.slider = element("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": "bytes that have arrived" });
    this.count = element("span", { class: "count" });
    this.play = element("button", { type: "button" }, "Play");
    this.bytes = element("pre", { class: "bytes", tabindex: 0, "aria-label": "the bytes" });
    this.reply = element("pre", { class: "reply", tabindex: 0, "aria-label": "what the server has sent" });
    this.verdict = element("p", { class: "verdict", role: "status" });
    this.boxes = new Map();
    this.field.addEventListener("input", () => this.typed());
    this.slider.addEventListener("input", () => { this.stop(); this.moveTo(Number(this.slider.value)); });
    this.play.addEventListener("click", () => (this.#timer ? this.stop() : this.start()));
    this.bytes.addEventListener("click", (event) => {
      const at = event.target.closest("[data-at]");
      if (at) { this.stop(); this.moveTo(Number(at.dataset.at)); }
    });
    this.bytes.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { event.preventDefault(); this.stop(); this.moveTo(this.cursor + step); }
    });
  }

  // nodes is the whole picture.
  nodes() {
    const choices = (title, examples) => element("p", { class: "choices" }, element("span", {}, title), ...Object.entries(examples).map(([name, text]) => {
      const button = element("button", { type: "button" }, name);
      button.addEventListener("click", () => this.stage.attempt(() => this.take(text)));
      return button;
    }));
    return [
      choices("Good:", good), choices("Hostile:", hostile),
      element("label", {}, "What a client sends", this.field),
      element("p", { class: "notation", id: "_parser-notation" }, "Type here. The end of a line sends \\r\\n. Write \\n for a bare line feed, \\xHH for any byte."),
      element("div", { class: "cursor" }, this.play, this.slider, this.count),
      this.verdict,
      element("div", { class: "sides" },
        element("div", {}, element("h4", {}, "Arrives"), this.bytes),
        element("div", {}, element("h4", {}, "Is sent back"), this.reply)),
      element("div", { class: "states" }, ...rows.map(([title, ...texts]) => element("div", {}, element("span", { class: "row" }, title), ...texts.map((text) => {
        const box = element("span", { class: isState(text) ? "state is-" + text : "arrow" }, text);
        if (isState(text)) this.boxes.set(text, box);
        return box;
      })))),
    ];
  }

  // take puts an example into the field, and plays it.
  async take(text) {
    this.field.value = text;
    await this.follow();
    this.moveTo(0);
    this.start();
  }

  typed() {
    this.stage.attempt(async () => { await this.follow(); this.moveTo(this.slider.max); });
  }

  // follow asks the server what becomes of the bytes. A new question gives up the one before.
  async follow() {
    this.stop();
    const bytes = toBytes(this.field.value);
    if (bytes.length > most) throw new Error(`These are ${bytes.length} bytes; the picture follows ${most}.`);
    this.#asking.abort();
    this.#asking = new AbortController();
    try {
      this.trace = await ask("/live/parser", { bytes: btoa(String.fromCharCode(...bytes)) }, this.#asking.signal);
    } catch (error) {
      if (error.name === "AbortError") return new Promise(() => {}); // the newer question goes on
      throw error;
    }
    this.stage.say("The limits are small here, so that you can reach them: 256 bytes for the request line, 1 KiB for the header and 20 fields, 1 KiB for the body.");
    this.slider.max = bytes.length;
    this.bytes.replaceChildren(...bytes.flatMap((byte, i) => {
      const state = i < this.trace.read ? this.runAfter(i + 1).state : "nothing";
      const cell = element("span", { class: "is-" + state, "data-at": i + 1 }, shown(byte));
      return byte === 10 ? [cell, "\n"] : [cell];
    }));
    this.cells = this.bytes.querySelectorAll("span");
    this.cells.forEach((cell) => cell.classList.add("coming"));
    this.cursor = 0;
  }

  // runAfter is the stretch of one state in which the parser is after n bytes.
  runAfter(n) {
    return this.trace.states.find((run) => n <= run.to) ?? this.trace.states.at(-1);
  }

  start() {
    const end = Number(this.slider.max);
    if (calm()) return this.moveTo(end);
    if (this.cursor >= end) this.moveTo(0);
    const step = Math.ceil(end / mostSteps);
    this.play.textContent = "Pause";
    this.verdict.setAttribute("aria-live", "off"); // twenty times a second would be noise
    this.#timer = setInterval(() => {
      this.moveTo(this.cursor + step);
      if (this.cursor >= end) this.stop();
    }, pause);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.play.textContent = "Play";
    this.verdict.setAttribute("aria-live", "polite");
  }

  // moveTo shows how things are when n bytes have arrived.
  moveTo(n) {
    n = Math.min(Math.max(Number(n), 0), Number(this.slider.max));
    for (let i = Math.min(n, this.cursor); i < Math.max(n, this.cursor); i++) this.cells[i].classList.toggle("coming", i >= n);
    this.cells[this.cursor - 1]?.classList.remove("last");
    this.cells[n - 1]?.classList.add("last");
    this.cursor = n;
    this.#keepInSight(this.cells[n - 1]);
    this.slider.value = n;
    this.slider.setAttribute("aria-valuetext", `${n} bytes: ${this.runAfter(n).state}`);
    this.count.textContent = `${n} of ${this.slider.max} bytes`;
    const { state } = this.runAfter(n);
    const seen = new Set(this.trace.states.filter((run) => run.request === this.runAfter(n).request && run.to <= n).map((run) => run.state));
    for (const [name, box] of this.boxes) {
      box.classList.toggle("seen", seen.has(name) && name !== state);
      if (name === state) box.setAttribute("aria-current", "step");
      else box.removeAttribute("aria-current");
    }
    const replies = this.trace.replies.filter((reply) => reply.at <= n);
    this.reply.textContent = replies.map((reply) => reply.text.replaceAll("\r\n", "\n") + (reply.cut ? "…" : "")).join("\n") || "(nothing yet)";
    this.reply.scrollTop = this.reply.scrollHeight; // the last response is the one of now
    this.reply.classList.toggle("refused", replies.at(-1)?.rule !== undefined);
    this.verdict.replaceChildren(element("b", {}, state), " ", ...this.judge(n, state, replies.at(-1)));
  }

  // keepInSight scrolls the box of bytes, and not the page, to the byte at the cursor.
  #keepInSight(cell) {
    const box = this.bytes.getBoundingClientRect(), own = cell?.getBoundingClientRect() ?? box;
    if (own.top < box.top) this.bytes.scrollTop -= box.top - own.top;
    else if (own.bottom > box.bottom) this.bytes.scrollTop += own.bottom - box.bottom + 8;
    if (!cell) this.bytes.scrollTop = 0;
  }

  // judge says in a sentence what the last byte has led to.
  judge(n, state, reply) {
    const unread = n - this.trace.read;
    if (unread > 0 && !reply?.close && !reply?.cut) return [`The picture follows ${this.trace.replies.length} responses, and no more.`];
    if (unread > 0) return [`The server has sent its last response. It does not look at what comes behind: ${unread} ${unread === 1 ? "byte" : "bytes"}.`];
    if (reply?.at !== n) return [waitsFor[state]];
    if (reply.rule) return [`Refused with ${reply.status}: ${reply.message} (`, linked(reply.rule), "). The connection is closed."];
    if (reply.status === 100) return ["The client wants to be asked for the body, and is."];
    const end = reply.cut ? " The stream goes on, with an event each second." : reply.close ? " It is the last one: the connection is closed." : "";
    return [`Request ${this.runAfter(n).request} is answered with ${reply.status}.${end}`];
  }
}

// linked makes a link of "RFC 9112 section 6.1".
function linked(rule) {
  const [, rfc, section] = /^RFC (\d+) section ([\d.]+)$/.exec(rule) ?? [];
  return rfc ? element("a", { href: `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section}` }, rule) : rule;
}

picture("parser", async (stage) => {
  const view = new View(stage);
  view.field.value = good["GET"];
  await view.follow(); // throws if nobody is there, before the still picture goes
  stage.show(...view.nodes());
  view.moveTo(0);
  view.start();
});

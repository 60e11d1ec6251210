// Three clients and a slow one, against each model: the server runs it, and sends what happens to each
// connection while it happens. docs/play/models has the other half.

import { picture, follow, lanes, element, calm } from "./play.js";

const models = ["one at a time", "a thread each", "a goroutine each", "an event loop"];
const clients = ["the slow one", "client 1", "client 2", "client 3"];
const shortest = 2000; // ms that a lane shows at least: so that the models can be compared by looking

// A Panel shows the runs of one model.
class Panel {
  events = [];
  #began = 0; // the time of the page at which the run began
  #drawing = 0;

  constructor(name) {
    this.lanes = element("div", { class: "drawing" });
    this.summary = element("p", { class: "summary" });
    this.node = element("section", { class: "model", "data-model": name }, element("h4", {}, name), this.lanes, this.summary);
    this.name = name;
  }

  // run asks for a run, and draws it. heard is called once, when the run has begun.
  async run(heard = () => {}) {
    this.events = [];
    try {
      await follow("/live/models", { model: this.name }, (event) => {
        if (this.events.length === 0) this.#begin(heard);
        this.#began = Math.min(this.#began || Infinity, performance.now() - event.at);
        this.events.push(event);
        if (calm()) this.draw(event.at);
      });
    } finally {
      cancelAnimationFrame(this.#drawing);
    }
    const end = this.events.at(-1);
    if (end?.what !== "end") throw new Error("The run broke off.");
    this.draw(end.at);
    this.summary.textContent = this.#summary(end.at);
  }

  #begin(heard) {
    heard();
    this.summary.textContent = "";
    this.#began = 0;
    if (calm()) return;
    const frame = () => {
      const now = performance.now() - this.#began;
      this.draw(now, now);
      this.#drawing = requestAnimationFrame(frame);
    };
    this.#drawing = requestAnimationFrame(frame);
  }

  // draw draws what has happened up to a time; line is where now is, if there is a line for it.
  draw(until, line) {
    lanes(this.lanes, {
      title: `${this.name}: who waits for an answer, and whom a handler serves`,
      end: Math.max(shortest, Math.ceil(until / 500) * 500), unit: "ms", now: line,
      lanes: clients.map((name, client) => ({
        name,
        bars: [
          ...this.#bars(client, "begins", "ends", until, "serves", "a handler has the connection"),
          ...this.#bars(client, "asks", "answered", until, "waits", "waits for an answer"),
        ],
        marks: [
          ...this.#times(client, "answered").map((at) => ({ at, kind: "answer", text: `answered at ${Math.round(at)} ms` })),
          ...this.#times(client, "fails").map((at) => ({ at, kind: "fails", text: "the connection has failed" })),
        ],
      })),
    });
  }

  #times(client, what) {
    return this.events.filter((event) => event.client === client && event.what === what).map((event) => event.at);
  }

  // bars lie between two events of a client; one that has no end yet goes up to now.
  #bars(client, begin, end, now, kind, text) {
    const ends = this.#times(client, end);
    return this.#times(client, begin).map((from, i) => {
      const to = ends[i] ?? now;
      return { from, to, kind, text: `${text}: ${Math.round(to - from)} ms` };
    });
  }

  #summary(end) {
    const waits = clients.flatMap((_, client) => client === 0 ? [] : this.#bars(client, "asks", "answered", end, "", "").map((bar) => bar.to - bar.from));
    if (this.events.some((event) => event.what === "fails")) return "A connection has failed: this machine is very busy, perhaps.";
    return `Longest wait for an answer: ${shown(Math.max(...waits))} ms.`;
  }
}

function shown(milliseconds) {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}

picture("models", async (stage) => {
  const panels = models.map((name) => new Panel(name));
  const buttons = panels.map((panel) => {
    const button = element("button", { type: "button" }, panel.name);
    button.addEventListener("click", () => { if (!running) stage.attempt(() => run([panel])); });
    return button;
  });
  let running = false;
  // The buttons are not disabled meanwhile: that would take the focus away from the one that was pressed.
  const setRunning = (is) => { running = is; for (const button of buttons) button.setAttribute("aria-disabled", is); };
  const legend = [["waits", "waits for an answer"], ["serves", "a handler has the connection"], ["answer", "an answer"]];
  const nodes = [
    element("p", { class: "again" }, "Run again: ", ...buttons),
    element("ul", { class: "legend" }, ...legend.map(([kind, text]) => element("li", { class: kind }, text))),
    element("div", { class: "models" }, ...panels.map((panel) => panel.node)),
  ];

  async function run(some, heard) {
    setRunning(true);
    try {
      for (const panel of some) {
        stage.say(`Running: ${panel.name}…`);
        await panel.run(heard);
        stage.say(`${panel.name}: ${panel.summary.textContent}`);
      }
    } finally {
      setRunning(false);
    }
  }

  // The first run is part of the start: if nobody is there, the still picture stays.
  await run(panels.slice(0, 1), () => stage.show(...nodes));
  stage.attempt(() => run(panels.slice(1)));
});

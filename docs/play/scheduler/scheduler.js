// The reader is the scheduler. The page keeps which program it is and what was chosen so far; the server plays
// that from the beginning, and says what can come next. docs/play/scheduler has the other half.

import { picture, ask, element } from "./play.js";
import { drawLanes } from "./scheduler-lanes.js";

const saved = "docs/play/scheduler/saved_test.go";
const legend = "A thick line: the task is in the queue. Dashed: it waits for a call of its waker. A bar: it is polled. " +
  "An arrow: a waker is called. Shaded: the worker sleeps.";

class View {
  choices = [];  // the lanes that were chosen, in order
  answer = null; // of the server, for these
  #drawn = 0;    // for which width of the box
  #asked = 0;    // how many questions there were: only the answer to the last one counts

  constructor(stage) {
    this.stage = stage;
    const button = (text, work) => {
      const made = element("button", { type: "button" }, text);
      made.addEventListener("click", () => stage.attempt(work));
      return made;
    };
    this.program = element("select", {});
    this.program.addEventListener("change", () => stage.attempt(() => this.play([], this.program.value)));
    this.back = button("Take back", () => this.takeBack());
    this.restart = button("Start again", () => this.play([]));
    this.search = button("Let the explorer search", () => this.find());
    this.about = element("p", { class: "about" });
    this.found = element("p", { class: "found", role: "status" }); // where the button is: the bar below the picture is far away
    this.next = element("div", { class: "next", role: "group", "aria-label": "What happens next?", tabindex: -1 });
    this.last = element("p", { class: "last", role: "status" });
    this.queue = element("p", { class: "queue" });
    this.box = element("div", { class: "lanes-box", tabindex: 0, role: "region", "aria-label": "the lanes" });
    this.steps = element("ol", { start: 0 });
    this.file = element("code", {});
    this.source = element("pre", { class: "source", tabindex: 0, "aria-label": "the program" });
    this.test = element("pre", { class: "test", tabindex: 0, "aria-label": "the test" });
    this.copy = button("Copy", () => this.copyTest());
    this.download = button("Download", () => this.downloadTest());
  }

  // nodes is the whole picture.
  nodes() {
    const root = element("div", { class: "scheduler" },
      element("label", {}, "Program ", this.program),
      this.about,
      element("div", { class: "tools" }, this.back, this.restart, this.search), this.found,
      this.next, this.last,
      element("div", { class: "sides" },
        element("div", {}, this.box, this.queue, element("p", { class: "legend" }, legend)),
        element("div", {}, element("p", { class: "file" }, this.file), this.source)),
      element("details", {}, element("summary", {}, "All steps in words"), this.steps),
      element("details", { class: "save" }, element("summary", {}, "Save as a test"),
        element("p", {}, "Keep this as ", element("code", {}, saved), ", and run ",
          element("code", {}, "go test -run=Saved ./docs/play/scheduler"), ". It plays the same steps again."),
        this.test, element("p", { class: "tools" }, this.copy, this.download)),
      element("p", { class: "keys" }, "Keys, when the picture has the focus: 1 to 9 choose, Backspace takes the last step back, r starts again."));
    root.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => requestAnimationFrame(() => { if (this.box.clientWidth !== this.#drawn) this.draw(); })).observe(this.box);
    return [root];
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("select")) return;
    const choice = /^[1-9]$/.test(event.key) ? this.answer.choices[Number(event.key) - 1] : undefined;
    const work = {
      Backspace: () => this.takeBack(),
      r: () => this.play([]),
    }[event.key] ?? (choice && (() => this.play([...this.choices, choice.name])));
    if (!work) return;
    event.preventDefault();
    event.stopPropagation(); // the book has keys, too
    this.stage.attempt(work);
  }

  async takeBack() {
    if (this.choices.length > 0) await this.play(this.choices.slice(0, -1));
  }

  // play asks the server for a run, and shows it. What it refuses is thrown, and nothing changes.
  async play(choices, program = this.answer.program.name) {
    const asked = ++this.#asked;
    const answer = await ask("/live/scheduler", { program, choices });
    if (asked !== this.#asked) return; // the reader was faster
    this.choices = choices;
    this.answer = answer;
    this.stage.say("");
    this.found.textContent = "";
    this.show();
  }

  async find() {
    const asked = ++this.#asked;
    const { choices, says } = await ask("/live/scheduler/search", { program: this.answer.program.name });
    if (asked !== this.#asked) return;
    if (choices.length > 0) await this.play(choices);
    this.found.textContent = says;
  }

  show() {
    const { answer } = this;
    const focused = this.next.contains(document.activeElement) || document.activeElement === document.body;
    this.program.replaceChildren(...answer.programs.map(({ name, title }) => element("option", { value: name }, title)));
    this.program.value = answer.program.name;
    this.about.textContent = answer.program.about;
    this.file.textContent = answer.program.file;
    this.source.textContent = answer.program.source;
    this.test.textContent = answer.test;
    this.back.disabled = this.restart.disabled = this.choices.length === 0;

    this.next.replaceChildren(...answer.choices.map(({ name, label }, i) => {
      const button = element("button", { type: "button" }, element("kbd", {}, String(i + 1)), " " + label);
      button.addEventListener("click", () => this.stage.attempt(() => this.play([...this.choices, name])));
      return button;
    }));
    if (answer.choices.length === 0) this.next.append(element("span", {}, "Nothing more can happen."));
    if (focused) this.next.focus({ preventScroll: true }); // the button that had it is gone

    const now = answer.rows.at(-1);
    this.last.replaceChildren(element("b", {}, this.choices.length === 0 ? "At first" : `Step ${this.choices.length}`), ` ${now.text.join(" ")}`);
    this.last.dataset.state = answer.state;
    if (answer.verdict) this.last.append(" ", element("strong", {}, answer.verdict[0].toUpperCase() + answer.verdict.slice(1)));
    this.queue.textContent = "In the queue: " + (answer.queue.join(", ") || "nobody");
    this.steps.replaceChildren(...answer.rows.map((row) => element("li", {}, [row.lane < 0 ? "" : answer.lanes[row.lane].name, row.label].filter(Boolean).join(": ") + ". " + row.text.join(" "))));
    this.draw();
  }

  draw() {
    if (!this.box.isConnected) return;
    this.#drawn = this.box.clientWidth;
    drawLanes(this.box, this.answer);
  }

  async copyTest() {
    await navigator.clipboard.writeText(this.answer.test);
    this.stage.say("Copied.");
  }

  downloadTest() {
    const address = URL.createObjectURL(new Blob([this.answer.test], { type: "text/plain" }));
    element("a", { href: address, download: "saved_test.go" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser has read it by then
  }
}

picture("scheduler", async (stage) => {
  const view = new View(stage);
  await view.play([], ""); // throws if nobody is there, before the still picture goes
  stage.show(...view.nodes());
  view.draw();
  view.next.focus({ preventScroll: true });
});

// The chat of step 4: four terminals, the ring with everybody's position, and one reader who can be
// made slow. All that is drawn comes from the server's views; see view.go for what they hold.
import { picture, ask, follow, element, drawn, calm } from "./play.js";
import { Ring } from "./chat-ring.js";
import { Terminal } from "./chat-terminal.js";

const slow = 3; // the terminal with the slider
const paces = [
  { lines: 0, text: "nothing: it is stopped" },
  { lines: 1, text: "1 line a second" },
  { lines: 5, text: "5 lines a second" },
  { lines: 20, text: "20 lines a second" },
  { lines: 1000, text: "as fast as it can" },
];

picture("chat", begin);

async function begin(stage) {
  const leaving = new AbortController();
  addEventListener("pagehide", () => leaving.abort(), { once: true });
  let room = null;
  await new Promise((begun, failed) => {
    follow("/live/chat", {}, (view) => {
      if (room === null) {
        room = new Room(stage, view);
        begun();
      }
      room.see(view);
    }, leaving.signal).then(() => room ? room.end("The room has ended.") : failed(new Error("The room ended at once.")),
      (error) => room ? room.end(error.message) : failed(error));
  });
}

// A Room is what is drawn of one room.
class Room {
  constructor(stage, view) {
    this.stage = stage;
    this.id = view.id;
    this.ring = new Ring(view);
    this.terminals = view.terminals.map((t, i) => new Terminal(t.name, (what) => this.do({ ...what, terminal: i })));
    this.flood = element("button", { type: "button" });
    this.flood.addEventListener("click", () => this.do({ do: this.flooding ? "calm" : "flood", terminal: 0 }));
    this.news = element("p", { class: "chat-news", role: "status" });
    this.invitation = element("p", { class: "note" });
    this.rows = view.terminals.map((t) => element("tr", {}, element("th", { scope: "row" }, t.name), ...Array.from({ length: 5 }, () => element("td"))));
    const heads = ["", "sees next", "behind", "under way", "read", "missed"];
    const table = element("div", { class: "table" }, element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...this.rows)));
    stage.show(element("div", { class: "chat" },
      element("div", { class: "chat-controls" }, this.flood, this.slider(view)),
      element("div", { class: "chat-ring" }, this.ring.drawing, element("div", {}, table,
        element("p", { class: "note chat-key" }, "Under way is what has left the ring and was not read: it is with the client's writer, and in the kernel's buffers. Missed is what the server has told the client."))),
      this.news,
      element("div", { class: "chat-terminals" }, ...this.terminals.map((t) => t.box)),
      this.invitation));
  }

  slider(view) {
    const name = view.terminals[slow].name;
    const range = element("input", { type: "range", min: 0, max: paces.length - 1, step: 1 });
    const shown = element("output");
    const tell = () => {
      const { text } = paces[range.value];
      range.setAttribute("aria-valuetext", text);
      shown.textContent = text;
    };
    range.value = paces.length - 1;
    tell();
    range.addEventListener("input", () => {
      tell();
      this.do({ do: "pace", terminal: slow, lines: paces[range.value].lines });
    });
    return element("label", {}, `${name} reads `, range, " ", shown);
  }

  do(action) {
    return this.stage.attempt(() => ask(`/live/chat/${this.id}`, action));
  }

  // see takes what has come. Who wants no motion sees it twice a second, not twenty times.
  see(view) {
    view.terminals.forEach((t, i) => this.terminals[i].hear(t));
    this.view = view;
    if (!calm()) {
      this.draw();
    } else {
      this.later ??= setTimeout(() => { this.later = undefined; this.draw(); }, 500);
    }
  }

  draw() {
    const view = this.view;
    this.flooding = view.flooding > 0;
    this.flood.textContent = this.flooding ? `Stop the flood (${view.flooding} lines left)` : `Let ${view.terminals[0].name} flood the room`;
    this.ring.draw(view);
    view.terminals.forEach((t, i) => {
      this.terminals[i].draw(t);
      const behind = view.end - t.next;
      const lost = Math.max(0, behind - view.capacity);
      this.rows[i].classList.toggle("overtaken", t.open && lost > 0);
      const cells = !t.open ? ["-", "-", "-", "-", "-"] : [
        t.next, lost > 0 ? `${behind}, ${lost} of them overwritten` : behind, t.under, t.read, t.told];
      cells.forEach((text, k) => { this.rows[i].cells[k + 1].textContent = text; });
    });
    const [host, port] = view.address.split(":");
    this.invitation.textContent = `Or come from a terminal of your own: nc ${host} ${port}` +
      (view.guests?.length ? ` (${view.guests.length} from outside here now)` : "");
    this.tell(view);
  }

  // tell says in words what has happened to the slow one.
  tell(view) {
    const t = view.terminals[slow], before = this.told;
    const overtaken = t.open && view.end - t.next > view.capacity;
    this.told = { told: t.told, overtaken, open: t.open };
    if (!before) return;
    if (before.open && !t.open) this.news.textContent = `${t.name} was cut off: what the server wrote was not read for half a minute.`;
    else if (t.open && t.told > before.told) this.news.textContent = `${t.name} was told that it missed ${t.told - before.told} messages, and goes on with the oldest one that is left.`;
    else if (overtaken && !before.overtaken) this.news.textContent = `${t.name} was overtaken: the message that it should see next is overwritten. Nobody waits for it.`;
  }

  end(why) {
    clearTimeout(this.later);
    const again = element("button", { type: "button", class: "start" }, "Begin another room");
    again.addEventListener("click", () => {
      again.disabled = true;
      this.stage.attempt(() => begin(this.stage)).finally(() => { again.disabled = false; });
    });
    this.stage.show(again);
    this.stage.say(why);
  }
}

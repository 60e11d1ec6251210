// The ring of the broadcast channel: a slot for each message that is kept, and around it a track for each
// receiver, with what it has still to see.
import { drawn } from "./play.js";

const size = 380, middle = size / 2;
const inner = 62, outer = 104; // of the slots
const track = (i) => 120 + i * 18;

function at(radius, turn) {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return [middle + radius * Math.cos(angle), middle + radius * Math.sin(angle)].map((x) => Math.round(x * 10) / 10);
}

function arc(radius, from, to) {
  return `A ${radius} ${radius} 0 ${Math.abs(to - from) > .5 ? 1 : 0} ${to > from ? 1 : 0} ${at(radius, to).join(" ")}`;
}

export class Ring {
  constructor({ capacity, terminals }) {
    this.slots = Array.from({ length: capacity }, (_, i) => {
      const from = i / capacity, to = (i + 1) / capacity;
      const shape = drawn("path", { class: "slot", d: `M ${at(inner, from)} L ${at(outer, from)} ${arc(outer, from, to)} L ${at(inner, to)} ${arc(inner, to, from)} Z` });
      const [x, y] = at((inner + outer) / 2, (i + .5) / capacity);
      return { shape, number: drawn("text", { class: "number", x, y: y + 4, "text-anchor": "middle" }) };
    });
    this.sender = drawn("path", { class: "sender" });
    this.middle = drawn("text", { class: "end", x: middle, y: middle + 10, "text-anchor": "middle" });
    this.receivers = terminals.map((t, i) => ({
      unseen: drawn("path", { class: `unseen t${i}` }),
      mark: drawn("g", { class: `receiver t${i}` }, drawn("circle", { r: 8.5 }), drawn("text", { y: 4, "text-anchor": "middle" }, t.name)),
    }));
    this.drawing = drawn("svg", { class: "ring", viewBox: `0 0 ${size} ${size}`, role: "img" },
      ...this.slots.flatMap((s) => [s.shape, s.number]),
      drawn("text", { class: "label", x: middle, y: middle - 12, "text-anchor": "middle" }, "next:"),
      this.middle, this.sender,
      ...terminals.map((_, i) => drawn("circle", { class: "track", cx: middle, cy: middle, r: track(i) })),
      ...this.receivers.flatMap((r) => [r.unseen, r.mark]));
  }

  draw({ capacity, end, terminals }) {
    const open = terminals.filter((t) => t.open);
    const slowest = Math.min(end, ...open.map((t) => t.next));
    this.slots.forEach((slot, i) => {
      // The newest message that is in this slot, if there ever was one.
      const number = end - 1 - ((end - 1 - i) % capacity + capacity) % capacity;
      slot.number.textContent = number >= 0 ? number : "";
      slot.shape.setAttribute("class", `slot ${number < 0 ? "empty" : number >= slowest ? "held" : "seen"}`);
    });
    this.middle.textContent = end;
    const turn = (n) => (n % capacity + .5) / capacity;
    this.sender.setAttribute("d", `M ${at(inner - 4, turn(end))} L ${at(inner - 15, turn(end) - .02)} L ${at(inner - 15, turn(end) + .02)} Z`);
    this.receivers.forEach((receiver, i) => this.place(receiver, i, terminals[i], end, capacity));
    this.drawing.setAttribute("aria-label", `The ring of ${capacity} slots; the next message is number ${end}. ` +
      open.map((t) => `${t.name} sees number ${t.next} next`).join(", ") + ".");
  }

  // place puts a receiver where it stands. One that was overtaken stands at a slot that holds another message by now.
  place({ unseen, mark }, i, t, end, capacity) {
    mark.classList.toggle("away", !t.open);
    unseen.classList.toggle("away", !t.open);
    if (!t.open) return;
    const behind = end - t.next, overtaken = behind > capacity, radius = track(i);
    const start = (t.next % capacity + .5) / capacity;
    mark.setAttribute("transform", `translate(${at(radius, start).join(" ")})`);
    mark.classList.toggle("overtaken", overtaken);
    unseen.classList.toggle("overtaken", overtaken);
    const length = Math.min(behind / capacity, .999);
    unseen.setAttribute("d", `M ${at(radius, start).join(" ")} ${arc(radius, start, start + length)}`);
  }
}

// Who is here, and which rooms there are. Events tell of most changes; the server is asked for the rest: /who and
// /rooms, at most once a second each, and their answers are not shown.

import { make, named } from "./log.js";

const lobby = "#lobby";
const askAgain = 1000;        // ms between two questions of one kind
const refresh = 10_000;       // ms: what changes in other rooms comes in no event
const typedAnswer = 5000;     // ms within which the answer to what was typed must come

export class Company {
  people = new Set();
  count = 0;
  rooms = new Map(); // from the name to how many are there
  #asked = {};       // when, by question
  #planned = {};     // timers, by question
  #typed = {};       // until when the answer to what was typed may come, by question

  // ask(question) asks the server; state() returns who and where the page is.
  constructor({ ask, state, onPick }) {
    Object.assign(this, { ask, state, onPick });
    setInterval(() => { if (!document.hidden) this.refresh(); }, refresh);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  // refresh asks for everything, soon.
  refresh() { for (const question of ["/who", "/rooms"]) this.#plan(question); }

  #plan(question) {
    const wait = (this.#asked[question] ?? 0) + askAgain - Date.now();
    this.#planned[question] ??= setTimeout(() => {
      this.#planned[question] = undefined;
      this.#asked[question] = Date.now();
      this.ask(question);
    }, Math.max(0, wait));
  }

  // typed says that somebody has asked the question: then the next answer is to be shown.
  typed(question) { this.#typed[question] = Date.now() + typedAnswer; }

  #shown(question) {
    const shown = Date.now() < (this.#typed[question] ?? 0);
    this.#typed[question] = 0;
    return shown;
  }

  entered(event) {
    this.people = new Set([this.state().me]);
    this.count = event.count;
    this.refresh();
  }

  joined(event) {
    this.people.add(event.from);
    this.count++;
    this.#plan("/rooms");
  }

  left(event) {
    this.people.delete(event.from);
    this.count = Math.max(1, this.count - 1);
    this.#plan("/rooms");
  }

  renamed(from, to) {
    if (this.people.delete(from)) this.people.add(to);
  }

  // members takes an answer to /who. It returns whether that is to be shown.
  members(event) {
    if (event.room !== this.state().room) return true;
    this.people = new Set(event.names);
    this.count = event.count;
    return this.#shown("/who");
  }

  // list takes an answer to /rooms: "#lobby (3)". It returns whether that is to be shown. The lobby is left out of it when nobody
  // is there, but one can always go back.
  list(event) {
    this.rooms = new Map((event.names ?? []).map((text) => {
      const [, room, count] = /^(.*) \((\d+)\)$/.exec(text) ?? [, text, ""];
      return [room, Number(count)];
    }));
    if (!this.rooms.has(lobby)) this.rooms.set(lobby, 0);
    return this.#shown("/rooms");
  }

  // draw shows all this.
  draw({ rooms, people, more, count }) {
    const { me, room } = this.state();
    const all = new Map(this.rooms);
    if (room) all.set(room, this.count);
    rooms.replaceChildren(...[...all].map(([name, people]) => {
      const link = make("a", "", make("bdi", "", name), make("span", "", String(people), make("span", "hidden", " people")));
      link.href = `#${encodeURIComponent(name.slice(1))}`;
      if (name === room) link.ariaCurrent = "page";
      return make("li", "", link);
    }));
    const names = [...this.people].sort((a, b) => a.localeCompare(b));
    people.replaceChildren(...names.map((name) => {
      const button = make("button", "", named(name), name === me ? make("span", "", "you") : "");
      button.type = "button";
      button.title = name === me ? "Change your name" : `Say something to ${name} alone`;
      button.addEventListener("click", () => this.onPick(name));
      return make("li", "", button);
    }));
    const others = this.count - names.length;
    more.textContent = others > 0 ? `and ${others} more` : "";
    count.textContent = this.count === 1 ? "you alone" : this.count > 0 ? `${this.count} people` : "";
  }
}

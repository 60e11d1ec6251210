// What can be typed: commands, and the ends of words.

export const commands = [
  ["nick", "NAME", "be called NAME"],
  ["join", "ROOM", "go to a room; it is made if there is none"],
  ["leave", "", "go back to #lobby"],
  ["rooms", "", "list the rooms"],
  ["who", "[ROOM]", "list who is here, or in another room"],
  ["me", "TEXT", "say what you do: /me waves"],
  ["msg", "NAME TEXT", "say something to one person alone"],
  ["history", "[N]", "show the last N messages of the room"],
  ["mute", "", "hide who comes and goes; again to show it"],
  ["ignore", "NAME", "hide what somebody says; again to show it"],
  ["help", "", "this list"],
  ["quit", "", "leave"],
].map(([name, usage, help]) => ({ name, usage: `/${name} ${usage}`.trim(), help }));

// command returns the name of the command that a line is; "" if it is none.
export function command(line) {
  return /^\s*\/([^\s/]+)/.exec(line)?.[1].toLowerCase() ?? "";
}

// A Completer completes the word before the caret. candidates() returns names and rooms.
export class Completer {
  #round; // the words that fit, and which of them stands there now

  constructor(input, candidates) {
    Object.assign(this, { input, candidates });
    input.addEventListener("input", () => { this.#round = undefined; });
    input.addEventListener("blur", () => { this.#round = undefined; });
  }

  // next puts in the next word that fits. It returns false if there is none: then Tab is what it always is.
  next(step) {
    if (!this.#round && !this.#begin()) return false;
    const round = this.#round;
    round.at = (Math.max(round.at, step > 0 ? -1 : 0) + step + round.words.length) % round.words.length;
    const word = round.words[round.at];
    this.input.setRangeText(word, round.from, round.to, "end");
    round.to = round.from + word.length;
    return true;
  }

  #begin() {
    const caret = this.input.selectionEnd;
    const before = this.input.value.slice(0, caret);
    const from = before.search(/\S+$/);
    if (from < 0) return false;
    const typed = before.slice(from).toLowerCase();
    const { people, rooms } = this.candidates();
    let words = people.map((name) => name + (from === 0 ? ": " : " "));
    if (typed[0] === "/" && from === 0) words = commands.map((c) => `/${c.name} `);
    if (typed[0] === "#" || /^\/join\s+$/i.test(before.slice(0, from))) words = rooms.map((room) => `${room} `);
    const bare = (word) => word.toLowerCase().replace(typed[0] === "#" ? "" : /^#/, "");
    words = words.filter((word) => bare(word).startsWith(typed));
    if (words.length === 0) return false;
    this.#round = { words, at: -1, from, to: caret };
    return true;
  }
}

// Said is what was typed before, for the arrow keys.
export class Said {
  #texts = [];
  #at = 0;
  #draft = "";

  add(text) {
    if (this.#texts.at(-1) !== text) this.#texts.push(text);
    this.#texts = this.#texts.slice(-100);
    this.#at = this.#texts.length;
  }

  // move returns the text a step back (-1) or forth (1); undefined if there is none. now is what stands there.
  move(step, now) {
    const to = this.#at + step;
    if (to < 0 || to > this.#texts.length) return undefined;
    if (this.#at === this.#texts.length) this.#draft = now;
    this.#at = to;
    return to === this.#texts.length ? this.#draft : this.#texts[to];
  }
}

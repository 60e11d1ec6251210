// What has been said, as lines of the page. Texts become text nodes, never HTML.

const mostLines = 1000; // older ones are removed
const nearBottom = 60;  // pixels: so near is at the bottom
const together = 5 * 60_000; // messages of one person within that time have one heading

// make makes an element with a class and what is in it: nodes and texts.
export function make(tag, className, ...inside) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

// named makes a name in its colour. bdi keeps a name of another direction from turning what stands around it.
export function named(name) {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return make("bdi", `name-${hash % 8}`, name);
}

// linked makes nodes of a text: links where it has addresses of the web.
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/).map((part, i) => {
    if (i % 2 === 0) return part;
    const link = make("a", "", part);
    Object.assign(link, { href: part, target: "_blank", rel: "noopener noreferrer" });
    return link;
  });
}

export class Log {
  unseen = 0;
  #element; #button; #onSeen;
  #waiting = []; // lines that are not shown yet
  #stuck = true; // the newest line is in sight
  #fresh;        // the line above what is new
  #last = {};    // the message before: who and when
  #day = "";
  #moves; // the last line, if it says who has come and gone

  constructor(element, button, onSeen) {
    [this.#element, this.#button, this.#onSeen] = [element, button, onSeen];
    element.addEventListener("scroll", () => {
      this.#stuck = element.scrollHeight - element.scrollTop - element.clientHeight < nearBottom;
      this.#look();
    }, { passive: true });
    document.addEventListener("visibilitychange", () => this.#look());
    new ResizeObserver(() => { if (this.#stuck) this.#toBottom(); }).observe(element);
    button.addEventListener("click", () => this.jump());
  }

  // message adds what somebody has said. fresh says that it may be news to whoever sits here.
  message(event, { own, me, fresh, again }) {
    if (fresh && !own) this.#mark();
    this.#dayOf(event.time);
    const whisper = event.kind === "whispered";
    const key = whisper ? `${event.from}>${event.to}` : event.from;
    const first = this.#last.key !== key || event.time - this.#last.time > together;
    this.#last = { key, time: event.time };
    const who = make("div", first ? "who" : "who hidden", named(event.from));
    if (whisper) who.append(" to ", event.to === me ? "you" : named(event.to), ", privately");
    const text = make("div", "text", ...linked(event.text));
    text.dir = "auto";
    const line = make("div", `message${own ? " own" : ""}${first ? " first" : ""}${whisper ? " whisper" : ""}${again ? " again" : ""}`,
      who, make("div", "bubble", text, clock(event.time)));
    this.#add(line);
  }

  // did adds what somebody does, as /me says it.
  did(event, { own, fresh, again }) {
    if (fresh && !own) this.#mark();
    this.#dayOf(event.time);
    const text = make("span", "", ...linked(event.text));
    text.dir = "auto";
    this.#part(make("div", again ? "did again" : "did", named(event.from), " ", text, clock(event.time)));
  }

  // note adds a line that nobody has said.
  note(className, ...inside) { this.#part(make("div", `note ${className}`, ...inside)); }

  // moved adds that somebody has come, left or changed the name. What comes together shares a line, up to some length.
  moved(...inside) {
    const line = this.#moves;
    if (line && line.childElementCount < 12) {
      line.append(make("span", "", ...inside));
      return;
    }
    this.note("moves", make("span", "", ...inside));
    this.#moves = this.#waiting.at(-1);
  }

  // rule adds a line across the page.
  rule(text) { this.#part(make("div", "rule", text)); }

  // clear removes all but what was said privately: that is in no room's history.
  clear() {
    this.show();
    for (const line of [...this.#element.children]) {
      if (!line.classList.contains("whisper")) line.remove();
    }
    [this.#last, this.#day, this.#fresh, this.#moves] = [{}, "", undefined, undefined];
    [this.unseen, this.#stuck] = [0, true];
    this.#look();
  }

  // show puts what waits on the page, in one go.
  show() {
    this.#element.append(...this.#waiting);
    this.#waiting = [];
    while (this.#element.childElementCount > mostLines) this.#element.firstElementChild.remove();
    if (this.#stuck) this.#toBottom(); // a line may have grown
    this.#look();
  }

  // jump goes to the newest message.
  jump() {
    this.#stuck = true;
    this.#toBottom();
    this.#look();
  }

  #toBottom() { this.#element.scrollTop = this.#element.scrollHeight; }

  #add(line) {
    this.#moves = undefined;
    this.#waiting.push(line);
    if (this.#waiting.length > 2 * mostLines) this.#waiting.splice(0, mostLines);
  }

  #part(line) {
    this.#last = {};
    this.#add(line);
  }

  // mark counts a message that nobody may have seen, and draws the line above the first of them.
  #mark() {
    if (!document.hidden && this.#stuck) return;
    if (this.unseen++ > 0) return;
    this.#fresh?.remove();
    this.#fresh = make("div", "rule fresh", "new messages");
    this.#part(this.#fresh);
  }

  // look takes notice of what is in sight now.
  #look() {
    if (!document.hidden && this.#stuck) this.unseen = 0;
    this.#button.hidden = this.#stuck;
    this.#button.textContent = this.unseen ? `↓ ${this.unseen} new` : "↓ Newest";
    this.#onSeen();
  }

  #dayOf(time) {
    const day = new Date(time).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
    if (this.#day && day !== this.#day) this.rule(day);
    this.#day = day;
  }
}

function clock(time) {
  const date = new Date(time);
  const element = make("time", "", date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }));
  element.dateTime = date.toISOString();
  element.title = date.toLocaleString();
  return element;
}

// The chat's page: it puts the pieces together. log.js is what was said, company.js who is here, words.js what
// can be typed, connection.js the WebSocket.

import { Company } from "./company.js";
import { Connection } from "./connection.js";
import { Log, make } from "./log.js";
import { Completer, Said, command, commands } from "./words.js";

const $ = (id) => document.getElementById(id);
const input = $("input"), banner = $("banner"), nameDialog = $("name-dialog"), help = $("help");
const mostBytes = 60_000; // of a message: the server takes no larger one

// What the page remembers as long as its tab lives.
const memory = {
  get(key) { try { return sessionStorage.getItem(key) ?? ""; } catch { return ""; } },
  set(key, value) { try { sessionStorage.setItem(key, value); } catch { /* then it forgets */ } },
};

const state = {
  me: "", room: "",
  newest: 0,        // the ID of the last message seen in the room
  since: 0,         // the same, when it was entered: what was said before is asked for from there
  fresh: true,      // nothing has come on this connection yet
  wanted: memory.get("name"),
  entrance: decodeURIComponent(safe(location.hash)) || memory.get("room"), // the room to begin in
  history: false,   // /history was typed, and is not answered yet
  again: 0,         // the ID of the last message of its answer; 0 when that has come
  old: 0,           // the ID of the last message that was said before one came in
};

// safe returns a part of an address, or nothing if it can't be decoded.
function safe(part) {
  try { decodeURIComponent(part); return part; } catch { return ""; }
}

const log = new Log($("log"), $("bottom"), drawTitle);
const company = new Company({
  ask: (question) => connection.ask(question),
  state: () => state,
  onPick(name) {
    if ($("side").matches(":popover-open")) $("side").hidePopover();
    if (name === state.me) return askName();
    input.value = `/msg ${name} `;
    typing();
    input.focus();
  },
});

/* What comes from the server */

const show = {
  named(event) {
    const before = state.me;
    state.me = event.to;
    company.renamed(before, state.me);
    $("name").textContent = state.me;
    nameDialog.querySelector(".name").textContent = state.me;
    if (!state.fresh) {
      log.note("", "You are now called ", make("bdi", "", state.me));
      state.wanted = state.me;
      memory.set("name", state.me);
    } else if (state.wanted && state.wanted !== state.me) {
      reclaim(0);
    }
    state.fresh = false;
  },
  entered(event) {
    const back = event.room === state.room;
    if (!back) {
      log.clear();
      state.newest = state.again = state.old = 0;
    }
    state.since = state.newest;
    state.room = event.room;
    memory.set("room", state.room);
    history.replaceState(null, "", `#${encodeURIComponent(state.room.slice(1))}`);
    $("room").textContent = state.room;
    company.entered(event);
    log.note("", back ? "You are back in " : "You are in ", make("bdi", "", state.room), event.count > 1 ? "" : ", alone");
  },
  earlier(event) {
    if (state.history) {
      log.rule(`the last ${plural(event.count, "message")} again`);
      state.again = event.id;
      state.history = false;
      return;
    }
    state.old = event.id;
    if (state.since > 0) log.rule(`you missed ${plural(event.count, "message")} while you were away`);
    else if (state.newest > 0) log.rule(`${plural(event.count, "message")} said before you came`);
  },
  said(event) { spoken(event, (options) => log.message(event, options)); },
  did(event) { spoken(event, (options) => log.did(event, options)); },
  whispered(event) { log.message(event, { own: event.from === state.me, me: state.me, fresh: true }); },
  joined(event) {
    company.joined(event);
    log.moved(make("bdi", "", event.from), " has come");
  },
  left(event) {
    company.left(event);
    log.moved(make("bdi", "", event.from), " has left");
  },
  renamed(event) {
    company.renamed(event.from, event.to);
    log.moved(make("bdi", "", event.from), " is now called ", make("bdi", "", event.to));
  },
  gathered(event) {
    company.refresh();
    log.moved(event.text);
  },
  missed(event) { log.note("lost", `You missed ${plural(event.count, "message")}: they came faster than this page could read`); },
  members(event) {
    if (company.members(event)) log.note("answer", `${event.count} in `, make("bdi", "", event.room), ": ", ...list(event));
  },
  rooms(event) {
    if (company.list(event)) log.note("answer", `${plural(event.count, "room")}: `, ...list(event));
  },
  notice(event) {
    if (reclaiming && event.text.startsWith("you can't be called that")) return;
    if (/^nothing is remembered/.test(event.text)) state.history = false;
    log.note("answer", table(event.text));
  },
};

// table makes a list of what has two columns, as the answer to /help has.
function table(text) {
  const rows = text.split("\n").map((line) => line.split(/ {2,}/));
  if (rows.length === 1 || rows.some((row) => row.length !== 2)) return text;
  return make("dl", "", ...rows.flatMap(([usage, help]) => [make("dt", "", usage), make("dd", "", help)]));
}

// spoken decides how a message is shown: one that was seen already is not, unless /history asked for it. With several servers
// what was said before one came can come when something was said since.
function spoken(event, add) {
  const own = event.from === state.me;
  if (event.id > state.newest) {
    state.newest = event.id;
    state.again = 0;
    add({ own, fresh: event.id > state.old });
  } else if (event.id <= state.again || (event.id > state.since && event.id <= state.old)) {
    add({ own, again: true });
    if (event.id === (state.again || state.old)) {
      log.rule("until now");
      state.again = 0;
    }
  }
}

function list(event) {
  const names = (event.names ?? []).flatMap((name, i) => [i > 0 ? ", " : "", make("bdi", "", name)]);
  const more = event.count - (event.names ?? []).length;
  return more > 0 ? [...names, ` and ${more} more`] : names;
}

function plural(n, what) { return n === 1 ? `1 ${what}` : `${n} ${what}s`; }

// After a cut the server may still believe in the old connection, which has the name. So ask for it a few times.
let reclaiming;
function reclaim(attempt) {
  const delay = [1000, 5000, 20_000, 60_000][attempt];
  clearTimeout(reclaiming);
  reclaiming = undefined;
  if (!delay) {
    log.note("answer", "Somebody else is called ", make("bdi", "", state.wanted), ": you are ", make("bdi", "", state.me));
    return;
  }
  reclaiming = setTimeout(() => {
    if (state.me === state.wanted || !connection.send(`/nick ${state.wanted}`)) return;
    reclaim(attempt + 1);
  }, delay);
}

/* The connection */

const connection = new Connection({
  url() {
    const query = new URLSearchParams();
    const room = state.room || state.entrance;
    if (state.wanted) query.set("name", state.wanted);
    if (room) query.set("room", room);
    if (state.newest) query.set("since", state.newest);
    return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/chat?${query}`;
  },
  onState(now) {
    state.fresh = true;
    state.history = false;
    banner.hidden = now === "open";
    document.body.dataset.state = now; // for tests
    clearTimeout(reclaiming);
    reclaiming = undefined;
    banner.querySelector("span").textContent = now === "left" ? "You have left." : "Not connected. Trying again…";
    banner.querySelector("button").textContent = now === "left" ? "Come back" : "Now";
  },
  onEvent(event) {
    show[event.kind]?.(event);
    plan();
  },
});
banner.querySelector("button").addEventListener("click", () => {
  connection.retry(true);
  input.focus();
});

// Many events may come together: the page is drawn once for all of them. A hidden page gets no frames.
let planned = false;
function plan() {
  if (planned) return;
  planned = true;
  if (document.hidden) setTimeout(draw, 250);
  else requestAnimationFrame(draw);
}

function draw() {
  planned = false;
  log.show();
  company.draw({ rooms: $("rooms"), people: $("people"), more: $("people-more"), count: $("count") });
  drawTitle();
}

function drawTitle() {
  const unseen = document.hidden && log?.unseen ? `(${log.unseen}) ` : "";
  const title = `${unseen}${state.room || "Chat"}`;
  if (document.title !== title) document.title = title;
}

/* What is typed */

const completer = new Completer(input, () => ({
  people: [...company.people].filter((name) => name !== state.me).sort(),
  rooms: [...company.rooms.keys()],
}));
const said = new Said();

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  say();
  input.focus();
});

function say() {
  const text = input.value;
  if (!text.trim()) return;
  if (new TextEncoder().encode(text).length > mostBytes) {
    log.note("lost", "That is too long for one message");
  } else if (!connection.send(text)) {
    connection.retry();
    log.note("lost", "Not connected: what you have typed stays in its field");
  } else {
    text.split("\n").forEach(expect);
    said.add(text);
    input.value = "";
    typing();
    log.jump();
  }
  plan();
}

// expect looks for commands whose answers the page must know.
function expect(line) {
  const name = command(line);
  switch (name) {
    case "who": return company.typed("/who");
    case "rooms": return company.typed("/rooms");
    case "history": state.history = true; return;
    case "nick": clearTimeout(reclaiming); reclaiming = undefined; return;
    case "quit": connection.leave();
  }
}

// typing shows the commands that may be meant.
function typing() {
  const [, typed, more] = /^\/(\w*)(\s?)/.exec(input.value) ?? [];
  const fit = typed === undefined ? [] : commands.filter((c) => more ? c.name === typed : c.name.startsWith(typed));
  $("hint").hidden = fit.length === 0;
  $("hint").replaceChildren(...fit.map((c) => make("li", "", make("b", "", c.usage), ` ${c.help}`)));
}
input.addEventListener("input", typing);

input.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return; // an input method is at work
  const text = input.value;
  const arrow = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    say();
  } else if (event.key === "Tab" && completer.next(event.shiftKey ? -1 : 1)) {
    event.preventDefault();
    typing();
  } else if (arrow && !event.shiftKey && !text.includes("\n")) {
    const other = said.move(arrow, text);
    if (other === undefined) return;
    event.preventDefault();
    input.value = other;
    typing();
  }
});

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    log.jump();
    input.focus();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey &&
      !event.target.closest("input, textarea, button, a")) {
    input.focus(); // who types means the message field
  }
});

/* Rooms */

// go goes to a room. Its name may stand in an address that comes from somebody else: it must stay one line, and a command.
function go(room) {
  const wanted = room.replace(/\s+/g, " ").replace(/^#?/, "#");
  if ($("side").matches(":popover-open")) $("side").hidePopover();
  if (wanted !== state.room) connection.send(`/join ${wanted}`);
  input.focus();
}

$("rooms").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab is wanted
  event.preventDefault();
  go(decodeURIComponent(link.hash));
});
addEventListener("hashchange", () => go(decodeURIComponent(safe(location.hash))));
$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  const room = $("join-room").value.trim();
  $("join-room").value = "";
  if (room) go(room);
});

/* Dialogs */

function askName() {
  nameDialog.returnValue = "";
  $("name-input").value = /^guest/i.test(state.me) ? "" : state.me;
  nameDialog.showModal();
  $("name-input").select();
}
$("name-open").addEventListener("click", askName);
nameDialog.querySelector("form").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName === "BUTTON") return;
  event.preventDefault(); // Enter would press the first button
  nameDialog.close("ok");
});
nameDialog.addEventListener("close", () => {
  const name = $("name-input").value.trim();
  if (nameDialog.returnValue === "ok" && name && name !== state.me) connection.send(`/nick ${name}`);
  input.focus();
});

for (const c of [...commands, { usage: "//TEXT", help: "say a line that begins with a slash" }]) {
  $("help-commands").append(make("dt", "", c.usage), make("dd", "", c.help));
}
$("help-open").addEventListener("click", () => help.showModal());
help.addEventListener("close", () => input.focus());

input.focus();
if (!state.wanted) askName();

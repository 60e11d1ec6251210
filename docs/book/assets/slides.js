// Slides: moving through them, the presenter's window, and the size at which each one fits.
//
// The class's window and the presenter's, which is the same page with #notes, keep the same
// state. Whichever window changes it tells the other through a channel.

const html = document.documentElement;
const slides = [...document.querySelectorAll(".slide")];
const notes = [...document.querySelectorAll(".note")];
const answers = [...document.querySelectorAll(".slide details")];
const minutes = slides.map((slide) => Number(slide.dataset.minutes));
const isPresenter = location.hash.startsWith("#notes");
const byId = (id) => document.getElementById(id);

// What both windows know. The clock runs since `started` (0: it stands), after it had run for `ran`. It was at zero when the slide
// `from` began: a class may begin in the middle of the chapter.
const state = { slide: slideOf(location.hash), black: false, open: [], clock: { started: 0, ran: 0, from: 0 } };

// slideOf finds the slide that an address names: #slide-5, #notes-5, or a section of the chapter.
function slideOf(hash) {
  const number = /^#(?:slide|notes)-(\d{1,3})$/.exec(hash);
  if (number) return Math.min(Number(number[1]), slides.length - 1);
  const isFrom = (slide) => (slide.dataset.from ?? "").split(" ").some((id) => "#" + encodeURIComponent(id) === hash);
  const at = hash.length > 1 ? slides.findIndex(isFrom) : 0;
  return Math.max(at, 0);
}

// The other window

const channel = new BroadcastChannel("slides " + location.pathname);
const tell = () => channel.postMessage(state);

channel.addEventListener("message", ({ data }) => {
  if (data === "hello") { tell(); return; }
  if (!isState(data)) return;
  Object.assign(state, data);
  show();
});

// Another page of this origin may be an older book.
function isState(data) {
  return Number.isInteger(data?.slide) && data.slide >= 0 && data.slide < slides.length &&
    typeof data.black === "boolean" && Array.isArray(data.open) && data.open.every((i) => Number.isInteger(i)) &&
    Number.isFinite(data.clock?.started) && Number.isFinite(data.clock?.ran) && Number.isInteger(data.clock?.from);
}

// Showing

function show() {
  slides.forEach((slide, i) => {
    slide.classList.toggle("current", i === state.slide);
    slide.classList.toggle("following", i === state.slide + 1);
    notes[i].classList.toggle("current", i === state.slide);
  });
  html.classList.toggle("black", state.black);
  answers.forEach((answer, i) => { answer.open = state.open.includes(i); });
  for (const i of [state.slide, state.slide + 1]) if (slides[i]) fit(slides[i]);
  notes[state.slide].scrollTop = 0;
  history.replaceState(null, "", (isPresenter ? "#notes-" : "#slide-") + state.slide);
  if (!isPresenter) slides[state.slide].focus({ preventScroll: true }); // a screen reader goes along
  const section = slides[state.slide].dataset.section;
  byId("_leave").hash = section ? "#" + section : "";
  showClock();
}

// fit gives a slide the largest size at which nothing must be scrolled. Below the smallest one nobody
// in the last row could read it: a test sees to it that no slide of the book needs that.
const smallest = 0.5, largest = 1.4;

function fit(slide) {
  const content = slide.querySelector(".content");
  if (!content) return;
  const boxes = [content, ...content.querySelectorAll("pre, .table")];
  let fits = smallest, tooLarge = largest + 0.01;
  while (tooLarge - fits > 0.01) {
    const size = (fits + tooLarge) / 2;
    content.style.setProperty("--size", size);
    const all = boxes.every((box) => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight);
    if (all) fits = size;
    else tooLarge = size;
  }
  content.style.setProperty("--size", fits);
}
addEventListener("resize", show);
addEventListener("hashchange", () => goTo(slideOf(location.hash))); // typed, or a link

// Moving

function change(what) {
  Object.assign(state, what);
  show();
  tell();
}

function goTo(slide) {
  slide = Math.min(Math.max(slide, 0), slides.length - 1);
  const begins = state.clock.started === 0 && state.clock.ran === 0 && slide > 0;
  change({ slide, clock: begins ? { started: Date.now(), ran: 0, from: slide } : state.clock, black: false });
}

// forward unfolds an answer first: a class sees the question, answers, and then sees the answer.
function forward() {
  const folded = answers.findIndex((answer) => !answer.open && slides[state.slide].contains(answer));
  if (folded >= 0) change({ open: [...state.open, folded], black: false });
  else goTo(state.slide + 1);
}
const back = () => goTo(state.slide - 1);

answers.forEach((answer, i) => {
  answer.addEventListener("toggle", () => { // by a click
    if (answer.open === state.open.includes(i)) return;
    change({ open: answer.open ? [...state.open, i] : state.open.filter((other) => other !== i) });
  });
});

// Keys

const keysDialog = byId("_keys");
keysDialog.querySelector("button").addEventListener("click", () => keysDialog.close());
byId("_keys-open").addEventListener("click", () => keysDialog.showModal());

function openNotes() {
  const opened = isPresenter || open("#notes-" + state.slide, "presenter", "popup,width=1100,height=800");
  byId("_said").textContent = opened ? "" : "The browser has kept the window from opening.";
}

function toggleTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = (html.dataset.theme ?? (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
  html.dataset.theme = theme;
  try { localStorage.setItem("theme", theme); } catch { /* then it lasts as long as the page */ }
}

function leave() {
  if (!isPresenter) location.href = byId("_leave").href;
}

const keys = {
  ArrowRight: forward, ArrowDown: forward, PageDown: forward, " ": forward,
  ArrowLeft: back, ArrowUp: back, PageUp: back,
  Home: () => goTo(0), End: () => goTo(slides.length - 1),
  b: () => change({ black: !state.black }), ".": () => change({ black: !state.black }),
  s: openNotes, d: toggleTheme, "?": () => keysDialog.showModal(), Escape: leave,
};

// Single letters can be switched off in the book, for those who dictate.
function lettersWork() {
  try { return localStorage.getItem("keys") !== "off"; } catch { return true; }
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || keysDialog.open) return;
  const onControl = event.target instanceof Element && event.target.closest("button, a, summary");
  if (onControl && event.key === " ") return; // it presses the control
  if (event.target.closest?.(".note") && /^Arrow(Up|Down)$/.test(event.key)) return; // it scrolls them
  if (event.key.length === 1 && event.key !== " " && !lettersWork()) return;
  const action = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
  if (!action) return;
  event.preventDefault();
  action();
});

byId("_back").addEventListener("click", back);
byId("_forward").addEventListener("click", forward);
byId("_open-notes").addEventListener("click", openNotes);

// A button that was clicked keeps no focus: the next space would press it again.
addEventListener("click", (event) => {
  if (event.detail > 0 && event.target instanceof Element) event.target.closest(".controls button, .clock button")?.blur();
});

let still = 0;
addEventListener("pointermove", () => {
  html.classList.add("moving");
  clearTimeout(still);
  still = setTimeout(() => html.classList.remove("moving"), 2000);
});

// The clock

const elapsed = () => state.clock.ran + (state.clock.started ? Date.now() - state.clock.started : 0);

function showClock() {
  const actual = elapsed() / 60000;
  const upTo = (slide) => minutes.slice(state.clock.from, slide).reduce((sum, m) => sum + m, 0);
  const before = upTo(state.slide), after = before + minutes[state.slide], all = upTo(slides.length);
  byId("_actual").textContent = Math.floor(actual) + ":" + String(Math.floor(elapsed() / 1000) % 60).padStart(2, "0");
  byId("_planned").textContent = `planned: ${before} to ${after} of ${all} min`;
  const late = Math.round(actual - after), early = Math.round(before - actual);
  const pace = byId("_pace");
  const text = late > 0 ? `${late} min late` : early > 0 ? `${early} min early` : "on time";
  const said = state.clock.started || state.clock.ran ? text : "";
  if (pace.textContent !== said) pace.textContent = said; // or a screen reader would say it each second
  pace.classList.toggle("late", late > 0);
  byId("_pause").textContent = state.clock.started ? "Stop the clock" : "Start the clock";
  const next = slides[state.slide + 1];
  byId("_following").textContent = (state.black ? "The class sees black. " : "") +
    `Slide ${state.slide} of ${slides.length - 1}. ` + (next ? `Next, ${minutes[state.slide + 1]} min:` : "This is the last one.");
}

byId("_pause").addEventListener("click", () => {
  const { started, ran, from } = state.clock;
  change({ clock: started ? { started: 0, ran: elapsed(), from } : { started: Date.now(), ran, from: ran ? from : state.slide } });
});
byId("_reset").addEventListener("click", () => {
  change({ clock: { started: state.clock.started ? Date.now() : 0, ran: 0, from: state.slide } });
});

// Beginning. Who presents sees the answers beside the notes, before the class does.

if (isPresenter) {
  html.classList.add("presenter");
  for (const note of notes) note.tabIndex = 0; // long ones scroll, by keyboard too
  answers.forEach((answer) => {
    const note = notes[slides.findIndex((slide) => slide.contains(answer))];
    const title = document.createElement("h3");
    title.textContent = "Answer";
    note.append(title, ...[...answer.children].slice(1).map((child) => child.cloneNode(true)));
  });
  setInterval(showClock, 1000);
}
addEventListener("beforeprint", () => {
  for (const answer of answers) answer.open = true; // paper can't be unfolded
  slides.forEach(fit);
});
addEventListener("afterprint", show);
show();
channel.postMessage("hello");

// Keeps the page of the progress up to date. The server says that something has changed; then the page is asked for once
// more, and the parts that are other ones now are exchanged. So there is one place that knows how the page
// looks, and it is complete without this script.

const status = document.getElementById("_progress-status");

// Only what is seen listens: a browser opens six connections to a server, and each page that listens takes one.
let events = null;

function listen() {
  if (document.hidden) {
    events?.close();
    events = null;
    return;
  }
  if (events) return;
  events = new EventSource("live/progress/events");
  events.addEventListener("message", (event) => {
    document.dispatchEvent(new CustomEvent("progress", { detail: JSON.parse(event.data) }));
    update();
  });
  events.addEventListener("open", () => say(""));
  events.addEventListener("error", () => say("The book's server can't be reached: this is how it was last. go run ./docs starts it."));
}

function say(text) {
  if (status && status.textContent !== text) status.textContent = text;
}

// One update at a time. What changes meanwhile is taken by one more.
let updating = false, again = false;

async function update() {
  if (updating) {
    again = true;
    return;
  }
  updating = true;
  do {
    again = false;
    try {
      const response = await fetch(location.pathname + location.search);
      if (response.ok) exchange(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch { /* the stream of events says so as well */ }
  } while (again);
  updating = false;
}

function exchange(page) {
  const parts = page.querySelectorAll("[data-part]");
  const names = (nodes) => [...nodes].map((node) => node.dataset.part).join();
  if (names(parts) !== names(document.querySelectorAll("[data-part]"))) {
    location.reload(); // the book was started anew, with other exercises
    return;
  }
  for (const part of parts) {
    const old = document.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (old.dataset.version !== part.dataset.version) replace(old, document.adoptNode(part));
  }
}

// What was unfolded stays unfolded (some of what is new begins so), and the focus stays where it was.
function replace(old, part) {
  const open = new Set([...old.querySelectorAll("details[open]")].map((details) => details.dataset.key));
  for (const details of part.querySelectorAll("details")) details.open ||= open.has(details.dataset.key);
  const focusable = "a, button, summary";
  const focused = [...old.querySelectorAll(focusable)].indexOf(document.activeElement);
  old.replaceWith(part);
  if (focused >= 0) {
    const nodes = part.querySelectorAll(focusable);
    nodes[Math.min(focused, nodes.length - 1)]?.focus({ preventScroll: true });
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button.again") : null;
  if (!button) return;
  button.disabled = true; // the part that comes has a new button
  try {
    const response = await fetch("live/progress/grade", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ exercise: button.dataset.exercise }),
    });
    if (!response.ok) say(`It could not be checked again: ${await response.text()}`);
  } catch { /* the stream of events says so as well */ }
  button.disabled = false;
});

if (document.querySelector("[data-part]")) { // not on the page of a solution
  document.addEventListener("visibilitychange", listen);
  listen();
}

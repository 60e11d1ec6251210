// What all moving pictures share. A picture NAME is a module that names what Start does:
//
//   import { picture, ask, lanes } from "./play.js";
//
//   picture("NAME", async (stage) => {
//     const run = await ask("/live/NAME", { clients: 3 }); // POST, JSON both ways
//     const drawing = document.createElement("div");
//     stage.show(drawing);                                 // now the still picture goes
//     lanes(drawing, { title: "three clients", end: 300, lanes: run.lanes });
//     stage.say("3 clients were served");
//   });
//
// Nothing runs before Start is pressed. What the function throws is shown as text, the still
// picture comes back, and Start can be pressed again; so a picture needs no handling of
// its own for a server that is away. When it returns, the button is gone.
//
//   stage.figure        the figure in the chapter
//   stage.show(...nodes)  these instead of the still picture, or of what was shown last
//   stage.say(text)     the line of status, which a screen reader reads
//   stage.attempt(work) for what a control does later: runs it, and says what it throws
//
// Text from the server becomes text: use textContent, element() or drawn(), never innerHTML.

const unreachable = "The live part can't be reached: it runs in the book's own server, go run ./docs, on the machine of the reader.";

// picture makes every figure of that name startable.
export function picture(name, start) {
  for (const figure of document.querySelectorAll(`figure.play[data-play="${name}"]`)) prepare(figure, start);
}

function prepare(figure, start) {
  const still = [...figure.childNodes];
  const live = element("div", { class: "live" });
  const button = element("button", { type: "button", class: "start" }, "Start");
  const status = element("span", { role: "status" });
  figure.append(live, element("p", { class: "play-bar" }, button, status));
  // Arrow keys move within a picture; outside of it they turn the book's pages.
  live.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) event.stopPropagation();
  });

  function show(...nodes) {
    for (const node of still) if (node instanceof Element) node.hidden = nodes.length > 0;
    live.replaceChildren(...nodes);
  }
  const stage = {
    figure, show,
    say(text) { status.textContent = text; },
    async attempt(work) {
      try { await work(); } catch (error) { stage.say(error.message); }
    },
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    stage.say("Starting…");
    try {
      await start(stage);
    } catch (error) {
      show();
      stage.say(error.message);
      button.disabled = false;
      return;
    }
    const focused = document.activeElement === button || document.activeElement === document.body;
    button.remove();
    if (status.textContent === "Starting…") stage.say("");
    if (focused) live.querySelector("button, input, textarea, select, [tabindex]")?.focus({ preventScroll: true });
  });
}

// ask sends a question to a live route, and returns the answer.
export async function ask(path, question, signal) {
  return (await post(path, question, signal)).json();
}

// follow sends a question to a live route that answers with server-sent events, and calls
// heard(data) for each, parsed. It returns at the end of the stream. EventSource could only GET.
export async function follow(path, question, heard, signal) {
  const response = await post(path, question, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => { throw new Error("The stream from the server broke off."); });
    if (done) return;
    const events = (text + value).split("\n\n");
    text = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
      if (data.length > 0) heard(JSON.parse(data.join("\n")));
    }
  }
}

async function post(path, question, signal) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(question),
      signal,
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Error(unreachable);
  }
  if (response.status === 404 || response.status === 405) throw new Error(unreachable); // the live part is off
  if (!response.ok) throw new Error((await response.text()).slice(0, 300));
  return response;
}

// element makes an HTML element; children are nodes or text.
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

// drawn makes an SVG element.
export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// calm says that the reader wants no motion: draw results then, and not the way to them.
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// lanes draws bars and marks over time into an element, instead of what was in it:
//
//   { title: "what is seen, for who can't see it", end: 3000, unit: "ms", now: 1200,
//     lanes: [{ name: "client 1", bars: [{ from: 0, to: 20, kind: "waits", text: "…" }],
//               marks: [{ at: 20, kind: "wake", text: "…" }] }] }
//
// A kind is a class of the bar or mark; the picture's style sheet colours it (`.bar.waits { fill:
// … }`), and play.css has a few. text is shown where the pointer is. now, if there is one, is a line.
export function lanes(box, picture) {
  const width = Math.max(box.clientWidth, 240), row = 34, axis = 18, edge = 5; // half a mark fits beside a lane
  const height = picture.lanes.length * row + axis;
  const x = (at) => Math.round(Math.min(Math.max(at / picture.end, 0), 1) * (width - 2 * edge) * 10) / 10 + edge;
  const svg = drawn("svg", { class: "lanes", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": picture.title });
  picture.lanes.forEach((lane, i) => {
    const top = i * row;
    svg.append(drawn("text", { class: "name", x: edge, y: top + 11 }, lane.name),
      drawn("rect", { class: "lane", x: edge, y: top + 15, width: width - 2 * edge, height: 14 }));
    for (const bar of lane.bars ?? []) {
      const from = x(bar.from);
      svg.append(drawn("rect", { class: `bar ${bar.kind}`, x: from, y: top + 15, width: Math.max(x(bar.to) - from, 1.5), height: 14 },
        ...(bar.text ? [drawn("title", {}, bar.text)] : [])));
    }
    for (const mark of lane.marks ?? []) {
      svg.append(drawn("circle", { class: `mark ${mark.kind}`, cx: x(mark.at), cy: top + 22, r: 4.5 },
        ...(mark.text ? [drawn("title", {}, mark.text)] : [])));
    }
  });
  if (picture.now !== undefined) {
    svg.append(drawn("line", { class: "now", x1: x(picture.now), x2: x(picture.now), y1: 0, y2: height - axis }));
  }
  svg.append(drawn("text", { class: "axis", x: edge, y: height - 4 }, "0"),
    drawn("text", { class: "axis", x: width - edge, y: height - 4, "text-anchor": "end" }, `${picture.end} ${picture.unit ?? ""}`.trim()));
  box.replaceChildren(svg);
}

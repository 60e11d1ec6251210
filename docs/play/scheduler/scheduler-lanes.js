// The lanes of a run: a column for each task, event, the clock and the worker, and a row for each step, the newest
// below. It draws what the server's answer says (rows.go), and decides nothing.

import { drawn, element } from "./play.js";

const margin = 26;    // for the numbers of the steps
const narrowest = 80; // a lane; below that the box scrolls
const letter = 6.3;   // about the width of one
const line = 14;

// drawLanes draws the run into the box, and scrolls to the newest row.
export function drawLanes(box, { lanes, rows, state }) {
  const lane = Math.max((box.clientWidth - margin) / lanes.length, narrowest);
  const width = Math.floor(margin + lane * lanes.length);
  const middle = (i) => margin + lane * (i + 0.5);
  const wrapped = rows.map((row) => row.cells.map((cell) => cell.lines.flatMap((text) => wrap(text, Math.floor((lane - 12) / letter)))));
  const parts = [];
  let top = 0;
  rows.forEach((row, n) => {
    const height = 24 + line * Math.max(1, ...wrapped[n].map((lines) => lines.length));
    parts.push(drawn("line", { class: "row", x1: 0, x2: width, y1: top + height, y2: top + height }));
    if (n > 0) parts.push(drawn("text", { class: "number", x: 2, y: top + 23 }, String(n)));
    row.cells.forEach((cell, i) => {
      const before = n > 0 ? rows[n - 1].cells[i].state : "";
      parts.push(...drawCell(cell, before, wrapped[n][i], { x: middle(i), top, height, width: lane - 8 }));
    });
    for (const to of row.wakes) parts.push(drawWake(middle(row.lane), middle(to), lane, top + 8));
    top += height;
  });
  if (state === "lost") {
    rows.at(-1).cells.forEach((cell, i) => {
      if (cell.state === "waiting") parts.push(drawn("text", { class: "lost", x: middle(i), y: top + 20 }, "✕ for ever"));
    });
    top += 30;
  }
  const svg = drawn("svg", { class: "scheduler-lanes", viewBox: `0 0 ${width} ${top}`, width, height: top, role: "img",
    "aria-label": `${lanes.length} lanes, ${rows.length - 1} steps; below they stand in words` }, arrowHead(), ...parts);
  const names = element("div", { class: "names", "aria-hidden": "true" }, element("span", {}),
    ...lanes.map(({ name, kind }) => element("span", { class: kind }, name)));
  names.style.gridTemplateColumns = `${margin}px repeat(${lanes.length}, ${lane}px)`;
  box.replaceChildren(names, svg);
  box.scrollTop = box.scrollHeight;
}

// drawCell draws a lane in one row: the line of its state before and after, and what it did.
function drawCell(cell, before, lines, { x, top, height, width }) {
  const parts = [];
  const half = top + height / 2;
  const stretch = (state, from, to) => {
    if (state === "asleep") parts.push(drawn("rect", { class: "asleep", x: x - width / 2, width, y: from, height: to - from }));
    else if (state === "polling") parts.push(drawn("rect", { class: "bar polling", x: x - width / 2, width, y: from, height: to - from }));
    else if (state && state !== "over") parts.push(drawn("line", { class: `state ${state}`, x1: x, x2: x, y1: from, y2: to }));
  };
  if (cell.did) {
    const begun = before === "polling", open = cell.state === "polling";
    const from = top + (begun ? 0 : 5), to = top + height - (open ? 0 : 5);
    if (!begun) stretch(before, top, from);
    if (!open) stretch(cell.state, to, top + height);
    parts.push(drawn("rect", { class: `bar ${cell.did}`, x: x - width / 2, width, y: from, height: to - from, rx: begun || open ? 0 : 3 }));
  } else {
    stretch(before, top, half);
    stretch(cell.state, half, top + height);
  }
  lines.forEach((text, i) => {
    parts.push(drawn("text", { class: cell.did ? "says" : "says beside", x, y: top + 23 + i * line }, text));
  });
  return parts;
}

// drawWake draws an arrow from who calls a waker to the lane of the task.
function drawWake(from, to, lane, y) {
  const side = Math.sign(to - from);
  return drawn("line", { class: "wake", x1: from + side * (lane / 2 - 4), x2: to - side * 4, y1: y, y2: y, "marker-end": "url(#_scheduler-head)" });
}

function arrowHead() {
  return drawn("defs", {}, drawn("marker", { id: "_scheduler-head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 5, markerHeight: 5, orient: "auto" },
    drawn("path", { class: "head", d: "M0 0 8 4 0 8z" })));
}

// wrap breaks a text into lines of so many letters, between words.
function wrap(text, letters) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// The header's link to the progress says how many exercises are done. It asks when a page is opened, and when
// the reader comes back to it from the editor. A stream of events would be quicker, but a browser
// opens only six connections to a server, and readers open more pages than that.

const root = document.body.dataset.root;
const link = document.getElementById("_progress");

async function count() {
  if (document.hidden) return;
  try {
    const response = await fetch(root + "live/progress.json");
    if (response.ok) show(await response.json());
  } catch { /* the book has been stopped: the page can be read nevertheless */ }
}

function show({ done, of }) {
  if (!Number.isInteger(done) || !Number.isInteger(of)) return; // a copy of the book without live parts
  link.textContent = `${done} of ${of}`;
  link.title = "Your progress";
  link.setAttribute("aria-label", `Your progress: ${done} of ${of} exercises are done`);
  const contents = document.querySelector(".progress-count");
  if (contents) contents.textContent = ` (${done} of ${of})`;
}

document.addEventListener("visibilitychange", count);
document.addEventListener("progress", (event) => show(event.detail)); // the page of the progress knows it first
count();

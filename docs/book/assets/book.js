// What a page can do beyond being read: copy buttons, the theme, the current
// section, keys. All of it is an extra: without scripts the page is complete.

const html = document.documentElement;
const article = document.querySelector("article");

// A setting that outlives the page. Storage may be forbidden: then it doesn't.
const remembered = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* as said */ } },
  forget(name) { try { localStorage.removeItem(name); } catch { /* as said */ } },
};

// Theme: the system's, until the reader wants the other one.

const themeButton = document.getElementById("_theme");
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function theme() {
  return html.dataset.theme ?? (systemIsDark.matches ? "dark" : "light");
}

function nameThemeButton() {
  themeButton.textContent = theme() === "dark" ? "Light" : "Dark";
}

function toggleTheme() {
  const wanted = theme() === "dark" ? "light" : "dark";
  if (wanted === (systemIsDark.matches ? "dark" : "light")) {
    delete html.dataset.theme; // follows the system again
    remembered.forget("theme");
  } else {
    html.dataset.theme = wanted;
    remembered.set("theme", wanted);
  }
  nameThemeButton();
}

themeButton.addEventListener("click", toggleTheme);
systemIsDark.addEventListener("change", nameThemeButton);
nameThemeButton();

// Copy buttons. Of a shell session only what is typed is copied.

function textToCopy(figure) {
  if (!figure.classList.contains("console")) {
    return figure.querySelector("code").textContent;
  }
  return [...figure.querySelectorAll(".typed")].map((line) => line.textContent + "\n").join("");
}

for (const figure of document.querySelectorAll("figure.code:not(.source)")) {
  if (textToCopy(figure) === "") continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(textToCopy(figure));
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  figure.append(button);
}

// What scrolls sideways must be reachable by keyboard.

function makeScrollable() {
  for (const box of document.querySelectorAll("pre, .table, p:has(> img)")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("resize", makeScrollable);
makeScrollable();

// The current section is the last one whose heading is above this line.

const contents = document.getElementById("_contents");
const headings = article ? [...article.querySelectorAll("h1[id], h2[id], h3[id]")] : [];

function currentHeading() {
  const line = document.querySelector(".bar").offsetHeight + 40;
  // At the page's end the last headings can't reach the line.
  if (scrollY > 0 && innerHeight + scrollY >= html.scrollHeight - 2) return headings.length - 1;
  return headings.findLastIndex((heading) => heading.getBoundingClientRect().top <= line);
}

function markSection() {
  const last = headings.slice(0, currentHeading() + 1).findLast((heading) => heading.tagName === "H2");
  for (const link of contents.querySelectorAll('a[href^="#"]')) {
    const current = last && decodeURIComponent(link.hash) === "#" + last.id;
    if (!current) {
      link.removeAttribute("aria-current");
    } else if (!link.hasAttribute("aria-current")) {
      link.setAttribute("aria-current", "location");
      // The column may be longer than the screen.
      const column = contents.getBoundingClientRect(), own = link.getBoundingClientRect();
      if (own.top < column.top) contents.scrollTop -= column.top - own.top + 20;
      else if (own.bottom > column.bottom) contents.scrollTop += own.bottom - column.bottom + 20;
    }
  }
}

let marking = false;
addEventListener("scroll", () => {
  if (marking) return;
  marking = true;
  requestAnimationFrame(() => { marking = false; markSection(); });
}, { passive: true });
markSection();

contents.addEventListener("click", (event) => {
  if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
});

// Printed paper can't be unfolded.

addEventListener("beforeprint", () => {
  for (const answer of document.querySelectorAll("details")) answer.open = true;
});

// Keys

const keysDialog = document.getElementById("_keys");
const keysBox = keysDialog.querySelector("input");
keysBox.checked = remembered.get("keys") !== "off";
keysBox.addEventListener("change", () => {
  if (keysBox.checked) remembered.forget("keys");
  else remembered.set("keys", "off");
});
const keysClose = keysDialog.querySelector("button");
keysClose.addEventListener("click", () => keysDialog.close());

function showKeys() {
  if (!keysDialog.open) keysDialog.showModal();
  keysClose.focus(); // not the box: a space would switch the keys off
}
document.getElementById("_keys-open").addEventListener("click", showKeys);

// Where j or k went last: several presses in a row are faster than the scrolling.
let target = -1;
addEventListener("scrollend", () => { target = -1; });

function goToSection(step) {
  if (headings.length === 0) return;
  const from = target >= 0 ? target : currentHeading();
  target = Math.min(Math.max(from + step, 0), headings.length - 1);
  const heading = headings[target];
  heading.focus({ preventScroll: true }); // a screen reader goes along
  heading.scrollIntoView();
  history.replaceState(null, "", "#" + heading.id);
}

function goToChapter(rel) {
  const link = document.querySelector(`.turn [rel="${rel}"]`);
  if (link) location.href = link.href;
}

// The slides begin with the section that is being read.
function present() {
  const link = document.getElementById("_slides");
  if (!link) return;
  const last = headings.slice(0, currentHeading() + 1).findLast((heading) => heading.tagName === "H2");
  location.href = link.href + (last ? "#" + last.id : "");
}

function openContents() {
  const link = contents.querySelector('[aria-current="location"], [aria-current="page"], a');
  if (getComputedStyle(contents).position === "fixed" || getComputedStyle(contents).display === "none") {
    contents.showPopover();
  }
  link?.focus();
}

const keys = {
  j: () => goToSection(+1),
  k: () => goToSection(-1),
  n: () => goToChapter("next"),
  b: () => goToChapter("prev"),
  p: present,
  ArrowRight: () => goToChapter("next"),
  ArrowLeft: () => goToChapter("prev"),
  "/": () => document.getElementById("_search-open").click(),
  c: openContents,
  d: toggleTheme,
  "?": showKeys,
};

addEventListener("keydown", (event) => {
  if (!keysBox.checked || event.ctrlKey || event.altKey || event.metaKey) return;
  if (document.querySelector("dialog[open]")) return;
  const at = event.target instanceof Element ? event.target : html;
  if (at.closest("input, textarea, select, [contenteditable]")) return;
  // Arrows scroll what is scrollable.
  if (event.key.startsWith("Arrow") && at.closest("pre, .table, p:has(> img)")) return;
  const action = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
  if (!action) return;
  event.preventDefault();
  action();
});

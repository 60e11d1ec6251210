// Search over all chapters, in the browser. The index is fetched when somebody
// first searches. The book is small: each key looks through all of it.

const root = document.body.dataset.root;
const dialog = document.getElementById("_search");
const input = dialog.querySelector("input");
const status = dialog.querySelector(".status");
const results = dialog.querySelector(".results");
const mostResults = 30;

let loading; // the promise of the index

function load() {
  loading ??= fetch(root + "assets/search.json").then((response) => {
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }).then((entries) => entries.map((entry) => ({
    ...entry,
    lowerTitle: entry.title.toLowerCase(),
    lowerText: entry.text.toLowerCase(),
  })));
  loading.catch(() => { loading = undefined; }); // the next key tries again
  return loading;
}

// score is 0 unless every word occurs. A heading counts more than the text, and the
// beginning of a word more than its middle.
function score(entry, words) {
  let sum = 0;
  for (const word of words) {
    const inTitle = entry.lowerTitle.indexOf(word);
    const inText = entry.lowerText.indexOf(word);
    if (inTitle < 0 && inText < 0) return 0;
    if (inTitle >= 0) sum += startsWord(entry.lowerTitle, inTitle) ? 20 : 10;
    if (inText >= 0) sum += startsWord(entry.lowerText, inText) ? 2 : 1;
  }
  return sum;
}

function startsWord(text, at) {
  return at === 0 || !/[\p{L}\p{N}_]/u.test(text[at - 1]);
}

// excerpt is the text around the first word that was found.
function excerpt(entry, words) {
  const first = Math.min(...words.map((word) => entry.lowerText.indexOf(word)).filter((at) => at >= 0));
  if (first === Infinity) return entry.text.slice(0, 140);
  const start = first < 60 ? 0 : entry.text.indexOf(" ", first - 60) + 1; // whole words
  return (start > 0 ? "… " : "") + entry.text.slice(start, first + 100) + " …";
}

// marked puts text into element, the words in <mark>. It makes nodes, never HTML.
function marked(element, text, words) {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  for (const part of text.split(new RegExp(`(${escaped.join("|")})`, "i"))) {
    if (words.includes(part.toLowerCase())) {
      element.append(Object.assign(document.createElement("mark"), { textContent: part }));
    } else {
      element.append(part);
    }
  }
  return element;
}

function show(entry, words) {
  const link = document.createElement("a");
  link.href = root + entry.href;
  link.append(marked(document.createElement("b"), entry.title, words));
  if (entry.title !== entry.chapter) {
    link.append(Object.assign(document.createElement("small"), { textContent: entry.chapter }));
  }
  link.append(marked(document.createElement("span"), excerpt(entry, words), words));
  link.addEventListener("click", () => dialog.close());
  const item = document.createElement("li");
  item.append(link);
  return item;
}

async function search() {
  const query = input.value;
  const words = [...new Set(query.toLowerCase().split(/\s+/).filter(Boolean))];
  if (words.length === 0) {
    results.replaceChildren();
    status.textContent = "";
    return;
  }
  let entries;
  try {
    entries = await load();
  } catch {
    status.textContent = "The search index could not be read. Does the book's server still run?";
    return;
  }
  if (query !== input.value) return; // typed on meanwhile
  const found = entries
    .map((entry) => ({ entry, score: score(entry, words) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score);
  results.replaceChildren(...found.slice(0, mostResults).map((hit) => show(hit.entry, words)));
  status.textContent = found.length === 0 ? "Nothing found."
    : found.length > mostResults ? `The best ${mostResults} of ${found.length} sections`
    : found.length === 1 ? "1 section" : `${found.length} sections`;
}

input.addEventListener("input", search);

document.getElementById("_search-open").addEventListener("click", () => {
  dialog.showModal();
  input.select();
  load().catch(() => {}); // ready when the first key comes; search tells of an error
});

function close() {
  input.blur(); // or the next key, if it comes at once, would still be for it
  dialog.close();
}

dialog.querySelector("button").addEventListener("click", close);

// Down and up go through the results, Enter opens the first.
dialog.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // the keys are those of an input method
  const links = [...results.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && at + 1 < links.length) {
    links[at + 1].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    (links[at - 1] ?? input).focus();
  } else if (event.key === "Enter" && document.activeElement === input && links.length > 0) {
    links[0].click();
  } else if (event.key === "Escape") {
    close(); // a search field would take the first one, to empty itself
  } else {
    return;
  }
  event.preventDefault();
});

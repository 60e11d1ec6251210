// The servers of steps 2 to 5, measured beside each other on this machine. All figures come from the
// server's reports; see run.go for what they hold.
import { picture, follow, element, drawn } from "./play.js";

picture("measure", begin);

async function begin(stage) {
  const leaving = new AbortController();
  addEventListener("pagehide", () => leaving.abort(), { once: true });
  let board = null;
  await new Promise((begun, failed) => {
    follow("/live/measure", {}, (report) => {
      if (board === null) {
        board = new Board(stage, report, () => leaving.abort());
        begun();
      }
      board.draw(report);
    }, leaving.signal).then(() => board ? board.end() : failed(new Error("The measurement ended at once.")),
      (error) => board ? board.end(error) : failed(error));
  });
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const width = 300, height = 12; // of a bar, before it is scaled

// A Board is what is drawn of one run.
class Board {
  constructor(stage, report, stop) {
    this.stage = stage;
    this.button = element("button", { type: "button" }, "Stop");
    this.button.addEventListener("click", () => {
      if (!this.over) stop();
      else stage.attempt(() => begin(stage)); // it needs the server: the figures stay if there is none
    });
    this.progress = element("progress", { max: report.all, value: 0, "aria-label": "measured" });
    this.doing = element("span");
    this.tables = report.groups.map((group) => new Table(group));
    stage.show(element("div", { class: "measure" },
      element("p", { class: "measure-bar" }, this.button, this.progress, this.doing),
      ...this.tables.map((t) => t.box),
      element("p", { class: "note" }, "Clients and servers share one process and its processors here, and a round takes a third of a second: compare the bars " +
        "with each other, and not the figures with others. A bar is the median of three rounds, and the thin line goes from the lowest to the highest: " +
        "a difference that is smaller than those lines says nothing. net/http is missing, for this book is served without it. The commands that measure for real are " +
        "go run ./step02-http/load -compare and go run ./step05-select/compare.")));
  }

  draw(report) {
    this.progress.value = report.done;
    this.doing.textContent = report.doing ? `${report.done + 1} of ${report.all}: ${report.doing}` : "";
    report.groups.forEach((group, i) => this.tables[i].draw(group));
    this.complete = report.done === report.all;
  }

  end(error) {
    this.over = true;
    this.button.textContent = "Measure again";
    this.doing.textContent = this.complete ? "done" : "not complete";
    this.stage.say(error && error.name !== "AbortError" ? error.message : this.complete ? "All servers were measured." : "Stopped. What was measured until then stays.");
  }
}

// A Table is one kind of servers: a row for each, with a bar below its name.
class Table {
  constructor(group) {
    this.rows = group.rows.map((row) => {
      const parts = {
        bar: drawn("rect", { class: "bar", x: 0, y: 0, width: 0, height }),
        spread: drawn("path", { class: "spread" }),
        figure: element("td"), ratio: element("td"), range: element("td"),
      };
      parts.row = element("tr", {},
        element("th", { scope: "row" }, element("b", {}, row.step), ` ${row.name}`,
          drawn("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
            drawn("rect", { class: "lane", x: 0, y: 0, width, height }), parts.bar, parts.spread)),
        parts.figure, parts.ratio, parts.range);
      return parts;
    });
    const heads = [group.load, group.name, `times ${group.rows[0].step}`, "lowest to highest"];
    this.box = element("div", { class: "table" }, element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...this.rows.map((r) => r.row))));
  }

  draw(group) {
    const most = Math.max(1, ...group.rows.flatMap((row) => row.rounds));
    const x = (figure) => Math.round(figure / most * (width - 2) * 10) / 10;
    group.rows.forEach((row, i) => {
      const { bar, spread, figure, ratio, range } = this.rows[i];
      const low = Math.min(...row.rounds), high = Math.max(...row.rounds), known = row.rounds.length > 0;
      bar.setAttribute("width", x(row.median));
      spread.setAttribute("d", known ? `M ${x(low)} ${height / 2} H ${x(high)} M ${x(low)} 2 V ${height - 2} M ${x(high)} 2 V ${height - 2}` : "");
      figure.textContent = row.problem ? `failed: ${row.problem}` : known ? whole.format(row.median) : "…";
      ratio.textContent = row.ratio > 0 ? row.ratio.toFixed(2) : "";
      range.textContent = known ? `${whole.format(low)} to ${whole.format(high)}` : "";
    });
  }
}

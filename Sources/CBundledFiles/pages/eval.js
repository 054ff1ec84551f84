"use strict";
// The page of `ptrmd eval --html`.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const MOST_ROWS = 500;
const state = { condition: data.main, chosen: -1, failedOnly: true, search: "", sort: ["number", 1], solution: false };
const percent = (value) => value == null ? "-" : `${(100 * value).toFixed(1)} %`;
const palette = ["--delayed", "--failure", "--quick", "--changed", "--faint", "--shaded"];
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 3], [10, 4]];

document.title = `${data.model}: evaluation`;
byId("title").textContent = `${data.model} on ${data.puzzles.length} puzzles of ${data.task}`;
for (const [index, condition] of data.conditions.entries()) byId("conditions").append(new Option(condition.text, index));
byId("conditions").value = state.condition;
byId("conditions-label").style.display = data.conditions.length > 1 ? "" : "none";

const board = new Board(byId("board"), data.looks);
let laid = null;

// Charts. The names of lines stand below them, in their colours.
function key(id, series) {
    byId(id).replaceChildren(...series.map((line) => {
        const item = document.createElement("span"), swatch = document.createElement("span");
        swatch.className = "key";
        swatch.style.background = `var(${line.colour})`;
        item.append(swatch, line.name + "  ");
        item.style.marginRight = "12px";
        return item;
    }));
}

function accuracyLines(rows) {
    return data.measures.map(([name, title], index) => {
        const present = rows.map((row, place) => [place + 0.03 * (index - 2), row.right[name]]).filter(([, share]) => share);
        return {
            name: title, colour: palette[index % palette.length], dash: dashes[index % dashes.length], dots: true, width: 1.6,
            points: present.map(([place, share]) => [place, 100 * share[0]]),
            bars: present.map(([, share]) => [100 * share[1], 100 * share[2]]),
        };
    });
}

const floor = (series) => Math.max(0, Math.floor(Math.min(100, ...series.flatMap((s) => s.bars.map((bar) => bar[0]))) / 10) * 10);
const tipOf = (series) => (s, p) => `${series[s].name}: ${series[s].points[p][1].toFixed(1)} %` + (series[s].bars ? ` (${series[s].bars[p].map((end) => end.toFixed(1)).join(" to ")})` : "");
const charts = [];

function draw() {
    const condition = data.conditions[state.condition];
    charts.length = 0;
    const add = (id, options) => {
        // A new canvas forgets the listeners of the chart before.
        const old = byId(id), canvas = old.cloneNode(false);
        old.replaceWith(canvas);
        charts.push(new Chart(canvas, options));
    };
    const widths = accuracyLines(condition.widths);
    byId("width-title").textContent = `Accuracy by width, D ${condition.D}`;
    add("width", {
        series: widths, tip: tipOf(widths), y: { from: floor(widths), to: 100 },
        x: { label: "rollouts K", from: -0.3, to: condition.widths.length - 0.7, ticks: condition.widths.map((_, i) => i), names: condition.widths.map((w) => w.K) },
    });
    key("width-key", widths);
    if (data.conditions.length > 1) {
        const noises = accuracyLines(data.conditions.map((c) => c.widths[c.widths.length - 1]));
        add("sigma", {
            series: noises, tip: tipOf(noises), y: { from: floor(noises), to: 100 },
            x: { label: "sigma", from: -0.3, to: data.conditions.length - 0.7, ticks: data.conditions.map((_, i) => i), names: data.conditions.map((c) => c.sigma) },
        });
        key("sigma-key", noises);
    } else {
        byId("sigma").closest("section").style.display = "none";
    }
    const sure = condition.calibration;
    const calibration = [
        { name: "as it should be", colour: "--faint", dash: [4, 4], points: [[0, 0], [100, 100]] },
        {
            name: "answers (best Q of each puzzle)", colour: "--delayed", dots: true, width: 1.6, points: sure.map((bin) => [100 * bin.p, 100 * bin.right[0]]),
            bars: sure.map((bin) => [100 * bin.right[1], 100 * bin.right[2]]),
        },
    ];
    add("calibration", {
        series: calibration, y: { from: 0, to: 100 }, x: { label: "confidence, %", from: 0, to: 100 },
        tip: (s, p) => s === 1 ? `${sure[p].count} answers of ${percent(sure[p].p)}: ${percent(sure[p].right[0])} right` : "as it should be",
    });
    key("calibration-key", calibration);
    const bins = condition.logits;
    const logits = [{ name: "answers right", colour: "--delayed", dots: true, points: bins.map((bin) => [bin.q, 100 * bin.right]) }];
    const known = bins.filter((bin) => bin.cells != null);
    if (known.length) logits.push({ name: "cells right", colour: "--quick", dots: true, points: known.map((bin) => [bin.q, 100 * bin.cells]) });
    add("logits", {
        series: logits, y: { from: 0, to: 100 }, x: { label: "Q logit, rounded", ...range(bins.map((bin) => bin.q)) },
        tip: (s, p) => `Q ${logits[s].points[p][0]}: ${logits[s].points[p][1].toFixed(1)} % ${logits[s].name}`,
    });
    key("logits-key", logits);
    const solved = data.puzzles.map((p) => p.results[state.condition]).filter((r) => r.solved).map((r) => r.steps).sort((a, b) => a - b);
    const curve = solved.map((steps, index) => [Math.log10(steps), 100 * (index + 1) / data.puzzles.length]);
    const most = Math.max(1, ...data.puzzles.map((p) => p.results[state.condition].steps));
    const decades = Array.from({ length: Math.ceil(Math.log10(most)) + 1 }, (_, i) => i);
    add("cost", {
        series: [{ name: "solved", colour: "--quick", points: curve, width: 1.8 }], y: { from: 0, to: 100 },
        x: { label: "supervision steps (logarithmic)", from: 0, to: Math.max(1, decades.length - 1), ticks: decades, names: decades.map((i) => 10 ** i) },
        tip: (s, p) => `${curve[p][1].toFixed(1)} % within ${solved[p]} steps`,
    });
    const count = data.puzzles.filter((p) => p.results[state.condition].solved).length;
    byId("about").textContent = `profile ${data.profile}, ${condition.text}, K ${condition.K}, D ${condition.D}: ${count} of ${data.puzzles.length} solved with early stopping`;
    list();
}

// The list.
function shownPuzzles() {
    const value = {
        number: (i) => i, name: (i) => data.puzzles[i].name, solved: (i) => Number(result(i).solved), steps: (i) => result(i).steps,
        right: (i) => result(i).right, q: (i) => result(i).q ?? -1e9, confidence: (i) => result(i).confidence ?? -1,
    }[state.sort[0]];
    return data.puzzles.map((_, i) => i)
        .filter((i) => (!state.failedOnly || !result(i).solved) && data.puzzles[i].name.toLowerCase().includes(state.search))
        .sort((a, b) => { const x = value(a), y = value(b); return (x < y ? -1 : x > y ? 1 : a - b) * state.sort[1]; });
}

const result = (index) => data.puzzles[index].results[state.condition];
let rows = [];

function list() {
    rows = shownPuzzles();
    const failed = data.puzzles.filter((p) => !p.results[state.condition].solved).length;
    byId("list-title").textContent = failed ? `Puzzles: ${failed} of ${data.puzzles.length} failed` : `Puzzles: all ${data.puzzles.length} solved`;
    byId("rows").replaceChildren(...rows.slice(0, MOST_ROWS).map((index) => {
        const line = document.createElement("tr"), r = result(index);
        const cell = (text, name) => {
            const node = document.createElement("td");
            node.textContent = text;
            node.className = name || "";
            line.append(node);
        };
        cell(data.puzzles[index].name);
        cell(r.solved ? "solved" : r.reason.replaceAll("_", " "), r.solved ? "good" : "wrong");
        cell(r.steps, "number");
        cell(`${r.right} of ${r.rollouts}`, "number");
        cell(r.q ?? "-", "number");
        cell(r.confidence == null ? "-" : r.confidence.toFixed(3), "number");
        line.dataset.index = index;
        line.addEventListener("click", () => choose(index));
        return line;
    }));
    byId("more").textContent = rows.length > MOST_ROWS ? `and ${rows.length - MOST_ROWS} more: search or sort` : rows.length ? "" : "none";
    choose(rows.includes(state.chosen) ? state.chosen : rows[0] ?? 0);
}

function choose(index) {
    state.chosen = index;
    const puzzle = data.puzzles[index];
    if (!puzzle) return;
    const r = result(index);
    byId("name").textContent = puzzle.name;
    byId("board").style.display = puzzle.board ? "" : "none";
    byId("text").style.display = puzzle.board ? "none" : "";
    byId("solution").disabled = !puzzle.solution;
    byId("solution").setAttribute("aria-pressed", String(state.solution));
    if (puzzle.board) {
        if (laid !== index) board.lay(puzzle.board);
        laid = index;
        board.show(state.solution && puzzle.solution || puzzle.given);
    } else {
        byId("text").textContent = state.solution && puzzle.solution || puzzle.given;
    }
    byId("verdict").textContent = r.solved ? "Solved." : `Not solved: ${r.reason.replaceAll("_", " ")}.`;
    byId("verdict").className = r.solved ? "good" : "wrong";
    byId("numbers").textContent = `${r.steps} steps with early stopping. Of ${r.rollouts} rollouts run to the end ${r.right} are right; the highest Q is ${r.q ?? "-"}` + (r.cells == null ? "." : `, with ${percent(r.cells)} of its cells right.`);
    byId("command").textContent = puzzle.command;
    for (const line of byId("rows").children) {
        const isChosen = Number(line.dataset.index) === index;
        if (isChosen) line.setAttribute("aria-selected", "true"); else line.removeAttribute("aria-selected");
        if (isChosen) {
            const scroll = line.closest(".scroll"), top = line.offsetTop - scroll.offsetTop;
            if (top < scroll.scrollTop + 30) scroll.scrollTop = top - 30;
            if (top + line.offsetHeight > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + line.offsetHeight - scroll.clientHeight;
        }
    }
}

// Controls.
byId("conditions").addEventListener("change", (event) => { state.condition = Number(event.target.value); draw(); });
byId("search").addEventListener("input", (event) => { state.search = event.target.value.toLowerCase(); list(); });
byId("failed").addEventListener("click", () => {
    state.failedOnly = !state.failedOnly;
    byId("failed").setAttribute("aria-pressed", String(state.failedOnly));
    list();
});
byId("solution").addEventListener("click", () => { state.solution = !state.solution; choose(state.chosen); });
for (const button of document.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
        state.sort = [button.dataset.key, state.sort[0] === button.dataset.key ? -state.sort[1] : 1];
        list();
    });
}
document.addEventListener("keydown", (event) => {
    const focused = document.activeElement ?? document.body;
    if (focused.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = (by) => {
        const shown = rows.slice(0, MOST_ROWS), place = shown.indexOf(state.chosen);
        if (shown.length) choose(shown[Math.max(0, Math.min(shown.length - 1, place + by))]);
    };
    const keys = {
        ArrowUp: () => move(-1), ArrowDown: () => move(1), PageUp: () => move(-15), PageDown: () => move(15),
        s: () => byId("solution").click(), f: () => byId("failed").click(), d: () => byId("theme").click(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
});
themeButton(byId("theme"), () => { for (const chart of charts) chart.redraw(); });
if (!data.puzzles.some((p) => !p.results[state.condition].solved)) byId("failed").click();
draw();

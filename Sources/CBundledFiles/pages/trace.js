"use strict";
// The page of `ptrmd trace --html`.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const rollouts = data.rollouts;
const modes = { quick_success: ["quick success", "--quick"], delayed_success: ["delayed success", "--delayed"], failure: ["failure", "--failure"] };
const starts = { identity: "the puzzle as asked", view: "a view", guess: "a guess", repair: "a repair" };
const state = { rollout: 0, step: 0, playing: null, shown: new Set(Object.keys(modes)) };
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

byId("title").textContent = data.name;
document.title = `${data.name}: trace`;
byId("about").textContent = `${data.model}, ${data.condition}, ${rollouts.length} rollouts of up to ${data.depth} steps`;

// The board, or the answer as a text where there is none.
const board = data.board ? new Board(byId("board"), data.looks) : null;
if (board) board.lay(data.board);
byId("board").style.display = board ? "" : "none";
byId("text").style.display = board ? "none" : "";

// Charts.
const alpha = rollouts.length > 200 ? 0.25 : rollouts.length > 12 ? 0.55 : 0.9;
const lines = (points, ends) => rollouts.map((rollout) => ({ points: points(rollout), colour: modes[rollout.mode][1], alpha, ends }));
const about = (rollout, step) => {
    const r = rollouts[rollout];
    return `rollout ${r.rollout}, step ${step + 1}: Q ${r.q[step]}` + (r.cells[step] == null ? "" : `, ${(100 * r.cells[step]).toFixed(0)} % of cells`);
};
const common = { pick: (rollout, step) => choose(rollout, step), tip: about, fades: rollouts.length > 1 };
const steps = { label: "supervision step", from: 1, to: Math.max(2, data.depth) };
const charts = [
    new Chart(byId("q"), {
        ...common, x: steps, series: lines((r) => r.q.map((q, step) => [step + 1, q])),
        y: { ...range(rollouts.flatMap((r) => r.q), data.q_threshold == null ? [] : [data.q_threshold]) },
        level: data.q_threshold == null ? null : { y: data.q_threshold, label: "q_threshold" },
    }),
];
if (rollouts.some((r) => r.cells.some((share) => share != null))) {
    charts.push(new Chart(byId("cells"), {
        ...common, x: steps, y: { ...range(rollouts.flatMap((r) => r.cells.filter((s) => s != null).map((s) => 100 * s)), [100]) },
        series: lines((r) => r.cells.map((share, step) => [step + 1, 100 * (share ?? 0)])),
    }));
} else {
    byId("cells").closest("section").remove();
    byId("q").closest("section").className = "wide";
}
if (data.explained.length === 2) {
    const share = data.explained.map((value) => `${(100 * value).toFixed(0)} %`);
    byId("plane-title").textContent = `${data.latent} in the plane in which the rollouts differ most (${share[0]} and ${share[1]} of the variance)`;
    const places = rollouts.flatMap((r) => r.places);
    charts.push(new Chart(byId("plane"), {
        ...common, x: { label: "first principal component (ring: first step, dot: last)", ...range(places.map((p) => p[0])) },
        y: range(places.map((p) => p[1])), series: lines((r) => r.places, true),
    }));
} else {
    byId("plane").closest("section").remove();
}

// The strip: a row for each rollout, a column for each step.
const strip = byId("strip");
let order = rollouts.map((_, index) => index);
const rowHeight = () => rollouts.length > 60 ? 8 : 14;

function sort(key) {
    const value = {
        rollout: (r) => r.rollout, mode: (r) => Object.keys(modes).indexOf(r.mode) * 1e6 - (r.q.at(-1) ?? 0),
        q: (r) => -(r.q.at(-1) ?? -1e9), cells: (r) => -(r.cells.at(-1) ?? 0),
    }[key];
    order = rollouts.map((_, index) => index).sort((a, b) => value(rollouts[a]) - value(rollouts[b]) || a - b);
    drawStrip();
}

const keptStrip = document.createElement("canvas");

function drawStrip() {
    const ratio = window.devicePixelRatio || 1, width = strip.clientWidth, row = rowHeight();
    const shown = order.filter((index) => state.shown.has(rollouts[index].mode));
    strip.style.height = Math.max(row, shown.length * row) + "px";
    strip.rows = shown;
    for (const canvas of [strip, keptStrip]) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(Math.max(row, shown.length * row) * ratio);
    }
    const context = keptStrip.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const left = 74, cell = (width - left) / data.depth;
    const colours = { right: colour("--quick"), wrong: colour("--failure"), text: colour("--faint") };
    const low = charts[0].options.y.from, high = charts[0].options.y.to;
    context.font = `${Math.min(11, row)}px system-ui, sans-serif`;
    shown.forEach((index, place) => {
        const r = rollouts[index], y = place * row;
        context.globalAlpha = 1;
        context.fillStyle = colours.text;
        if (row >= 12 || place % 5 === 0) context.fillText(`#${r.rollout}`, 0, y + row - 2);
        context.fillStyle = colour(modes[r.mode][1]);
        context.fillRect(48, y + 1, 16, row - 2);
        r.q.forEach((q, step) => {
            context.globalAlpha = 0.2 + 0.8 * (q - low) / (high - low || 1);
            context.fillStyle = r.right[step] ? colours.right : colours.wrong;
            context.fillRect(left + step * cell, y + 0.5, Math.max(1, cell - 1), row - 1);
        });
    });
    markStrip();
}

// The chosen row and step, over the strip that was drawn before.
function markStrip() {
    const context = strip.getContext("2d"), ratio = window.devicePixelRatio || 1, row = rowHeight();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, strip.width, strip.height);
    context.drawImage(keptStrip, 0, 0);
    const place = strip.rows.indexOf(state.rollout);
    if (place < 0) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const left = 74, cell = (strip.clientWidth - left) / data.depth;
    context.strokeStyle = colour("--ink");
    context.lineWidth = 1.5;
    context.strokeRect(left + state.step * cell - 1, place * row, cell + 1, row);
    context.strokeRect(46, place * row, strip.clientWidth - 47, row);
    const scroll = strip.parentElement;
    if (place * row < scroll.scrollTop) scroll.scrollTop = place * row;
    if ((place + 1) * row > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = (place + 1) * row - scroll.clientHeight;
}

strip.addEventListener("click", (event) => {
    const rollout = strip.rows[Math.floor(event.offsetY / rowHeight())];
    const step = Math.floor((event.offsetX - 74) / ((strip.clientWidth - 74) / data.depth));
    if (rollout !== undefined) choose(rollout, Math.max(0, step));
});

// What is chosen.
const words = (name) => name.replaceAll("_", " ");

function choose(rollout, step) {
    state.rollout = Math.max(0, Math.min(rollouts.length - 1, rollout));
    const r = rollouts[state.rollout];
    state.step = Math.max(0, Math.min(r.q.length - 1, step));
    show();
}

function show() {
    const r = rollouts[state.rollout];
    const answer = data.answers[r.answers[state.step]];
    byId("slider").max = Math.max(1, r.q.length);
    byId("slider").value = state.step + 1;
    byId("which").value = r.rollout;
    if (answer) {
        const broken = new Set(answer.cells || []);
        const changed = new Set();
        const before = data.answers[r.answers[state.step - 1]];
        if (board) {
            if (before) for (let i = 0; i < answer.board.length; i++) if (answer.board[i] !== before.board[i]) changed.add(i);
            board.show(answer.board, broken, changed, new Set(r.revealed || []));
        } else {
            byId("text").textContent = answer.text;
        }
        const verdict = answer.right ? "keeps every rule" : answer.rule ? `breaks the rule “${words(answer.rule)}”` : answer.right === null ? "nothing checks it" : "is not the solution";
        byId("place").textContent = `step ${state.step + 1} of ${r.q.length}`;
        byId("verdict").textContent = `The answer ${verdict}${broken.size ? `, in ${broken.size} cells (red)` : ""}.`;
        byId("verdict").className = answer.right ? "good" : "wrong";
        byId("numbers").textContent = `Rollout ${r.rollout}: ${modes[r.mode][0]}` + (r.start ? `, from ${starts[r.start]}` + (r.revealed ? `, ${r.revealed.length} cells revealed (corners)` : "") : "") + (r.settled ? `, right for good from step ${r.settled}` : "") + `. Q logit ${r.q[state.step]}` + (r.cells[state.step] == null ? "" : `, ${(100 * r.cells[state.step]).toFixed(1)} % of the cells to solve are right`) + (before ? `, ${changed.size} cells changed` : "") + ".";
    } else {
        byId("place").textContent = "no steps";
        byId("verdict").textContent = "This rollout was dropped: its numbers were no longer finite.";
        byId("numbers").textContent = `Rollout ${r.rollout}: failure.`;
    }
    for (const chart of charts) chart.choose({ series: state.rollout, point: state.step });
    markStrip();
}

function play(on) {
    clearInterval(state.playing);
    state.playing = null;
    byId("play").setAttribute("aria-pressed", String(on));
    byId("play").textContent = on ? "Pause" : "Play";
    if (!on) return;
    if (state.step >= rollouts[state.rollout].q.length - 1) choose(state.rollout, 0);
    state.playing = setInterval(() => {
        if (state.step >= rollouts[state.rollout].q.length - 1) return play(false);
        choose(state.rollout, state.step + 1);
    }, isStill ? 1200 : 450);
}

function move(by) {
    const rows = strip.rows, place = rows.indexOf(state.rollout);
    if (rows.length) choose(rows[Math.max(0, Math.min(rows.length - 1, place < 0 ? 0 : place + by))], state.step);
}

// Controls.
byId("slider").addEventListener("input", (event) => choose(state.rollout, event.target.value - 1));
byId("play").addEventListener("click", () => play(!state.playing));
byId("which").max = rollouts.length - 1;
byId("which").addEventListener("change", (event) => choose(Number(event.target.value), state.step));
byId("sort").addEventListener("change", (event) => sort(event.target.value));
const filters = byId("filters");
for (const [mode, [title, key]] of Object.entries(modes)) {
    const button = document.createElement("button");
    const swatch = document.createElement("span");
    swatch.className = "key";
    swatch.style.background = `var(${key})`;
    const count = rollouts.filter((r) => r.mode === mode).length;
    button.append(swatch, `${title} ${count}`);
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
        if (state.shown.has(mode)) state.shown.delete(mode); else state.shown.add(mode);
        button.setAttribute("aria-pressed", String(state.shown.has(mode)));
        for (const chart of charts) {
            chart.options.series.forEach((series, index) => { series.alpha = state.shown.has(rollouts[index].mode) ? alpha : 0.0001; });
            chart.redraw();
        }
        drawStrip();
    });
    filters.append(button);
}
document.addEventListener("keydown", (event) => {
    // What has the focus, not the event's target: that may be the document, which is no element.
    const focused = document.activeElement ?? document.body;
    if (focused.matches("input[type=number], select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
        ArrowLeft: () => choose(state.rollout, state.step - 1), ArrowRight: () => choose(state.rollout, state.step + 1),
        ArrowUp: () => move(-1), ArrowDown: () => move(1), PageUp: () => move(-20), PageDown: () => move(20),
        Home: () => choose(state.rollout, 0), End: () => choose(state.rollout, Infinity), " ": () => play(!state.playing),
        d: () => byId("theme").click(),
    };
    // A button that has the focus is pressed by the space bar itself.
    if (event.key === " " && focused.matches("button")) return;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
});
const redraw = () => { for (const chart of charts) chart.redraw(); drawStrip(); };
themeButton(byId("theme"), redraw);
let stripWidth = 0;
new ResizeObserver(() => {
    if (strip.clientWidth === stripWidth) return;
    stripWidth = strip.clientWidth;
    drawStrip();
}).observe(strip.parentElement);
drawStrip();
const best = rollouts.findIndex((r) => r.mode !== "failure");
choose(Math.max(0, best), 0);

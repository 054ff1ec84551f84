"use strict";
// Boards: one drawing for every kind of puzzle. A board is written as a string with a character for each cell, which
// stands for an entry of the table of looks.

const SVG = "http://www.w3.org/2000/svg";
const ARC = ["#000000", "#0074d9", "#ff4136", "#2ecc40", "#ffdc00", "#aaaaaa", "#f012be", "#ff851b", "#7fdbff", "#870c25"];

function element(name, attributes, text) {
    const node = document.createElementNS(SVG, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    if (text !== undefined) node.textContent = text;
    return node;
}

class Board {
    constructor(svg, looks) {
        this.svg = svg;
        this.looks = looks;
        this.cells = [];
    }

    // Lays the grid out: `shape` has width, height, and the inner borders, right of and below each cell.
    lay(shape) {
        const { width, height, right, below } = shape;
        const side = 36, margin = 4;
        this.side = side;
        this.svg.replaceChildren();
        this.svg.setAttribute("viewBox", `0 0 ${width * side + 2 * margin} ${height * side + 2 * margin}`);
        this.cells = [];
        for (let index = 0; index < width * height; index++) {
            const x = margin + (index % width) * side, y = margin + Math.floor(index / width) * side;
            const ground = element("rect", { x, y, width: side, height: side });
            const mark = element("g", { transform: `translate(${x} ${y})` });
            this.svg.append(ground, mark);
            this.cells.push({ ground, mark, look: -1, note: "" });
        }
        let thin = "", thick = "";
        for (let row = 0; row <= height; row++) {
            for (let column = 0; column <= width; column++) {
                const x = margin + column * side, y = margin + row * side;
                if (row < height) {
                    const isBorder = column === 0 || column === width || right[row * width + column - 1] === "1";
                    if (isBorder) thick += `M${x} ${y}v${side}`; else thin += `M${x} ${y}v${side}`;
                }
                if (column < width) {
                    const isBorder = row === 0 || row === height || below[(row - 1) * width + column] === "1";
                    if (isBorder) thick += `M${x} ${y}h${side}`; else thin += `M${x} ${y}h${side}`;
                }
            }
        }
        this.svg.append(
            element("path", { d: thin, stroke: "var(--line)", fill: "none" }),
            element("path", { d: thick, stroke: "var(--ink)", "stroke-width": 2.5, "stroke-linecap": "square", fill: "none" }));
    }

    // Shows a board; `broken`, `changed` and `revealed` are sets of cells to mark.
    show(text, broken, changed, revealed) {
        for (let index = 0; index < this.cells.length; index++) {
            const cell = this.cells[index];
            const look = text.charCodeAt(index) - 48;
            const note = (broken && broken.has(index) ? "b" : "") + (changed && changed.has(index) ? "c" : "") + (revealed && revealed.has(index) ? "r" : "");
            if (look === cell.look && note === cell.note) continue;
            cell.look = look;
            cell.note = note;
            this.draw(cell, this.looks[look] || {}, note);
        }
    }

    draw(cell, look, note) {
        const side = this.side, middle = side / 2;
        const grounds = { black: "var(--black)", shaded: "var(--shaded)", lit: "var(--lit)" };
        let fill = grounds[look.g] || "transparent";
        if (look.c !== undefined) fill = ARC[look.c % 10];
        if (note.includes("b")) fill = look.g === "shaded" || look.g === "black" ? "var(--failure)" : "var(--bad)";
        cell.ground.setAttribute("fill", fill);
        const parts = [];
        if (look.m === "lamp") parts.push(element("circle", { cx: middle, cy: middle, r: 11, fill: "var(--lamp)" }));
        if (look.m === "path") parts.push(element("circle", { cx: middle, cy: middle, r: 7, fill: "var(--path)" }));
        if (look.m === "dot" && !look.t) parts.push(element("circle", { cx: middle, cy: middle, r: 2, fill: "var(--faint)" }));
        if (typeof look.m === "number") {
            const corners = [[0, side], [side, side], [side, 0], [0, 0]];
            const points = [look.m - 1, look.m % 4, (look.m + 2) % 4].map((corner) => corners[corner].join(","));
            parts.push(element("polygon", { points: points.join(" "), fill: "var(--delayed)" }));
        }
        if (look.t) {
            const size = look.t.length > 2 ? 12 : 20;
            const isDark = look.g === "black" || look.g === "shaded";
            parts.push(element("text", {
                x: middle, y: middle + size * 0.35, "font-size": size, "text-anchor": "middle",
                fill: isDark ? "#ffffff" : look.f ? "var(--ink)" : "var(--accent)", "font-weight": look.f ? "bold" : "normal",
            }, look.t));
        }
        if (note.includes("c")) {
            parts.push(element("rect", {
                x: 3, y: 3, width: side - 6, height: side - 6, rx: 4, fill: "none", stroke: "var(--changed)", "stroke-width": 2,
            }));
        }
        if (note.includes("r")) parts.push(element("path", { d: `M${side - 9} ${side}h9v-9z`, fill: "var(--accent)" }));
        cell.mark.replaceChildren(...parts);
    }
}

// The page's theme: the system's, unless a button says otherwise.
function themeButton(button, changed) {
    const root = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
    button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; changed(); });
    dark.addEventListener("change", changed);
}

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

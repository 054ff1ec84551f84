"use strict";
// Line charts on a canvas. What never changes is drawn once and kept as a picture; only what is chosen is drawn anew.

class Chart {
    // options: title, x and y ({label, from, to, ticks, names}), series ({points, colour, alpha, width, dash, bars, name,
    // ends, dots}), level ({y, label}), pick(series index, point index) for clicks, tip(series, point) for a text.
    constructor(canvas, options) {
        this.canvas = canvas;
        this.options = options;
        this.kept = document.createElement("canvas");
        this.chosen = null;
        this.canvas.addEventListener("click", (event) => this.near(event, (s, p) => options.pick && options.pick(s, p)));
        this.canvas.addEventListener("mousemove", (event) => this.hover(event));
        this.canvas.addEventListener("mouseleave", () => { document.getElementById("tip").style.display = "none"; });
        new ResizeObserver(() => this.redraw()).observe(canvas);
    }

    redraw() {
        const ratio = window.devicePixelRatio || 1;
        const width = this.canvas.clientWidth, height = this.canvas.clientHeight;
        if (!width || !height) return;
        for (const canvas of [this.canvas, this.kept]) {
            canvas.width = Math.round(width * ratio);
            canvas.height = Math.round(height * ratio);
        }
        this.frame = { left: 46, top: 10, right: width - 10, bottom: height - 34, ratio, width, height };
        const context = this.kept.getContext("2d");
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.axes(context);
        for (const series of this.options.series) this.line(context, series);
        this.choose(this.chosen);
    }

    x(value) {
        const { left, right } = this.frame, { from, to } = this.options.x;
        return left + (value - from) / (to - from || 1) * (right - left);
    }

    y(value) {
        const { top, bottom } = this.frame, { from, to } = this.options.y;
        return bottom - (value - from) / (to - from || 1) * (bottom - top);
    }

    axes(context) {
        const { left, right, top, bottom } = this.frame;
        const { x, y, level } = this.options;
        context.font = "11px system-ui, sans-serif";
        context.lineWidth = 1;
        context.strokeStyle = colour("--line");
        context.fillStyle = colour("--faint");
        context.textAlign = "right";
        for (const value of y.ticks || ticks(y.from, y.to)) {
            const place = Math.round(this.y(value)) + 0.5;
            context.beginPath();
            context.moveTo(left, place);
            context.lineTo(right, place);
            context.stroke();
            context.fillText(String(value), left - 5, place + 4);
        }
        context.textAlign = "center";
        for (const value of x.ticks || ticks(x.from, x.to)) {
            context.fillText(x.names ? x.names[value] : String(value), this.x(value), bottom + 14);
        }
        context.fillText(x.label, (left + right) / 2, bottom + 29);
        if (level && level.y >= y.from && level.y <= y.to) {
            context.strokeStyle = colour("--changed");
            context.setLineDash([5, 4]);
            context.beginPath();
            context.moveTo(left, this.y(level.y));
            context.lineTo(right, this.y(level.y));
            context.stroke();
            context.setLineDash([]);
            context.textAlign = "right";
            context.fillText(level.label, right - 2, this.y(level.y) - 4);
        }
    }

    line(context, series, isChosen) {
        const points = series.points;
        if (!points.length) return;
        context.strokeStyle = context.fillStyle = colour(series.colour);
        context.globalAlpha = isChosen ? 1 : series.alpha || 1;
        context.lineWidth = isChosen ? 2.6 : series.width || 1.2;
        context.setLineDash(series.dash || []);
        context.beginPath();
        points.forEach(([x, y], index) => {
            if (index) context.lineTo(this.x(x), this.y(y)); else context.moveTo(this.x(x), this.y(y));
        });
        context.stroke();
        context.setLineDash([]);
        for (const [index, bar] of (series.bars || []).entries()) {
            const x = this.x(points[index][0]);
            context.beginPath();
            context.moveTo(x, this.y(bar[0]));
            context.lineTo(x, this.y(bar[1]));
            context.stroke();
        }
        if (series.dots) {
            for (const [index, [x, y]] of points.entries()) {
                context.beginPath();
                context.arc(this.x(x), this.y(y), series.sizes ? series.sizes[index] : 3, 0, 7);
                context.fill();
            }
        }
        if (series.ends) {
            const first = points[0], last = points[points.length - 1];
            context.beginPath();
            context.arc(this.x(first[0]), this.y(first[1]), isChosen ? 5 : 3, 0, 7);
            context.stroke();
            context.beginPath();
            context.arc(this.x(last[0]), this.y(last[1]), isChosen ? 5 : 3, 0, 7);
            context.fill();
        }
        context.globalAlpha = 1;
    }

    // Draws the kept picture, and over it the chosen line with its point.
    choose(chosen) {
        this.chosen = chosen;
        if (!this.frame) return;
        const context = this.canvas.getContext("2d");
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, this.canvas.width, this.canvas.height);
        if (chosen && this.options.fades) context.globalAlpha = 0.55;
        context.drawImage(this.kept, 0, 0);
        context.globalAlpha = 1;
        if (!chosen) return;
        context.setTransform(this.frame.ratio, 0, 0, this.frame.ratio, 0, 0);
        // Only the other lines are to fade.
        if (this.options.fades) this.axes(context);
        const series = this.options.series[chosen.series];
        if (!series) return;
        this.line(context, series, true);
        const point = series.points[Math.min(chosen.point, series.points.length - 1)];
        if (!point) return;
        context.fillStyle = colour("--changed");
        context.beginPath();
        context.arc(this.x(point[0]), this.y(point[1]), 6, 0, 7);
        context.fill();
    }

    near(event, found) {
        if (!this.frame) return;
        const x = event.offsetX, y = event.offsetY;
        let best = 400, at = null;
        this.options.series.forEach((series, s) => {
            series.points.forEach((point, p) => {
                const distance = (this.x(point[0]) - x) ** 2 + (this.y(point[1]) - y) ** 2;
                if (distance < best) { best = distance; at = [s, p]; }
            });
        });
        if (at) found(at[0], at[1]);
        return at;
    }

    hover(event) {
        const tip = document.getElementById("tip");
        const at = this.options.tip ? this.near(event, () => {}) : null;
        tip.style.display = at ? "block" : "none";
        if (!at) return;
        tip.textContent = this.options.tip(at[0], at[1]);
        tip.style.left = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8) + "px";
        tip.style.top = event.clientY + 12 + "px";
    }
}

function ticks(from, to) {
    const span = to - from;
    if (!(span > 0)) return [from];
    const power = 10 ** Math.floor(Math.log10(span / 4));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => span / step <= 6);
    const result = [];
    for (let index = Math.ceil(from / step - 1e-9); index * step <= to + 1e-9 * span; index++) {
        result.push(Number((index * step).toPrecision(12)));
    }
    return result;
}

function range(values, fits) {
    let from = Infinity, to = -Infinity;
    for (const value of values.concat(fits || [])) {
        if (value < from) from = value;
        if (value > to) to = value;
    }
    if (from > to) return { from: 0, to: 1 };
    const margin = (to - from || 1) * 0.04;
    return { from: from - margin, to: to + margin };
}

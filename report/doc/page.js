/* Without it the page shows all that it has; with it, a pointer or keys tell the
 * values of a chart (left and right along a line, up and down between lines,
 * Home and End), and legends switch lines. */
"use strict";

const tip = document.getElementById("tip");

function place(text, x, y) {
	tip.textContent = text;
	tip.hidden = false;
	const box = tip.getBoundingClientRect();
	tip.style.left = Math.max(4, Math.min(x + 12,
		innerWidth - box.width - 4)) + "px";
	tip.style.top = (y - box.height - 10 > 4 ? y - box.height - 10
		: y + 14) + "px";
}

/* What gnuplot's groups call. */
const gnuplot_svg = {
	showHypertext(event, text) { place(text, event.clientX, event.clientY); },
	hideHypertext() { tip.hidden = true; },
};

/* gnuplot's groups, in the order of its plots, and whose they are. */
for (const chart of document.querySelectorAll("svg.chart")) {
	const series = chart.dataset.groups.trim().split(" ");
	for (const title of chart.querySelectorAll("g > title")) {
		const plot = /_plot_(\d+)$/.exec(title.parentNode.id);
		if (plot)
			title.parentNode.dataset.series = series[plot[1] - 1];
		title.remove();
	}
}

for (const button of document.querySelectorAll(".legend button"))
	button.addEventListener("click", () => {
		const on = button.getAttribute("aria-pressed") === "false";
		button.setAttribute("aria-pressed", on);
		for (const group of button.closest(".view").querySelectorAll(
			`svg.chart [data-series="${button.dataset.series}"]`))
			group.classList.toggle("off", !on);
	});

/* The lines of a chart that can be seen: lists of points, from left to right. */
function lines(chart) {
	const found = new Map();
	for (const point of chart.querySelectorAll("[onmousemove]")) {
		if (point.closest(".off"))
			continue;
		const line = point.closest("[data-series]");
		const name = line ? line.dataset.series : "";
		found.set(name, [...(found.get(name) || []), point]);
	}
	return [...found.values()].map((line) =>
		line.sort((a, b) => left(a) - left(b)));
}

function left(point) {
	return point.getBoundingClientRect().x;
}

function nearest(line, x) {
	return line.reduce((best, point, i) =>
		Math.abs(left(point) - x) < Math.abs(left(line[best]) - x)
			? i : best, 0);
}

function show(point) {
	const box = point.getBoundingClientRect();
	point.onmousemove({clientX: box.x + box.width / 2, clientY: box.y});
}

/* From [line, point], where a key leads to; from nowhere, to the first point,
 * or the last. */
function step(all, at, key) {
	const back = key === "ArrowLeft" || key === "ArrowUp" || key === "End";
	if (!at)
		return back ? [all.length - 1, all.at(-1).length - 1] : [0, 0];
	const [l, p] = at;
	const turn = (i, by, count) => (i + by + count) % count;
	const up = turn(l, key === "ArrowUp" ? -1 : 1, all.length);
	switch (key) {
	case "ArrowLeft":
		return [l, turn(p, -1, all[l].length)];
	case "ArrowRight":
		return [l, turn(p, 1, all[l].length)];
	case "Home":
		return [l, 0];
	case "End":
		return [l, all[l].length - 1];
	default:
		return [up, nearest(all[up], left(all[l][p]))];
	}
}

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

for (const chart of document.querySelectorAll("svg.chart")) {
	let point = null;
	const leave = () => {
		if (point)
			point.classList.remove("at");
		tip.hidden = true;
	};
	chart.addEventListener("blur", leave);
	chart.addEventListener("keydown", (event) => {
		const all = lines(chart);
		if (event.key === "Escape")
			leave();
		if (!KEYS.includes(event.key) || all.length === 0)
			return;
		event.preventDefault();
		leave();
		const l = all.findIndex((line) => line.includes(point));
		const at = step(all, l < 0 ? null : [l, all[l].indexOf(point)],
				event.key);
		point = all[at[0]][at[1]];
		point.classList.add("at");
		show(point);
	});
}

addEventListener("scroll", () => { tip.hidden = true; }, {passive: true});
addEventListener("beforeprint", () => {
	for (const details of document.querySelectorAll("details"))
		details.open = true;
});

/* A link into what is folded unfolds it; a word also tells its meaning. */
function unfold() {
	const at = document.getElementById(location.hash.slice(1));
	const fold = at && at.closest("details");

	if (fold && !fold.open) {
		fold.open = true;
		at.scrollIntoView();
	}
}

addEventListener("hashchange", unfold);
unfold();
for (const link of document.querySelectorAll("a.word"))
	link.title = document.getElementById(link.hash.slice(1))
		.nextElementSibling.textContent;

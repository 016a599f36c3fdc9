/* Without it the page shows all that it has; with it, a pointer or the arrow
 * keys tell the values of a chart, and legends switch lines. */
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

/* Points of a chart that can be seen, series by series. */
function points(chart) {
	return [...chart.querySelectorAll("[onmousemove]")]
		.filter((point) => !point.closest(".off"));
}

function show(point) {
	const box = point.getBoundingClientRect();
	point.onmousemove({clientX: box.x + box.width / 2, clientY: box.y});
}

for (const chart of document.querySelectorAll("svg.chart")) {
	let at = -1;
	const leave = () => {
		for (const point of chart.querySelectorAll(".at"))
			point.classList.remove("at");
		tip.hidden = true;
	};
	chart.addEventListener("blur", leave);
	chart.addEventListener("keydown", (event) => {
		const all = points(chart);
		const step = {ArrowRight: 1, ArrowDown: 1,
			      ArrowLeft: -1, ArrowUp: -1}[event.key];
		if (event.key === "Escape")
			leave();
		if (!step || all.length === 0)
			return;
		event.preventDefault();
		leave();
		at = at < 0 && step < 0 ? all.length - 1
			: (at + step + all.length) % all.length;
		all[at].classList.add("at");
		show(all[at]);
	});
}

addEventListener("scroll", () => { tip.hidden = true; }, {passive: true});
addEventListener("beforeprint", () => {
	for (const details of document.querySelectorAll("details"))
		details.open = true;
});

// SPDX-License-Identifier: MIT
// Numbers over time: free memory against the zone's marks and by order, and what reclaim
// and compaction did; any other counter of /proc/vmstat can be chosen.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { orderColour } from './colours.js';
import { ZoneChoice } from './freelists.jsx';
import { bytes, count } from './format.js';
import { describeStep } from './timebar.jsx';
import { useStore } from './store.js';
import { useWidth } from './width.js';

const HEIGHT = 190;
const POWERS = Array.from({ length: 34 }, (_, i) => 2 ** i);

/** @series: { label, values, colour, dash }; @stacked: on each other, the last at the bottom. */
function Chart({ model, store, theme, title, note, series, width, format = count, memory, stacked }) {
	const step = useStore(store, (v) => v.step);
	const at = useRef(), plot = useRef();
	const isStill = series.every(({ values }) => values.every((value) => value === 0));
	useEffect(() => {
		if (isStill) return undefined;
		const { colours } = theme;
		const steps = model.steps.map((_, i) => i + 1);
		let sums = series.map(({ values }) => values);
		if (stacked) {
			sums = sums.map(() => new Array(steps.length).fill(0));
			for (let i = series.length - 1; i >= 0; i--) {
				sums[i] = series[i].values.map((value, x) => value + (i + 1 < series.length ? sums[i + 1][x] : 0));
			}
		}
		const font = '11px system-ui, sans-serif';
		const axis = { stroke: colours.muted, grid: { stroke: colours.rule, width: 1 }, ticks: { show: false }, font };
		const chart = new uPlot({
			width, height: HEIGHT,
			legend: { show: false },
			cursor: { points: { show: false }, drag: { x: false, y: false }, x: true, y: false },
			scales: { x: { time: false, range: [1, Math.max(2, model.nrSteps)] }, y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] } },
			axes: [
				{ ...axis, size: 26, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000] },
				{ ...axis, size: 66, incrs: memory ? POWERS : undefined, values: (_, ticks) => ticks.map(format) },
			],
			series: [{}, ...series.map(({ colour, dash }) => ({
				stroke: stacked ? undefined : colour, fill: stacked ? colour : undefined, width: stacked ? 0 : 1.5, dash, points: { show: false },
				paths: uPlot.paths.stepped({ align: 1 }),
			}))],
			hooks: { draw: [(u) => {
				const x = u.valToPos(store.values.step + 1, 'x', true);
				u.ctx.save();
				u.ctx.strokeStyle = colours.ink;
				u.ctx.lineWidth = 1;
				u.ctx.beginPath();
				u.ctx.moveTo(x, u.bbox.top);
				u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
				u.ctx.stroke();
				u.ctx.restore();
			}] },
		}, [steps, ...sums], at.current);
		chart.over.addEventListener('click', () => {
			const to = chart.cursor.idx;
			if (to != null) store.set({ step: to, said: describeStep(model, to) });
		});
		plot.current = chart;
		return () => chart.destroy();
	}, [series, width, theme.name]);
	useEffect(() => { plot.current?.redraw(false); }, [step]);
	if (isStill) return <figure class="chart"><figcaption><b>{title}</b></figcaption><p class="muted">None at any step.</p></figure>;
	return <figure class="chart">
		<figcaption><b>{title}</b> <span class="muted">{note}</span></figcaption>
		<div ref={at} role="img" aria-label={`${title} over ${model.nrSteps} steps; the values of this step stand below`} style={{ minHeight: `${HEIGHT}px` }} />
		<dl class="values">{series.map(({ label, values, colour, dash }) => <div>
			<dt><i class={dash ? 'line dashed' : 'line'} style={{ borderColor: colour }} />{label}</dt><dd class="number">{format(values[step])}</dd>
		</div>)}</dl>
	</figure>;
}

/** What a counter added at each step. */
const changes = (values) => values.map((value, i) => (i ? value - values[i - 1] : 0));

export function Counters({ model, store, theme }) {
	const zone = useStore(store, (v) => v.zone);
	const [box, width] = useWidth();
	const names = model.doc.vmstat;
	const all = useMemo(() => new Map(names.map((name, i) => [name, model.steps.map((step) => step.vmstat[i])])), []);
	const moving = useMemo(() => names.filter((name) => all.get(name).some((value, i, row) => value !== row[0])), []);
	const [chosen, choose] = useState(moving.find((name) => name.startsWith('pgalloc')) ?? moving[0]);
	const { colours } = theme;
	const total = (prefixes) => model.steps.map((_, i) => names.reduce((sum, name) => (prefixes.some((p) => name.startsWith(p)) ? sum + all.get(name)[i] : sum), 0));

	const marks = useMemo(() => {
		const rows = model.steps.map((_, i) => model.zoneNumbers(zone, i));
		return [
			{ label: 'free', values: rows.map((row) => row.free), colour: colours.types[1] },
			{ label: 'high', values: rows.map((row) => row.high + row.boost), colour: colours.types[2], dash: [6, 3] },
			{ label: 'low', values: rows.map((row) => row.low + row.boost), colour: colours.types[4], dash: [6, 3] },
			{ label: 'min', values: rows.map((row) => row.min + row.boost), colour: colours.types[0], dash: [6, 3] },
		];
	}, [zone, theme.name]);
	const orders = useMemo(() => {
		const rows = model.steps.map((_, i) => model.freeByOrder(zone, i));
		return Array.from({ length: model.maxOrder + 1 }, (_, i) => model.maxOrder - i).map((order) => ({
			label: `order ${order}`, values: rows.map((row) => row[order] * 2 ** order), colour: orderColour(colours, order, model.maxOrder),
		})).reverse();
	}, [zone, theme.name]);
	const reclaim = useMemo(() => [
		{ label: 'scanned', values: changes(total(['pgscan_kswapd', 'pgscan_direct'])), colour: colours.types[0] },
		{ label: 'reclaimed', values: changes(total(['pgsteal_kswapd', 'pgsteal_direct'])), colour: colours.types[1] },
		{ label: 'requests stalled', values: changes(total(['allocstall'])), colour: colours.types[3] },
	], [theme.name]);
	const compaction = useMemo(() => [
		{ label: 'frames scanned to move', values: changes(total(['compact_migrate_scanned'])), colour: colours.types[0] },
		{ label: 'frames scanned to fill', values: changes(total(['compact_free_scanned'])), colour: colours.types[4] },
		{ label: 'frames moved', values: changes(total(['pgmigrate_success'])), colour: colours.types[1] },
		{ label: 'requests that compacted', values: changes(total(['compact_stall'])), colour: colours.types[3] },
	], [theme.name]);
	const other = useMemo(() => (chosen ? [{ label: chosen, values: all.get(chosen), colour: colours.types[1] }] : []), [chosen, theme.name]);

	const columns = width > 1180 ? 3 : width > 760 ? 2 : 1;
	const shared = { model, store, theme, width: Math.floor((width - (columns - 1) * 28) / columns) };
	const size = (n) => bytes(n * 4096);
	return <section id="counters" aria-labelledby="counters-title">
		<div class="title">
			<h2 id="counters-title">Counters</h2>
			<p class="muted">Steps to the right. Click a chart to go to a step.</p>
		</div>
		<div class="choices">
			<ZoneChoice model={model} store={store} />
			<label class="field">Counter <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
				{moving.map((name) => <option value={name} selected={name === chosen}>{name}</option>)}
			</select></label>
		</div>
		<div class="charts" ref={box} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
			{width > 0 && <>
				<Chart {...shared} title="Free memory and marks" note={model.zones[zone].title} series={marks} format={size} memory />
				<Chart {...shared} title="Free memory by order" note={model.zones[zone].title} series={orders} format={size} memory stacked />
				<Chart {...shared} title="Reclaim" note="frames at each step" series={reclaim} />
				<Chart {...shared} title="Compaction" note="at each step" series={compaction} />
				{chosen && <Chart {...shared} title={chosen} note="/proc/vmstat" series={other} />}
			</>}
		</div>
	</section>;
}

// SPDX-License-Identifier: MIT
// Linux's two indexes of each order over time: how much of free memory a request of that
// order cannot use, and whether one fails for lack of memory or because it is in pieces.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ZoneChoice } from './freelists.jsx';
import { indexColour } from './colours.js';
import { extfragIndex, unusableIndex } from './model.js';
import { index } from './format.js';
import { describeStep } from './timebar.jsx';
import { useStore } from './store.js';
import { useWidth } from './width.js';

const ROW = 18, LEFT = 26, RIGHT = 52;

function Heat({ model, store, theme, title, note, values, step, width, none }) {
	const canvas = useRef();
	const orders = values[0].length;
	const plot = Math.max(60, width - LEFT - RIGHT);
	useEffect(() => {
		const at = canvas.current;
		at.width = model.nrSteps;
		at.height = orders;
		const draw = at.getContext('2d');
		values.forEach((row, x) => row.forEach((value, order) => {
			draw.fillStyle = value === null ? theme.colours.hole : indexColour(theme.colours, Math.max(0, Math.min(1, value)));
			draw.fillRect(x, orders - 1 - order, 1, 1);
		}));
	}, [values, theme.name]);
	const stepOf = (event) => {
		const { left, width: w } = canvas.current.getBoundingClientRect();
		return Math.max(0, Math.min(model.nrSteps - 1, Math.floor(((event.clientX - left) / w) * model.nrSteps)));
	};
	return <figure class="heat">
		<figcaption><b>{title}</b> <span class="muted">{note}</span></figcaption>
		<div class="heat-plot" style={{ gridTemplateColumns: `${LEFT}px ${plot}px ${RIGHT}px` }}>
			<div class="axis">{values[0].map((_, i) => <span style={{ height: `${ROW}px` }}>{orders - 1 - i}</span>)}</div>
			<div class="ribbon" style={{ height: `${orders * ROW}px` }}>
				<canvas ref={canvas} role="img" aria-label={`${title} by order, at all ${model.nrSteps} steps; the table beside it has the values of this step`}
					onClick={(event) => { const to = stepOf(event); store.set({ step: to, said: describeStep(model, to) }); }} />
				<i class="now upright" style={{ left: `${((step + 0.5) / model.nrSteps) * plot}px` }} />
			</div>
			<table class="values"><caption class="aside">{title} at this step</caption><tbody>
				{values[step].map((value, order) => ({ value, order })).reverse().map(({ value, order }) => <tr style={{ height: `${ROW}px` }}>
					<th class="aside" scope="row">order {order}</th>
					<td class="number" data-order={order}>{value === null ? <span title={none}>–</span> : index(value)}</td>
				</tr>)}
			</tbody></table>
		</div>
	</figure>;
}

export function Fragmentation({ model, store, theme }) {
	const zone = useStore(store, (v) => v.zone);
	const step = useStore(store, (v) => v.step);
	const [box, width] = useWidth();
	const { unusable, extfrag } = useMemo(() => {
		const free = model.steps.map((_, at) => model.freeByOrder(zone, at));
		return {
			unusable: free.map((row) => row.map((_, order) => unusableIndex(row, order))),
			extfrag: free.map((row) => row.map((_, order) => extfragIndex(row, order))),
		};
	}, [zone]);
	const shared = { model, store, theme, step, width: Math.floor((width - 32) / (width > 900 ? 2 : 1)) };
	return <section id="fragmentation" aria-labelledby="fragmentation-title">
		<div class="title">
			<h2 id="fragmentation-title">Fragmentation</h2>
			<p class="muted">Rows are orders, time runs to the right.</p>
		</div>
		<div class="choices">
			<ZoneChoice model={model} store={store} />
			<span class="muted keys scale">0 {Array.from({ length: 12 }, (_, i) => <i style={{ background: indexColour(theme.colours, i / 11) }} />)} 1
				<i class="swatch" style={{ background: theme.colours.hole }} />a block is there</span>
		</div>
		<div class="heats" ref={box}>
			{width > 0 && <>
				<Heat {...shared} title="Unusable free space index" note="share of free memory in blocks too small" values={unusable} />
				<Heat {...shared} title="Fragmentation index" note="towards 0 memory is short, towards 1 it is in pieces" values={extfrag} none="a block of this order is there" />
			</>}
		</div>
	</section>;
}

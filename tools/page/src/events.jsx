// SPDX-License-Identifier: MIT
// The last operations and, if they are wanted, the machine's own events in each. Only the
// rows in view are in the page.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { bytes, count, hex } from './format.js';
import { describeStep } from './timebar.jsx';
import { useStore } from './store.js';

const ROW = 26, ROWS = 14, MORE = 6;

/** An event as texts, from its row in the document. */
export function readEvent(doc, [op, what, cpu, pfn, order, size, gfp, owner, site, failed, object, rest]) {
	const text = (number) => (number < 0 ? '' : doc.texts[number]);
	const [value, flags] = gfp < 0 ? ['', ''] : doc.gfp[gfp].split(/ (.*)/s);
	return { op, what: text(what), cpu, pfn, order, size, value, flags, owner: text(owner), site: text(site), failed: failed === 1, object, rest };
}

/** The events that were kept; failures of before among them. */
function allEvents(doc) {
	const first = doc.events[0]?.[0] ?? Infinity;
	return [...doc.failures.map(({ event }) => event).filter(([op]) => op < first), ...doc.events];
}

/** The same with what the machine recorded in each operation before it. */
function withTraced(doc, events) {
	const all = [];
	let next = 0;
	const until = (op) => {
		while (next < doc.traced.length && doc.traced[next][0] <= op) all.push(doc.traced[next++]);
	};
	for (const event of events) {
		until(event[0]);
		all.push(event);
	}
	until(Infinity);
	return all;
}

/** The first step that shows an operation. */
export function stepOfOp(model, op) {
	let low = 0, high = model.nrSteps - 1;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (model.steps[middle].op < op) low = middle + 1;
		else high = middle;
	}
	return low;
}

export function Events({ model, store }) {
	const { doc } = model;
	const [filter, setFilter] = useState('');
	const [onlyFailed, setOnlyFailed] = useState(false);
	const [traced, setTraced] = useState(false);
	const [top, setTop] = useState(0);
	const [active, setActive] = useState(0);
	const scroll = useRef();
	const step = useStore(store, (v) => v.step);
	const events = useMemo(() => (traced ? withTraced(doc, allEvents(doc)) : allEvents(doc)).map((row, key) => {
		const event = readEvent(doc, row);
		return { ...event, key, words: `${event.what} ${event.owner} ${event.rest ?? ''} ${event.site} ${event.flags} ${event.pfn >= 0 ? hex(event.pfn) : ''} ${event.object || ''}`.toLowerCase() };
	}), [traced]);
	const wanted = filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
	const rows = useMemo(() => events.filter((event) => (!onlyFailed || event.failed) && wanted.every((word) => event.words.includes(word))), [filter, onlyFailed, traced]);
	const until = model.steps[step].op;
	useEffect(() => { setActive(0); setTop(0); if (scroll.current) scroll.current.scrollTop = 0; }, [filter, onlyFailed, traced]);
	const first = Math.max(0, Math.floor(top / ROW) - MORE), last = Math.min(rows.length, first + ROWS + 2 * MORE);
	const light = (event) => {
		const place = event && event.pfn >= 0 ? model.placeOf(event.pfn) : -1;
		store.set({ lit: place < 0 ? null : {
			from: 'event', item: event.key, label: `Operation ${count(event.op)}: ${event.what}, frame ${hex(event.pfn)}`,
			runs: [{ place, nr: event.order >= 0 ? 2 ** event.order : 1 }],
		} });
	};
	const go = (event) => {
		const to = stepOfOp(model, event.op);
		store.set({ step: to, said: describeStep(model, to) });
	};
	const onKey = (event) => {
		const next = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + ROWS, PageUp: active - ROWS, Home: 0, End: rows.length - 1 }[event.key];
		if (event.key === 'Enter' && rows[active]) go(rows[active]);
		else if (next === undefined || !rows.length) return;
		else {
			const to = Math.max(0, Math.min(rows.length - 1, next));
			setActive(to);
			light(rows[to]);
			store.set({ said: `${rows[to].what} ${rows[to].owner} ${rows[to].flags}, row ${to + 1} of ${rows.length}` });
			const at = scroll.current;
			if (to * ROW < at.scrollTop) at.scrollTop = to * ROW;
			else if ((to + 1) * ROW > at.scrollTop + ROWS * ROW) at.scrollTop = (to + 1 - ROWS) * ROW;
		}
		event.preventDefault();
	};
	return <section id="events" aria-labelledby="events-title">
		<div class="title">
			<h2 id="events-title">Operations</h2>
			<p class="muted">{doc.events.length < doc.nr_ops ? `The last ${count(doc.events.length)} of ${count(doc.nr_ops)}, and failures before them.` : `All ${count(doc.nr_ops)}.`} Point at one to light its frames, press Enter to go to its step; those after this step are grey.</p>
		</div>
		<div class="choices">
			<label class="field grow">Show those with <input type="search" value={filter} placeholder="kmalloc GFP_ATOMIC 0x1f40 …" onInput={(event) => setFilter(event.currentTarget.value)} /></label>
			<label class="check"><input type="checkbox" checked={onlyFailed} onChange={(event) => setOnlyFailed(event.currentTarget.checked)} /> failed only</label>
			<label class="check"><input type="checkbox" checked={traced} disabled={!doc.traced.length} onChange={(event) => setTraced(event.currentTarget.checked)} /> and the machine’s own events</label>
			<span class="muted" role="status">{count(rows.length)} shown</span>
		</div>
		<div class="events" role="table" aria-label="Operations" aria-rowcount={rows.length + 1}>
			<div role="rowgroup"><div role="row" aria-rowindex={1} class="row heads">
				{['operation', 'what', 'CPU', 'frame', 'order', 'bytes', 'flags', 'owner', 'asked by'].map((name) => <span role="columnheader">{name}</span>)}
			</div></div>
			<div role="rowgroup" class="scroll" ref={scroll} tabIndex={0} aria-label="Operations; arrow keys move, Enter goes to the step"
				style={{ height: `${ROW * ROWS}px` }} onScroll={(event) => setTop(event.currentTarget.scrollTop)} onKeyDown={onKey}
				onMouseLeave={() => light(null)} onBlur={() => light(null)}>
				<div role="presentation" style={{ height: `${first * ROW}px` }} />
				{rows.slice(first, last).map((event, i) => <div role="row" aria-rowindex={first + i + 2} key={event.key}
					class={`row${first + i === active ? ' active' : ''}${event.op > until ? ' later' : ''}${event.failed ? ' failed' : ''}${event.rest === undefined ? '' : ' traced'}`}
					onMouseEnter={() => light(event)} onClick={() => { setActive(first + i); go(event); }}>
					<span role="cell" class="number">{count(event.op)}</span>
					<span role="cell">{event.failed && <b class="mark">failed </b>}{event.what}</span>
					<span role="cell" class="number">{event.cpu < 0 ? '' : event.cpu}</span>
					<span role="cell" class="number"><code>{event.pfn < 0 ? '' : hex(event.pfn)}</code></span>
					<span role="cell" class="number">{event.order < 0 ? '' : event.order}</span>
					<span role="cell" class="number">{event.size ? (event.order < 0 ? count(event.size) : bytes(event.size)) : ''}</span>
					<span role="cell" title={event.value}>{event.flags}</span>
					<span role="cell" title={event.rest}>{event.owner} {event.rest}</span>
					<span role="cell">{event.site}</span>
				</div>)}
				<div role="presentation" style={{ height: `${(rows.length - last) * ROW}px` }} />
			</div>
		</div>
	</section>;
}

// SPDX-License-Identifier: MIT
// A list twice: in its own order above, in order of address below, and each entry joined
// with itself. Lines that do not cross are a list that ascends.
import { useEffect, useRef, useState } from 'preact/hooks';
import { count } from './format.js';
import { useStore } from './store.js';

const TOP = 14, LOW = 74, HEIGHT = 90;

/** A path of upright strokes at the columns of a line in which there is one of @places. */
function strokes(places, start, end, width) {
	const columns = new Set(places.map((place) => Math.floor(((place - start) / (end - start)) * width)));
	return [...columns].map((x) => `M${x + 0.5} ${LOW}v8`).join('');
}

/**
 * @items: { place, nr, label }; @start, @end: places that the address line spans; @rest:
 * how many entries the list has besides; @all: places of all of them, or nothing.
 */
export function Lane({ store, items, start, end, colour, width, name, rest, all }) {
	const [active, setActive] = useState(-1);
	const svg = useRef();
	const cursor = useStore(store, (v) => v.cursor);
	const lit = useStore(store, (v) => v.lit);
	useEffect(() => setActive(-1), [items]);
	const chip = Math.min(18, (width - (rest ? 96 : 0)) / Math.max(1, items.length));
	const xOf = (place) => ((place - start) / (end - start)) * width;
	const isLit = (item) => (lit?.from === name && lit.item === item.place) || (cursor >= item.place && cursor < item.place + item.nr);
	const show = (i) => {
		const item = items[i];
		setActive(i);
		store.set(item
			? { lit: { from: name, item: item.place, runs: item.runs ?? [{ place: item.place, nr: item.nr }], label: item.label }, said: item.label, cursor: -1 }
			: { lit: null });
	};
	const onKey = (event) => {
		const next = { ArrowRight: active + 1, ArrowLeft: active - 1, Home: 0, End: items.length - 1 }[event.key];
		if (event.key === 'Escape') show(-1);
		else if (next !== undefined) show(Math.max(0, Math.min(items.length - 1, next)));
		else return;
		event.preventDefault();
	};
	const id = (i) => `${name}-${i}`.replace(/\W/g, '-');
	const some = items.some(isLit);
	return <svg ref={svg} class={some ? 'lane some' : 'lane'} width={width} height={HEIGHT} tabIndex={items.length ? 0 : -1} role="listbox"
		aria-label={`${name}, ${items.length} entries from the head`} aria-activedescendant={active >= 0 ? id(active) : undefined}
		onKeyDown={onKey} onMouseLeave={() => show(-1)} onBlur={() => active >= 0 && show(-1)}>
		<line class="base" x1="0" x2={width} y1={LOW + 8} y2={LOW + 8} />
		{all && <path class="all" style={{ '--hue': colour }} d={strokes(all, start, end, width)} />}
		{items.map((item, i) => {
			const from = i * chip + chip / 2, w = Math.max(2, (item.nr / (end - start)) * width);
			const to = xOf(item.place) + w / 2;
			return <g key={item.place} id={id(i)} role="option" aria-selected={i === active} aria-label={item.label}
				class={isLit(item) ? 'item lit' : 'item'} style={{ '--hue': colour }} onMouseEnter={() => show(i)}>
				<path d={`M${from} ${TOP}C${from} ${TOP + 28} ${to} ${LOW - 28} ${to} ${LOW}`} />
				<rect x={i * chip + (chip > 4 ? 0.5 : 0)} y="1" width={Math.max(1, chip - (chip > 4 ? 1 : 0.25))} height={TOP - 1} />
				<rect x={xOf(item.place)} y={LOW} width={w} height="8" />
			</g>;
		})}
		{rest > 0 && <text x={items.length * chip + 6} y={TOP - 2}>and {count(rest)} more</text>}
	</svg>;
}

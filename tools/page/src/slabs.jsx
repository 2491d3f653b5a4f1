// SPDX-License-Identifier: MIT
// The caches; of the chosen one how a slot is laid out, and slabs object by object.
import { useMemo } from 'preact/hooks';
import { RED_ZONE } from './model.js';
import { count, frames, hex, plural } from './format.js';
import { useStore } from './store.js';

const PLACES = ['CPU slab', 'In reserve for a CPU', 'On a node’s partial list', 'Full, on no list'];
const LETTERS = {
	u: ['used', 'in use'],
	h: ['hand', 'free, at hand in a sheaf'],
	c: ['cpu', 'free, on the CPU’s list'],
	f: ['free', 'free, on the slab’s list'],
};

/** The parts of a slot, each with its bytes. */
function partsOf(cache) {
	const parts = [];
	const add = (id, name, from, to) => { if (to > from) parts.push({ id, name, from, bytes: to - from }); };
	const red = cache.flags & RED_ZONE;
	const pointerOutside = cache.free_pointer >= cache.end;
	add('red', 'red zone', -cache.red_left, 0);
	add('object', 'object', 0, cache.object_size);
	add(red ? 'red' : 'fill', red ? 'red zone' : 'up to a word', cache.object_size, cache.end);
	const meta = pointerOutside ? cache.free_pointer + 8 : cache.end;
	if (pointerOutside) {
		add('fill', 'fill', cache.end, cache.free_pointer);
		add('pointer', 'free pointer', cache.free_pointer, meta);
	}
	add('fill', 'records and fill', meta, cache.size - cache.red_left);
	return parts;
}

function Slot({ cache }) {
	const parts = partsOf(cache);
	const inside = cache.free_pointer < cache.end;
	return <div class="slot">
		<div class="slot-bar" role="img" aria-label={`A slot of ${cache.size} bytes: ${parts.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')}`}>
			{parts.map(({ id, name, bytes, from }) => <span class={`part ${id}`} style={{ flexGrow: bytes }} title={`${name}: ${bytes} bytes from ${from}`}>
				{bytes / cache.size > 0.09 ? <>{name} <b>{bytes}</b></> : ''}
			</span>)}
		</div>
		<p class="muted">{parts.map(({ name, bytes }) => `${name} ${bytes}`).join(' · ')} = <b>{cache.size}</b> bytes; {plural(cache.objects, 'object')} in a slab of {frames(2 ** cache.order)}
			{inside && `; a free object keeps its pointer at ${cache.free_pointer}`}{cache.sheaf_objects > 0 && `; a sheaf holds ${cache.sheaf_objects}`}</p>
	</div>;
}

function Slab({ model, store, slab, cache }) {
	const rank = new Map(slab.free.map((number, i) => [number, i + 1]));
	const used = [...slab.letters].filter((letter) => letter === 'u').length;
	const where = slab.place < 2 ? `CPU ${slab.cpu}` : slab.place === 2 ? `node ${slab.node}` : '';
	const name = `Slab at frame ${hex(slab.pfn)}${where && `, ${where}`}: ${used} of ${plural(slab.letters.length, 'object')} in use`;
	const place = model.placeOf(slab.pfn);
	const light = (on) => store.set({ lit: on ? { from: 'slab', item: place, runs: [{ place, nr: 2 ** slab.order }], label: name } : null });
	return <div class="slab" tabIndex={0} role="group" aria-label={`${name}${slab.damaged.length ? `; red zones damaged: objects ${slab.damaged.join(', ')}` : ''}`}
		onMouseEnter={() => light(true)} onMouseLeave={() => light(false)} onFocus={() => light(true)} onBlur={() => light(false)}>
		<p><code>{hex(slab.pfn)}</code> {where}{slab.place && slab.place < 3 ? ` · ${slab.index + 1}.` : ''} <span class="muted">{used}/{slab.letters.length}</span></p>
		<div class="cells" aria-hidden="true">
			{[...slab.letters].map((letter, i) => <i class={`cell ${LETTERS[letter][0]}${slab.damaged.includes(i) ? ' damaged' : ''}`}
				title={`object ${i} at ${hex(slab.pfn)}+${cache.red_left + i * cache.size}: ${LETTERS[letter][1]}${rank.has(i) ? `, ${rank.get(i)}. to come` : ''}${slab.damaged.includes(i) ? '; red zone damaged' : ''}`}>
				{slab.damaged.includes(i) ? '!' : rank.get(i) ?? ''}
			</i>)}
		</div>
	</div>;
}

export function Slabs({ model, store }) {
	const step = useStore(store, (v) => v.step);
	const wanted = useStore(store, (v) => v.cache);
	const shown = model.shownAt(step);
	const rows = useMemo(() => model.cacheCounts.keys().map((cache) => ({ cache, view: model.doc.caches[cache], now: model.cacheCounts.at(cache, step) }))
		.filter(({ now }) => now?.slabs)
		.sort((a, b) => b.now.slabs * 2 ** b.view.order - a.now.slabs * 2 ** a.view.order), [step]);
	const chosen = wanted !== null && rows.some(({ cache }) => cache === wanted) ? wanted : rows.find(({ cache }) => shown.has(cache))?.cache ?? rows[0]?.cache;
	const view = model.doc.caches[chosen];
	const slabs = (shown.get(chosen) ?? []).map((pfn) => model.slabs.at(pfn, step)).filter(Boolean);
	return <section id="slabs" aria-labelledby="slabs-title">
		<div class="title">
			<h2 id="slabs-title">Slab</h2>
			<p class="muted">{plural(rows.length, 'cache')} with slabs at this step, those with the most memory first. Numbers in free objects are the order in which they come out.</p>
		</div>
		<div class="slabs">
			<div class="scroll" tabIndex={0} role="region" aria-label="Caches">
				<table class="caches">
					<caption class="aside">Slab caches</caption>
					<thead><tr><th scope="col">cache</th><th scope="col" class="number">size</th><th scope="col" class="number">slabs</th><th scope="col" class="number">partial</th><th scope="col" class="number">objects</th><th scope="col" class="number">in use</th><th scope="col" class="number">memory</th></tr></thead>
					<tbody>{rows.map(({ cache, view: v, now }) => <tr class={cache === chosen ? 'chosen' : ''} onClick={() => store.set({ cache })}>
						<th scope="row"><button type="button" aria-pressed={cache === chosen} onClick={() => store.set({ cache })}><code>{v.name}</code></button></th>
						<td class="number">{count(v.size)}</td>
						<td class="number">{count(now.slabs)}</td>
						<td class="number">{count(now.partial)}</td>
						<td class="number">{count(now.objects)}</td>
						<td class="number bar" style={{ '--part': now.used / now.objects, '--hue': 'var(--slab)' }}>{count(now.used)}</td>
						<td class="number">{frames(now.slabs * 2 ** v.order)}</td>
					</tr>)}</tbody>
				</table>
			</div>
			{view && <div class="cache">
				<h3><code>{view.name}</code></h3>
				<Slot cache={view} />
				<p class="muted keys">{Object.values(LETTERS).map(([id, name]) => <span><i class={`cell ${id}`} />{name}</span>)}<span><i class="cell used damaged">!</i>red zone damaged</span></p>
				{PLACES.map((name, place) => ({ name, list: slabs.filter((slab) => slab.place === place) })).filter(({ list }) => list.length).map(({ name, list }) => <>
					<h4>{name}</h4>
					<div class="slab-row">{list.map((slab) => <Slab key={slab.pfn} {...{ model, store, slab, cache: view }} />)}</div>
				</>)}
				{!slabs.length && <p class="muted">Slabs of this cache were not recorded at this step; <code>--report-caches={view.name}</code> does.</p>}
			</div>}
		</div>
	</section>;
}

// SPDX-License-Identifier: MIT
// The free lists of a zone, or a CPU's: how long each is, and of one order each in order.
import { useMemo } from 'preact/hooks';
import { orderColour, typeColour } from './colours.js';
import { USED } from './model.js';
import { Lane } from './lanes.jsx';
import { count, frames, hex, plural } from './format.js';
import { useStore } from './store.js';
import { useWidth } from './width.js';

/** Lists by order and type: { nr, pfns }. */
function listsOf(model, zone, cpu, step) {
	if (cpu < 0) {
		return Array.from({ length: model.maxOrder + 1 }, (_, order) => model.doc.machine.migratetypes.map((_n, type) => (
			model.lists.at(model.listKey(zone, order, type), step) ?? { nr: 0, pfns: [] })));
	}
	const table = Array.from({ length: model.maxOrder + 1 }, () => model.doc.machine.migratetypes.map(() => ({ nr: 0, pfns: [] })));
	for (const list of model.cpuList(zone, cpu, step)?.lists ?? []) table[list.order][list.type] = list;
	return table;
}

export function ZoneChoice({ model, store }) {
	const zone = useStore(store, (v) => v.zone);
	return <label class="field">Zone <select value={zone} onChange={(event) => store.set({ zone: Number(event.currentTarget.value) })}>
		{model.zones.map(({ number, title }) => <option value={number} selected={number === zone}>{title}</option>)}
	</select></label>;
}

export function FreeLists({ model, store, theme }) {
	const zone = useStore(store, (v) => v.zone);
	const cpu = useStore(store, (v) => v.cpu);
	const step = useStore(store, (v) => v.step);
	const wanted = useStore(store, (v) => v.order);
	const [box, width] = useWidth();
	model.go(step);
	const lists = useMemo(() => listsOf(model, zone, cpu, step), [zone, cpu, step]);
	const { migratetypes, cpus } = model.doc.machine;
	const longest = lists.map((row) => row.reduce((sum, { nr }) => sum + nr, 0));
	const order = wanted ?? Math.max(0, longest.reduce((best, nr, i) => (nr > longest[best] ? i : best), 0));
	const most = Math.log2(1 + Math.max(...lists.flat().map(({ nr }) => nr)));
	const used = migratetypes.map((_, type) => type).filter((type) => type < 3 || lists.some((row) => row[type].nr));
	const span = model.zones[zone];
	const pcp = cpu >= 0 ? model.cpuList(zone, cpu, step) : null;
	return <section id="lists" aria-labelledby="lists-title">
		<div class="title">
			<h2 id="lists-title">Free lists</h2>
			<p class="muted">Choose an order. Each list is drawn from its head, which is taken first, and below it in order of address.</p>
		</div>
		<div class="choices">
			<ZoneChoice model={model} store={store} />
			<label class="field">Lists of <select value={cpu} onChange={(event) => store.set({ cpu: Number(event.currentTarget.value) })}>
				<option value="-1" selected={cpu === -1}>the zone</option>
				{Array.from({ length: cpus }, (_, i) => <option value={i} selected={cpu === i}>CPU {i}</option>)}
			</select></label>
			{pcp && <span class="muted">{plural(pcp.count, 'frame')} of at most {count(pcp.high)}, {pcp.batch} at a time</span>}
		</div>
		<div class="lists">
			<div class="scroll">
				<table class="matrix">
					<caption class="aside">Free blocks by order and migratetype</caption>
					<thead><tr><th scope="col">order</th>{used.map((type) => <th scope="col" class="number">{migratetypes[type]}</th>)}<th scope="col" class="number">memory</th></tr></thead>
					<tbody>{lists.map((row, o) => ({ row, o })).reverse().map(({ row, o }) => <tr class={o === order ? 'chosen' : ''} onClick={() => store.set({ order: o })}>
						<th scope="row"><button type="button" aria-pressed={o === order} onClick={() => store.set({ order: o })}>
							<i class="swatch" style={{ background: orderColour(theme.colours, o, model.maxOrder) }} />{o}</button></th>
						{used.map((type) => <td class="number bar" style={{ '--part': most ? Math.log2(1 + row[type].nr) / most : 0, '--hue': typeColour(theme.colours, type, USED) }}>{row[type].nr ? count(row[type].nr) : '·'}</td>)}
						<td class="number">{longest[o] ? frames(longest[o] * 2 ** o) : '·'}</td>
					</tr>)}</tbody>
				</table>
			</div>
			<div class="lanes" ref={box}>
				{width > 0 && used.filter((type) => lists[order][type].nr).map((type) => {
					const { nr, pfns } = lists[order][type];
					const items = pfns.map((pfn, i) => ({
						place: model.placeOf(pfn), nr: 2 ** order,
						label: `Entry ${i + 1} of ${nr}: frame ${hex(pfn)}, order ${order}, ${migratetypes[type]}`,
					}));
					const name = `Order ${order}, ${migratetypes[type]}`;
					return <div>
						<h3>{name} <span class="muted">{plural(nr, 'block')}</span></h3>
						<Lane {...{ store, items, width, name, start: span.first, end: span.end, rest: nr - items.length, all: cpu < 0 && nr > items.length ? model.freePlaces(zone, order, type) : null, colour: typeColour(theme.colours, type, USED) }} />
					</div>;
				})}
				{!longest[order] && <p class="muted">Nothing is free at order {order}.</p>}
				<p class="ends muted" aria-hidden="true"><span>{hex(span.start)}</span><span>addresses of zone {span.title}</span><span>{hex(span.start + span.spanned - 1)}</span></p>
			</div>
		</div>
	</section>;
}

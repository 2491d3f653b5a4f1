// SPDX-License-Identifier: MIT
// The areas of the vmalloc space, and the frames that the chosen one shows.
import { Lane } from './lanes.jsx';
import { bytes, count, frames, hex, plural } from './format.js';
import { useStore } from './store.js';
import { useWidth } from './width.js';

/** The words of a line of /proc/vmallocinfo: what it is, and who asked for it. */
function readWhat(what) {
	const words = what.split(' ');
	return {
		kind: words.filter((word) => !/^(0x|pages=|N\d+=)/.test(word)).join(' '),
		caller: words.find((word) => word.startsWith('0x')) ?? '',
	};
}

const nrFrames = (area) => area.runs.reduce((sum, { nr }) => sum + nr, 0);

export function Areas({ model, store, theme }) {
	const step = useStore(store, (v) => v.step);
	const wanted = useStore(store, (v) => v.area);
	const [box, width] = useWidth();
	const { nr, list } = model.areasAt(step);
	const number = Math.min(wanted, Math.max(0, list.length - 1));
	const area = list[number];
	const light = (one) => store.set({ lit: one && one.runs.length ? {
		from: 'area', item: one.address, label: `Area ${one.address}, ${plural(nrFrames(one), 'frame')}`,
		runs: one.runs.map(({ pfn, nr: n }) => ({ place: model.placeOf(pfn), nr: n })),
	} : null });
	let page = 0;
	const items = area?.runs.map(({ pfn, nr: n }) => {
		const first = page;
		page += n;
		return { place: model.placeOf(pfn), nr: n, label: `Pages ${first} to ${page - 1} of the area: frames ${hex(pfn)} to ${hex(pfn + n - 1)}` };
	}) ?? [];
	return <section id="areas" aria-labelledby="areas-title">
		<div class="title">
			<h2 id="areas-title">vmalloc</h2>
			<p class="muted">{nr ? `${plural(nr, 'area')} at this step${nr > list.length ? `, the lowest ${list.length} of them here` : ''}; above runs of pages as the area has them, below where their frames lie.` : 'No area at this step.'}</p>
		</div>
		<div class="areas">
			{list.length > 0 && <div class="scroll" tabIndex={0} role="region" aria-label="Areas">
				<table>
					<caption class="aside">Areas of the vmalloc space</caption>
					<thead><tr><th scope="col">address</th><th scope="col" class="number">size</th><th scope="col" class="number">frames</th><th scope="col" class="number">runs</th><th scope="col">what</th><th scope="col">caller</th></tr></thead>
					<tbody>{list.map((one, i) => <tr class={i === number ? 'chosen' : ''} onClick={() => store.set({ area: i })}
						onMouseEnter={() => light(one)} onMouseLeave={() => light(null)}>
						<th scope="row"><button type="button" aria-pressed={i === number} onClick={() => store.set({ area: i })}
							onFocus={() => light(one)} onBlur={() => light(null)}><code>{one.address}</code></button></th>
						<td class="number">{frames(one.pages)}</td>
						<td class="number">{count(nrFrames(one))}</td>
						<td class="number">{count(one.runs.length)}</td>
						<td>{readWhat(one.what).kind}</td>
						<td><code>{readWhat(one.what).caller}</code></td>
					</tr>)}</tbody>
				</table>
			</div>}
			<div class="lanes" ref={box}>
				{area && width > 0 && <>
					<h3><code>{area.address}</code> <span class="muted">{bytes(area.pages * 4096)}, guard included</span></h3>
					<Lane {...{ store, items: items.slice(0, 256), width, name: `Area ${area.address}`, start: 0, end: model.nrFrames, rest: Math.max(0, items.length - 256), colour: theme.colours.types[1] }} />
					<p class="ends muted" aria-hidden="true"><span>{hex(model.zones[0].start)}</span><span>all frames</span><span>{hex(model.pfnAt(model.nrFrames - 1))}</span></p>
				</>}
			</div>
		</div>
	</section>;
}

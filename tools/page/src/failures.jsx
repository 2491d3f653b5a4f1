// SPDX-License-Identifier: MIT
// Why requests failed: each with the state of the zones at that moment.
import { useMemo } from 'preact/hooks';
import { readEvent } from './events.jsx';
import { count, frames, plural } from './format.js';
import { describeStep } from './timebar.jsx';
import { useStore } from './store.js';

/** Types of zones, by the library's numbers, from the lowest up. */
const DMA = 0, DMA32 = 1, NORMAL = 2, MOVABLE = 3, HIGHMEM = 5;
const HIGH = 0x20;
const RANKS = [DMA, DMA32, NORMAL, HIGHMEM, MOVABLE];

/** The highest zone that flags allow, as Linux's gfp_zone() has it. */
function highestZone(gfp) {
	if (gfp & 0x01) return DMA;
	if (gfp & 0x02) return gfp & 0x08 ? MOVABLE : HIGHMEM;
	return gfp & 0x04 ? DMA32 : NORMAL;
}

/**
 * What a zone had for a request: Linux's __zone_watermark_ok() by its plain rule. Atomic
 * requests may go below it, and other rules may bar a zone; then `why` of the failure says so.
 */
function verdict(model, zone, step, order, gfp) {
	const numbers = model.zoneNumbers(zone.number, step);
	const free = model.freeByOrder(zone.number, step);
	const highest = highestZone(gfp);
	const reserve = numbers.reserve[highest];
	const blocks = free.reduce((sum, nr, o) => (o >= order ? sum + nr : sum), 0);
	const largest = free.reduce((best, nr, o) => (nr ? o : best), -1);
	const usable = numbers.free - (2 ** order - 1) - (gfp & HIGH ? 0 : numbers.highatomic);
	let why = ['there', `${plural(blocks, 'block')} of order ${order} or more`];
	if (RANKS.indexOf(zone.type) > RANKS.indexOf(highest)) why = ['barred', 'not for these flags'];
	else if (usable <= numbers.min + numbers.boost + reserve) why = ['short', 'would be below its mark'];
	else if (!blocks) why = ['pieces', largest < 0 ? 'nothing free' : `in pieces: nothing above order ${largest}`];
	return { zone, numbers, reserve, why };
}

const SUMS = {
	short: 'Memory is short: each zone that may be used would be below its mark.',
	pieces: 'Memory is there but in pieces: no block is large enough.',
	both: 'Memory is there but in pieces; zones with a block large enough would be below their mark.',
	there: 'A block is there, but the request was not to have it: other rules decided.',
};

function summary(zones) {
	const found = new Set(zones.map(({ why }) => why[0]));
	if (found.has('there')) return SUMS.there;
	if (found.has('pieces')) return found.has('short') ? SUMS.both : SUMS.pieces;
	return SUMS.short;
}

/** Failures one after the other that are alike but for numbers. */
function groupsOf(model) {
	const groups = [];
	for (const failure of model.doc.failures) {
		const event = readEvent(model.doc, failure.event);
		const zones = model.zones.map((zone) => verdict(model, zone, failure.step, failure.order, Number(event.value || 0)));
		const key = [failure.order, event.value, event.owner, ...zones.map(({ why }) => why[0])].join();
		const last = groups.at(-1);
		if (last?.key === key) last.failures.push(failure);
		else groups.push({ key, event, zones, failures: [failure] });
	}
	return groups;
}

function Card({ model, store, group }) {
	const { event, zones, failures: [first, ...more] } = group;
	const step = useStore(store, (v) => v.step);
	const go = (failure) => store.set({ step: failure.step, said: describeStep(model, failure.step) });
	const last = more.at(-1);
	return <article class={group.failures.some((failure) => failure.step === step) ? 'card chosen' : 'card'}>
		<h3>Order {first.order} <span class="muted">{frames(2 ** first.order)}{event.owner && ` for ${event.owner}`}{last && ` · ${count(group.failures.length)} times`}</span></h3>
		<p class="flags"><code>{event.flags || event.what}</code></p>
		<p>{summary(zones)}</p>
		<table>
			<caption class="aside">The zones when the request failed, in frames</caption>
			<thead><tr><th scope="col">zone</th><th scope="col" class="number">free</th><th scope="col" class="number">min</th><th scope="col" class="number">kept</th><th scope="col">state</th></tr></thead>
			<tbody>{zones.map(({ zone, numbers, reserve, why }) => <tr class={why[0]}>
				<th scope="row">{zone.title}</th>
				<td class="number">{count(numbers.free)}</td>
				<td class="number">{count(numbers.min + numbers.boost)}</td>
				<td class="number">{count(reserve)}</td>
				<td>{why[1]}</td>
			</tr>)}</tbody>
		</table>
		{first.why && <pre class="why" tabIndex={0} role="region" aria-label={`What operation ${event.op} met on its way`}>{first.why.trim()}</pre>}
		<p class="go">
			<button type="button" onClick={() => go(first)}>Operation {count(event.op)}, step {first.step + 1}</button>
			{last && <button type="button" onClick={() => go(last)}>the last, step {last.step + 1}</button>}
		</p>
	</article>;
}

export function Failures({ model, store }) {
	const { failures, nr_failures: nr } = model.doc;
	const groups = useMemo(() => groupsOf(model), []);
	return <section id="failures" aria-labelledby="failures-title">
		<div class="title">
			<h2 id="failures-title">Why did this fail?</h2>
			<p class="muted">{plural(nr, 'request')} got nothing{nr > failures.length ? `; the first ${failures.length} are here` : ''}. “kept” is what the zone keeps from requests that could go higher.</p>
		</div>
		<div class="cards">{groups.map((group) => <Card key={group.failures[0].step} {...{ model, store, group }} />)}</div>
	</section>;
}

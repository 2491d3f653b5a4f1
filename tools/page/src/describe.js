// SPDX-License-Identifier: MIT
// What is known of a frame, in words.
import { FREE, HOLE, PCP, SLAB, STATES, USED, USES } from './model.js';
import { frames, hex } from './format.js';

/** The area that shows a frame at the step at hand. */
function areaOf(model, pfn, step) {
	return model.areasAt(step).list.find(({ runs }) => runs.some((run) => pfn >= run.pfn && pfn < run.pfn + run.nr));
}

/** Rows of name and value. */
export function describeFrame(model, place, step) {
	model.go(step);
	const run = model.runAt(place), { kind } = run;
	const pfn = model.pfnAt(place), zone = model.zoneAt(place);
	const block = model.blocks[model.blockOf[place]];
	const rows = [['frame', hex(pfn)], ['address', model.address(pfn)]];
	let state = STATES[kind.state];
	if (kind.state === USED && kind.use) state = USES[kind.use];
	rows.push(['state', state]);
	if (kind.state !== HOLE && (kind.order || kind.state !== USED)) rows.push(['block', `order ${kind.order}, ${frames(run.nr)}, from ${hex(run.pfn)}`]);
	if (kind.state === SLAB && kind.cache >= 0) rows.push(['cache', model.doc.caches[kind.cache].name]);
	if (kind.state === USED) {
		const area = areaOf(model, pfn, step);
		if (area) rows.push(['area', `${area.address} ${area.what}`]);
	}
	rows.push(['pageblock', `${block.number}, ${model.doc.machine.migratetypes[model.now.types[block.number]]}`]);
	rows.push(['zone', zone.title]);
	const since = model.now.since[place];
	rows.push(['so since', since === step ? 'this step' : `step ${since + 1}`]);
	return rows;
}

export const isFree = (kind) => kind.state === FREE || kind.state === PCP;
export const inWords = (rows) => rows.map(([name, value]) => `${name} ${value}`).join(', ');

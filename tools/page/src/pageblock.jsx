// SPDX-License-Identifier: MIT
// One pageblock: the tree of its buddies at this step, and its frames at every step.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { orderColour, typeColour } from './colours.js';
import { FREE, HOLE, PCP, SLAB, STATES, USED } from './model.js';
import { frames, hex, plural } from './format.js';
import { describeStep } from './timebar.jsx';
import { useStore } from './store.js';
import { useWidth } from './width.js';

const ROW = 19;
const LABELS = 58;

/**
 * The tree, as the blocks that are there and the larger ones that were split for them.
 * Positions are frames from the start of the pageblock, which is where its tree begins.
 */
function treeOf(model, block) {
	const { kind, types } = model.now;
	const size = model.blockSize, start = block.pfn - (block.pfn % size);
	const leaves = [], split = new Set();
	for (let pfn = block.pfn; pfn < block.pfn + block.nr;) {
		const at = kind[block.place + pfn - block.pfn], what = model.kinds[at];
		let nr = what.state === HOLE ? 1 : Math.min(2 ** what.order, block.pfn + block.nr - pfn);
		if (what.state === HOLE) while (pfn + nr < block.pfn + block.nr && kind[block.place + pfn - block.pfn + nr] === at) nr++;
		leaves.push({ at: pfn - start, nr, kind: what, pfn });
		if (what.state !== HOLE) {
			for (let order = what.order + 1; 2 ** order <= size; order++) split.add(`${order} ${Math.floor((pfn - start) / 2 ** order)}`);
		}
		pfn += nr;
	}
	return { leaves, split: [...split].map((key) => key.split(' ').map(Number)), type: types[block.number] };
}

function colourOf(theme, model, kind, type) {
	if (kind.state === FREE) return orderColour(theme, kind.order, model.maxOrder);
	return kind.state === PCP ? theme.pcp : kind.state === HOLE ? theme.hole : typeColour(theme, type, kind.state);
}

function Tree({ model, store, theme, block, step, width }) {
	model.go(step);
	const cursor = useStore(store, (v) => v.cursor);
	const { leaves, split, type } = treeOf(model, block);
	const top = model.doc.machine.block_order, scale = width / model.blockSize;
	const yOf = (order) => (top - Math.min(order, top)) * ROW;
	const free = leaves.filter(({ kind }) => kind.state === FREE);
	const lead = cursor >= 0 && model.blockOf[cursor] === block.number ? model.pfnAt(cursor) : -1;
	const enter = (leaf) => store.set({
		cursor: block.place + leaf.pfn - block.pfn,
	});
	const words = `Buddy tree of pageblock ${block.number}: ${plural(free.length, 'free block')}, ${plural(leaves.length - free.length, 'other block')}, ${plural(split.length, 'split')}`;
	return <svg class="tree" width={width} height={(top + 1) * ROW} role="img" aria-label={words}>
		{split.map(([order, i]) => <rect class="split" x={i * 2 ** order * scale + 0.5} y={yOf(order) + 3}
			width={Math.max(1, 2 ** order * scale - 1)} height={ROW - 6} />)}
		{leaves.map((leaf) => {
			const order = leaf.kind.state === HOLE ? 0 : leaf.kind.order;
			const w = Math.max(0.75, leaf.nr * scale - (leaf.nr * scale > 3 ? 1 : 0));
			const lit = lead >= leaf.pfn && lead < leaf.pfn + leaf.nr;
			return <rect class={lit ? 'leaf lit' : 'leaf'} x={leaf.at * scale + 0.5} y={yOf(order) + 1} width={w} height={ROW - 2}
				fill={colourOf(theme.colours, model, leaf.kind, type)}
				onMouseEnter={() => enter(leaf)} onMouseLeave={() => store.set({ cursor: -1 })}>
				<title>{`${hex(leaf.pfn)}: ${STATES[leaf.kind.state]}, order ${order}, ${frames(leaf.nr)}`}</title>
			</rect>;
		})}
	</svg>;
}

function drawRibbon(canvas, model, theme, block, step, width, rowHeight) {
	const history = model.blockHistory(block);
	const offset = block.pfn % model.blockSize;
	canvas.width = model.blockSize;
	canvas.height = model.nrSteps;
	const draw = canvas.getContext('2d');
	const image = draw.createImageData(model.blockSize, model.nrSteps);
	const pixels = new Uint32Array(image.data.buffer);
	const { type } = treeOf(model, block);
	const inks = model.kinds.map((kind) => {
		const colour = colourOf(theme.colours, model, kind, type);
		const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
		return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
	});
	for (let row = 0; row < model.nrSteps; row++) {
		for (let i = 0; i < block.nr; i++) pixels[row * model.blockSize + offset + i] = inks[history[row * block.nr + i]];
	}
	draw.putImageData(image, 0, 0);
}

export function Pageblock({ model, store, theme }) {
	const number = useStore(store, (v) => v.block);
	const step = useStore(store, (v) => v.step);
	const [box, boxWidth] = useWidth();
	const ribbon = useRef();
	const block = model.blocks[number];
	const width = Math.max(120, boxWidth - LABELS);
	const ribbonHeight = Math.max(60, Math.min(220, model.nrSteps * 4));
	const before = useMemo(() => model.nextChange(block, step, -1), [number, step]);
	const after = useMemo(() => model.nextChange(block, step, 1), [number, step]);
	const top = model.doc.machine.block_order;
	model.go(step);
	const type = model.now.types[number];
	useEffect(() => { if (boxWidth) drawRibbon(ribbon.current, model, theme, block, step, width, ribbonHeight); }, [number, type, theme.name, boxWidth > 0]);
	const go = (to) => to >= 0 && store.set({ step: to, said: describeStep(model, to) });
	const choose = (to) => {
		const chosen = model.blocks[Math.max(0, Math.min(model.blocks.length - 1, to))];
		store.set({ block: chosen.number, zone: chosen.zone.number });
	};
	return <section id="pageblock" aria-labelledby="pageblock-title">
		<div class="title">
			<h2 id="pageblock-title">Pageblock {number}</h2>
			<p class="muted"><i class="swatch" style={{ background: typeColour(theme.colours, type, USED) }} />{model.doc.machine.migratetypes[type]} · zone {block.zone.title} · frames <code>{hex(block.pfn)}</code> to <code>{hex(block.pfn + block.nr - 1)}</code></p>
		</div>
		<div class="choices">
			<label class="field">Pageblock <input type="number" min="0" max={model.blocks.length - 1} value={number}
				onInput={(event) => event.currentTarget.value !== '' && choose(Number(event.currentTarget.value))} /></label>
			<button type="button" disabled={before < 0} onClick={() => go(before)}>◂ Change before</button>
			<button type="button" disabled={after < 0} onClick={() => go(after)}>Change after ▸</button>
			<span class="muted keys">
				<i class="swatch" style={{ background: orderColour(theme.colours, 0, model.maxOrder) }} />free, order 0
				<i class="swatch" style={{ background: orderColour(theme.colours, top, model.maxOrder) }} />free, order {top}
				<i class="swatch" style={{ background: theme.colours.pcp }} />on a CPU’s list
				<i class="swatch" style={{ background: typeColour(theme.colours, type, USED) }} />in use
				<i class="swatch" style={{ background: typeColour(theme.colours, type, SLAB) }} />slab
				<i class="swatch outline" />split
			</span>
		</div>
		<div class="block" ref={box}>
			<div class="axis" style={{ width: `${LABELS}px` }} aria-hidden="true">
				{Array.from({ length: top + 1 }, (_, i) => <span style={{ height: `${ROW}px` }}>order {top - i}</span>)}
			</div>
			<div>{boxWidth > 0 && <Tree {...{ model, store, theme, block, step, width }} />}</div>
			<div class="axis time-axis" style={{ width: `${LABELS}px`, height: `${ribbonHeight}px` }} aria-hidden="true">
				<span>step 1</span><span>{model.nrSteps}</span>
			</div>
			<div class="ribbon" style={{ width: `${width}px`, height: `${ribbonHeight}px` }}>
				<canvas ref={ribbon} role="img" aria-label={`Frames of pageblock ${number} at all ${model.nrSteps} steps, time downwards`}
					onClick={(event) => {
						const { top: y, height } = event.currentTarget.getBoundingClientRect();
						go(Math.min(model.nrSteps - 1, Math.floor(((event.clientY - y) / height) * model.nrSteps)));
					}} />
				<i class="now" style={{ top: `${((step + 0.5) / model.nrSteps) * ribbonHeight}px` }} />
			</div>
		</div>
	</section>;
}

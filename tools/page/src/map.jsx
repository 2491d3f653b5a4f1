// SPDX-License-Identifier: MIT
// All frames of the machine, in order of address.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Painter, SCHEMES } from './colours.js';
import { describeFrame, inWords } from './describe.js';
import { count, frames, percent, plural } from './format.js';
import { Geometry } from './geometry.js';
import { useStore } from './store.js';
import { useWidth } from './width.js';

const WANTED_HEIGHT = 720;
const FEW = 400; // runs up to here are outlined one by one

/** Draw the frames. Return: the legend, with numbers. */
function drawFrames(canvas, painter, geometry, scheme, step) {
	const { ink, legend } = painter.paint(scheme, step);
	const { frameOf, width, height } = geometry;
	if (canvas.width !== width || canvas.height !== height) {
		canvas.width = width;
		canvas.height = height;
		canvas.image = null;
	}
	// In the program's own memory: it is written whole each time.
	const draw = canvas.getContext('2d', { willReadFrequently: true });
	canvas.image ??= draw.createImageData(width, height);
	const pixels = new Uint32Array(canvas.image.data.buffer);
	for (let i = 0; i < pixels.length; i++) {
		const place = frameOf[i];
		pixels[i] = place < 0 ? 0 : ink[place];
	}
	draw.putImageData(canvas.image, 0, 0);
	return legend;
}

/** Veil all but what is lit, and outline that, the chosen pageblock and the cursor. */
function drawMarks(canvas, model, geometry, theme, { lit, block, cursor }) {
	const ratio = window.devicePixelRatio || 1;
	const { width, height } = geometry;
	canvas.width = width * ratio;
	canvas.height = height * ratio;
	const draw = canvas.getContext('2d');
	draw.scale(ratio, ratio);
	const { colours } = theme;
	const outline = ([x, y, w, h], line, colour, least = 0) => {
		const dx = Math.max(0, least - w) / 2, dy = Math.max(0, least - h) / 2;
		draw.strokeStyle = colour;
		draw.lineWidth = line;
		draw.strokeRect(x - dx - line / 2, y - dy - line / 2, w + 2 * dx + line, h + 2 * dy + line);
	};
	if (lit?.runs.length) {
		const rectangles = lit.runs.flatMap(({ place, nr }) => geometry.rectangles(place, nr));
		draw.globalAlpha = 0.72;
		draw.fillStyle = colours.paper;
		draw.fillRect(0, 0, width, height);
		draw.globalAlpha = 1;
		for (const [x, y, w, h] of rectangles) draw.clearRect(x, y, w, h);
		if (rectangles.length <= FEW) for (const rectangle of rectangles) outline(rectangle, 1.5, colours.mark, rectangles.length < 40 ? 7 : 0);
	}
	const chosen = model.blocks[block];
	for (const rectangle of geometry.rectangles(chosen.place, chosen.nr)) outline(rectangle, 1.5, colours.ink);
	if (cursor >= 0) {
		const run = model.runAt(cursor);
		for (const rectangle of geometry.rectangles(run.place, run.nr)) outline(rectangle, 1, colours.ink, 5);
		outline([...geometry.corner(cursor), geometry.sx, geometry.sy], 1, colours.mark, 5);
	}
}

function Legend({ legend, total }) {
	return <table class="legend">
		<caption class="aside">Frames of each colour at this step</caption>
		<thead class="aside"><tr><th scope="col">what</th><th scope="col">frames</th><th scope="col">memory</th><th scope="col">share</th></tr></thead>
		<tbody>{legend.map(({ id, label, colour, code, frames: nr }) => <tr key={id}>
			<th scope="row"><i class="swatch" style={{ background: colour }} />{code ? <code>{label}</code> : label}</th>
			<td class="number">{count(nr)}</td>
			<td class="number">{frames(nr)}</td>
			<td class="number">{percent(nr, total)}</td>
		</tr>)}</tbody>
	</table>;
}

function Facts({ model, store }) {
	const cursor = useStore(store, (v) => v.cursor);
	const step = useStore(store, (v) => v.step);
	const lit = useStore(store, (v) => v.lit);
	return <div class="here">
		<h3>{cursor >= 0 ? 'Under the cursor' : lit ? 'Lit' : 'Under the cursor'}</h3>
		{cursor >= 0
			? <dl>{describeFrame(model, cursor, step).map(([name, value]) => <div><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
			: <p class="muted">{lit ? lit.label : 'Point at a frame, or put the focus on the map and use the arrow keys.'}</p>}
	</div>;
}

const KEYS = {
	ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

export function MapSection({ model, store, theme }) {
	const step = useStore(store, (v) => v.step);
	const scheme = useStore(store, (v) => v.scheme);
	const layout = useStore(store, (v) => v.layout);
	const lit = useStore(store, (v) => v.lit);
	const cursor = useStore(store, (v) => v.cursor);
	const block = useStore(store, (v) => v.block);
	const legend = useStore(store, (v) => v.legend);
	const [box, width] = useWidth();
	const canvas = useRef(), marks = useRef();
	const painter = useMemo(() => new Painter(model, theme.colours), [theme.name]);
	const geometry = useMemo(() => (width > 80 ? new Geometry(model, layout, width, WANTED_HEIGHT) : null), [layout, width]);

	const redraw = () => drawFrames(canvas.current, painter, geometry, scheme, step);
	useEffect(() => {
		if (!geometry) return;
		store.set({ legend: redraw() });
		window.kallocReport && Object.assign(window.kallocReport, { redraw, geometry, canvas: canvas.current });
	}, [geometry, painter, scheme, step]);
	useEffect(() => {
		if (!geometry) return;
		model.go(step);
		drawMarks(marks.current, model, geometry, theme, { lit, block, cursor });
	}, [geometry, lit, block, cursor, step, theme.name]);

	const frameOfEvent = (event) => {
		const { left, top } = marks.current.getBoundingClientRect();
		return geometry.frameAt(event.clientX - left, event.clientY - top);
	};
	const choose = (place) => {
		if (place < 0) return;
		const chosen = model.blocks[model.blockOf[place]];
		store.set({ block: chosen.number, zone: chosen.zone.number, said: `Pageblock ${chosen.number} chosen` });
	};
	const move = (to) => {
		const place = Math.max(0, Math.min(model.nrFrames - 1, to));
		store.set({ cursor: place, said: inWords(describeFrame(model, place, store.values.step)) });
	};
	const onKey = (event) => {
		const at = cursor < 0 ? model.blocks[block].place : cursor;
		if (KEYS[event.key]) {
			const [dx, dy] = KEYS[event.key];
			const [x, y] = geometry.corner(at);
			const next = geometry.frameAt(x + dx * geometry.sx, y + dy * geometry.sy);
			// Past an edge, or over a gap: on in order of address.
			move(next >= 0 ? next : at + (dx || dy * model.blockSize));
		} else if (event.key === 'PageUp' || event.key === 'PageDown') {
			const next = model.blocks[model.blockOf[at] + (event.key === 'PageUp' ? -1 : 1)];
			if (next) move(next.place);
		} else if (event.key === 'Home' || event.key === 'End') {
			move(event.key === 'Home' ? 0 : model.nrFrames - 1);
		} else if (event.key === 'Enter' || event.key === ' ') {
			choose(at);
		} else if (event.key === 'Escape') {
			store.set({ cursor: -1, lit: null });
		} else {
			return;
		}
		event.preventDefault();
	};
	return <section id="map" aria-labelledby="map-title">
		<div class="title">
			<h2 id="map-title">Page map</h2>
			<p class="muted">{layout === 'tiles'
				? `One tile is a pageblock of ${plural(model.blockSize, 'frame')}; in it, buddies are neighbours.`
				: 'Frames ascend along each line.'} Addresses ascend from top left.</p>
		</div>
		<div class="choices">
			<fieldset class="segments"><legend>Colour by</legend>
				{SCHEMES.map(([id, label]) => <label><input type="radio" name="scheme" value={id} checked={scheme === id}
					onChange={() => store.set({ scheme: id, said: `Coloured by ${label}` })} /><span>{label}</span></label>)}
			</fieldset>
			<fieldset class="segments"><legend>Lay out in</legend>
				{[['tiles', 'Pageblocks'], ['lines', 'Lines']].map(([id, label]) => <label><input type="radio" name="layout" value={id} checked={layout === id}
					onChange={() => store.set({ layout: id })} /><span>{label}</span></label>)}
			</fieldset>
		</div>
		<div class="map">
			<div class="zones" aria-hidden="true">{geometry?.bands.map(({ zone, y }) => <span style={{ top: `${y}px` }}>{zone.title}<br /><small>{frames(zone.spanned)}</small></span>)}</div>
			<div class="canvases" ref={box} style={{ height: geometry ? `${geometry.height}px` : '20rem' }}>
				<canvas ref={canvas} class="frames" aria-hidden="true" />
				{geometry && <canvas ref={marks} class="marks" tabIndex={0} role="application" aria-roledescription="page map"
					aria-label="Page map. Arrow keys move over frames, Page Up and Page Down over pageblocks, Enter chooses a pageblock, Escape lets go."
					style={{ width: `${geometry.width}px`, height: `${geometry.height}px` }}
					onMouseMove={(event) => store.set({ cursor: frameOfEvent(event) })}
					onMouseLeave={() => store.set({ cursor: -1 })}
					onClick={(event) => choose(frameOfEvent(event))}
					onKeyDown={onKey} />}
			</div>
			<div class="beside">
				{legend && <Legend legend={legend} total={model.nrFrames} />}
				<Facts model={model} store={store} />
			</div>
		</div>
	</section>;
}

// SPDX-License-Identifier: MIT
// The step that all of the page shows, over what memory was used for at each.
import { useEffect, useRef, useState } from 'preact/hooks';
import { FREE, PCP, SLAB, USED } from './model.js';
import { count, frames, percent } from './format.js';
import { useStore } from './store.js';
import { useWidth } from './width.js';

const HEIGHT = 44;

export function describeStep(model, step) {
	const { op, label } = model.steps[step];
	const sum = model.sums[step];
	const whole = sum[0] + sum[1] + sum[2] + sum[3];
	return `Step ${step + 1} of ${model.nrSteps}${label ? `, ${label}` : ''}: operation ${count(op)} of ${count(model.doc.nr_ops)}, ${percent(sum[FREE] + sum[PCP], whole)} free`;
}

function drawHistory(canvas, model, theme, width) {
	const ratio = window.devicePixelRatio || 1;
	canvas.width = width * ratio;
	canvas.height = HEIGHT * ratio;
	const draw = canvas.getContext('2d');
	draw.scale(ratio, ratio);
	const { colours } = theme;
	const layers = [[USED, colours.used], [SLAB, colours.slab], [PCP, colours.pcp]];
	const x = (step) => (model.nrSteps > 1 ? (step * width) / (model.nrSteps - 1) : width / 2);
	const most = Math.max(1, ...model.sums.map((sum) => sum[USED] + sum[SLAB] + sum[PCP])) * 1.1;
	const base = new Array(model.nrSteps).fill(0);
	for (const [state, colour] of layers) {
		draw.beginPath();
		for (let step = 0; step < model.nrSteps; step++) draw.lineTo(x(step), HEIGHT * (1 - base[step]));
		for (let step = model.nrSteps - 1; step >= 0; step--) {
			const sum = model.sums[step];
			base[step] += sum[state] / most;
			draw.lineTo(x(step), HEIGHT * (1 - base[step]));
		}
		draw.closePath();
		draw.fillStyle = colour;
		draw.fill();
	}
	draw.fillStyle = colours.muted;
	draw.font = '11px system-ui, sans-serif';
	draw.fillText(`in use, at most ${frames(most / 1.1)}${model.doc.failures.length ? '; ▾ a request failed' : ''}`, 6, 13);
	draw.fillStyle = colours.mark;
	for (const { step } of model.doc.failures) {
		draw.beginPath();
		draw.moveTo(x(step) - 4, 0);
		draw.lineTo(x(step) + 4, 0);
		draw.lineTo(x(step), 7);
		draw.fill();
	}
}

export function TimeBar({ model, store, theme }) {
	const step = useStore(store, (v) => v.step);
	const [playing, setPlaying] = useState(false);
	const [box, width] = useWidth();
	const canvas = useRef();
	const { op, label } = model.steps[step];
	const sum = model.sums[step];
	const whole = sum[0] + sum[1] + sum[2] + sum[3];
	const go = (next) => {
		const to = Math.max(0, Math.min(model.nrSteps - 1, next));
		store.set({ step: to, said: describeStep(model, to) });
	};
	useEffect(() => { if (width) drawHistory(canvas.current, model, theme, width); }, [width, theme.name]);
	useEffect(() => {
		if (!playing) return undefined;
		const timer = setInterval(() => {
			const next = store.values.step + 1;
			if (next >= model.nrSteps) setPlaying(false);
			else go(next);
		}, 90);
		return () => clearInterval(timer);
	}, [playing]);
	const play = () => {
		if (!playing && step === model.nrSteps - 1) go(0);
		setPlaying(!playing);
	};
	return <section class="time" aria-label="Time">
		<div class="buttons">
			<button type="button" onClick={() => go(step - 1)} aria-label="Previous step" disabled={step === 0}>◂</button>
			<button type="button" onClick={play} aria-pressed={playing}>{playing ? 'Pause' : 'Play'}</button>
			<button type="button" onClick={() => go(step + 1)} aria-label="Next step" disabled={step === model.nrSteps - 1}>▸</button>
		</div>
		<div class="scrub" ref={box}>
			<canvas ref={canvas} aria-hidden="true" style={{ width: `${width}px`, height: `${HEIGHT}px` }} />
			<input type="range" min="0" max={model.nrSteps - 1} value={step} aria-label="Step"
				aria-valuetext={describeStep(model, step)} onInput={(event) => go(Number(event.currentTarget.value))} />
		</div>
		<p class="when">
			<span><b>{step + 1}</b> / {model.nrSteps}</span>
			<span>operation <b>{count(op)}</b></span>
			<span><b>{percent(sum[FREE] + sum[PCP], whole)}</b> free</span>
			<span class="label">{label}</span>
		</p>
	</section>;
}

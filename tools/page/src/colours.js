// SPDX-License-Identifier: MIT
// Colours: one hue for each migratetype and one scale for orders, the same everywhere on
// the page. The hues are those of Okabe and Ito, which people with any form of colour
// blindness can tell apart; scales run from light to dark as well as from hue to hue.
import { interpolateCividis, interpolateViridis } from 'd3-scale-chromatic';
import { FREE, HOLE, PCP, SLAB, USED } from './model.js';

const LIGHT = {
	paper: '#ffffff', ink: '#1b1d20', muted: '#61666d', rule: '#dfe1e4',
	free: '#f1f2f3', hole: '#dfe1e3', used: '#c3c7cc', slab: '#9aa0a8', mark: '#c8102e',
	types: ['#d55e00', '#0072b2', '#009e73', '#b1509a', '#b8860b'],
	zones: ['#d55e00', '#0072b2', '#009e73', '#b1509a', '#56b4e9', '#8a6d00'],
	caches: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#7b61b5', '#9c9a00'],
	other: '#a39a8c', area: '#1b1d20', file: '#d3dbe4', anon: '#a9b7c8', pcp: '#e4b6d5',
};
const DARK = {
	paper: '#16181b', ink: '#e8e9eb', muted: '#9ba1a9', rule: '#31353b',
	free: '#1f2226', hole: '#2c3036', used: '#454b53', slab: '#69717c', mark: '#ff6b78',
	types: ['#ee7733', '#4aa3df', '#2dbb8f', '#dc8cc3', '#e0b040'],
	zones: ['#ee7733', '#4aa3df', '#2dbb8f', '#dc8cc3', '#8fd0f5', '#e0b040'],
	caches: ['#4aa3df', '#f0b23c', '#2dbb8f', '#dc8cc3', '#8fd0f5', '#ee7733', '#a48fdc', '#cfcc55'],
	other: '#8d8578', area: '#f4f4f4', file: '#3d4855', anon: '#5d7088', pcp: '#8a4f76',
};
export const themes = { light: LIGHT, dark: DARK };

function rgb(colour) {
	if (colour.startsWith('#')) return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
	return colour.match(/\d+/g).map(Number);
}
export const css = ([r, g, b]) => `#${[r, g, b].map((v) => Math.round(v).toString(16).padStart(2, '0')).join('')}`;
const word = (colour) => {
	const [r, g, b] = rgb(colour);
	return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
};
/** A colour on its way to another: 0 is @from, 1 is @to. */
export function mix(from, to, part) {
	const a = rgb(from), b = rgb(to);
	return css(a.map((v, i) => v + (b[i] - v) * part));
}

/** An order: small blocks are light on white and glow on black. */
export function orderColour(theme, order, most) {
	const t = order / most;
	return css(rgb(interpolateViridis(theme === LIGHT ? 0.93 - 0.88 * t : 0.98 - 0.7 * t)));
}
/** An index from 0 to 1. */
export const indexColour = (theme, value) => css(rgb(interpolateCividis(theme === LIGHT ? 1 - 0.92 * value : 0.12 + 0.88 * value)));
export const ageColour = (theme, age) => css(rgb(interpolateViridis(theme === LIGHT ? 0.08 + 0.86 * age : 0.97 - 0.8 * age)));

export function typeColour(theme, type, state) {
	const hue = theme.types[type] ?? theme.other;
	if (state === FREE) return mix(hue, theme.paper, theme === LIGHT ? 0.8 : 0.76);
	if (state === PCP) return mix(hue, theme.paper, 0.5);
	if (state === SLAB) return mix(hue, theme === LIGHT ? '#000000' : '#ffffff', 0.3);
	return state === HOLE ? theme.hole : hue;
}
function zoneColour(theme, zone, state) {
	const hue = theme.zones[zone % theme.zones.length];
	return state === FREE ? mix(hue, theme.paper, 0.78) : state === PCP ? mix(hue, theme.paper, 0.5) : state === HOLE ? theme.hole : hue;
}

const GROUPS = 8; // of frames, beside their kind
const AGES = 64;

/** The caches that ever had the most frames get a colour of their own. */
export function chosenCaches(model, theme) {
	const most = new Map();
	for (const cache of model.cacheCounts.keys()) {
		const frames = Math.max(...model.cacheCounts.entries.get(cache).values.map((v) => v.slabs)) * 2 ** model.doc.caches[cache].order;
		if (frames) most.set(cache, frames);
	}
	const chosen = [...most].sort((a, b) => b[1] - a[1]).slice(0, theme.caches.length).map(([cache]) => cache);
	return new Map(chosen.map((cache, i) => [cache, theme.caches[i]]));
}

/**
 * A scheme says for a kind and a group which entry of the legend it is, and for an entry
 * its colour. Groups are pageblock types, zones, or whether a frame is an area's.
 */
function schemes(model, theme) {
	const caches = chosenCaches(model, theme);
	const { migratetypes } = model.doc.machine;
	const stateNames = { [FREE]: 'free', [PCP]: 'per CPU', [SLAB]: 'slab', [USED]: 'in use' };
	return {
		migratetype: {
			entry: (kind, type) => (kind.state === HOLE ? 'hole' : `${type} ${kind.state}`),
			entries: [
				...migratetypes.flatMap((name, type) => [USED, SLAB, PCP, FREE].map((state) => (
					{ id: `${type} ${state}`, label: `${name}, ${stateNames[state]}`, colour: typeColour(theme, type, state) }))),
				{ id: 'hole', label: 'never used', colour: theme.hole },
			],
		},
		order: {
			entry: (kind) => (kind.state === FREE ? `free ${kind.order}` : `${kind.state}`),
			entries: [
				...Array.from({ length: model.maxOrder + 1 }, (_, i) => model.maxOrder - i).map((order) => (
					{ id: `free ${order}`, label: `free, order ${order}`, colour: orderColour(theme, order, model.maxOrder) })),
				{ id: `${PCP}`, label: 'per CPU', colour: theme.pcp },
				{ id: `${USED}`, label: 'in use', colour: theme.used },
				{ id: `${SLAB}`, label: 'slab', colour: theme.slab },
				{ id: `${HOLE}`, label: 'never used', colour: theme.hole },
			],
		},
		zone: {
			entry: (kind, zone) => (kind.state === HOLE ? 'hole' : `${zone} ${kind.state === SLAB ? USED : kind.state}`),
			entries: [
				...model.zones.slice(0, GROUPS).flatMap((zone, i) => [USED, PCP, FREE].map((state) => (
					{ id: `${i} ${state}`, label: `${zone.title}, ${stateNames[state]}`, colour: zoneColour(theme, i, state) }))),
				{ id: 'hole', label: 'never used', colour: theme.hole },
			],
		},
		cache: {
			entry: (kind, area) => {
				if (kind.state === SLAB) return caches.has(kind.cache) ? `c${kind.cache}` : 'others';
				if (kind.state === USED) return area ? 'area' : ['used', 'file', 'anon', 'used'][kind.use];
				return kind.state === HOLE ? 'hole' : 'free';
			},
			entries: [
				...[...caches].map(([cache, colour]) => ({ id: `c${cache}`, label: model.doc.caches[cache].name, colour, code: true })),
				{ id: 'others', label: 'other caches', colour: theme.other },
				{ id: 'area', label: 'vmalloc areas', colour: theme.area },
				{ id: 'file', label: 'file pages', colour: mix(theme.anon, theme.file, 0.75) },
				{ id: 'anon', label: 'anonymous pages', colour: theme.anon },
				{ id: 'used', label: 'other pages in use', colour: theme.used },
				{ id: 'free', label: 'free', colour: theme.free },
				{ id: 'hole', label: 'never used', colour: theme.hole },
			],
		},
	};
}

export const SCHEMES = [
	['migratetype', 'Migratetype'], ['order', 'Free order'], ['cache', 'Cache'], ['zone', 'Zone'], ['age', 'Age'],
];

/** Paints frames. One is made for a theme; it keeps tables, and arrays of its own. */
export class Painter {
	constructor(model, theme) {
		this.model = model;
		this.theme = theme;
		this.schemes = schemes(model, theme);
		this.ink = new Uint32Array(model.nrFrames);
		this.area = new Uint8Array(model.nrFrames);
		this.areasStep = undefined;
		this.tables = {};
	}

	table(name) {
		if (!this.tables[name]) {
			const { entry, entries } = this.schemes[name];
			const numbers = new Map(entries.map(({ id }, i) => [id, i]));
			const words = entries.map(({ colour }) => word(colour));
			const ink = new Uint32Array(this.model.kinds.length * GROUPS);
			const which = new Uint16Array(ink.length);
			this.model.kinds.forEach((kind, k) => {
				for (let group = 0; group < GROUPS; group++) {
					const number = numbers.get(entry(kind, group)) ?? entries.length - 1;
					ink[k * GROUPS + group] = words[number];
					which[k * GROUPS + group] = number;
				}
			});
			this.tables[name] = { ink, which, seen: new Uint32Array(ink.length) };
		}
		return this.tables[name];
	}

	/** Mark the frames that areas show at a step. */
	markAreas(step) {
		const areas = this.model.areasAt(step);
		if (this.areasStep === areas) return;
		this.area.fill(0);
		for (const { runs } of areas.list) for (const { pfn, nr } of runs) {
			const place = this.model.placeOf(pfn);
			if (place >= 0) this.area.fill(1, place, place + nr);
		}
		this.areasStep = areas;
	}

	/** Give every frame its colour. Return: it, with how many frames each entry has. */
	paint(name, step) {
		const { kind, types } = this.model.go(step);
		if (name === 'age') return this.paintAge(step);
		const { ink: inks, which, seen } = this.table(name);
		const ink = this.ink;
		seen.fill(0);
		if (name === 'cache') {
			this.markAreas(step);
			for (let i = 0; i < ink.length; i++) {
				const at = kind[i] * GROUPS + this.area[i];
				ink[i] = inks[at];
				seen[at]++;
			}
		} else {
			for (const block of this.model.blocks) {
				const group = name === 'zone' ? block.zone.number % GROUPS : name === 'order' ? 0 : types[block.number];
				for (let i = block.place, end = i + block.nr; i < end; i++) {
					const at = kind[i] * GROUPS + group;
					ink[i] = inks[at];
					seen[at]++;
				}
			}
		}
		const frames = this.schemes[name].entries.map(() => 0);
		for (let at = 0; at < seen.length; at++) if (seen[at]) frames[which[at]] += seen[at];
		return { ink, legend: this.schemes[name].entries.map((entry, i) => ({ ...entry, frames: frames[i] })).filter((entry) => entry.frames) };
	}

	paintAge(step) {
		const { kind, since } = this.model.go(step);
		const ink = this.ink, { kinds, nrSteps } = this.model;
		if (!this.ages) {
			this.ages = Uint32Array.from({ length: AGES + 1 }, (_, i) => word(ageColour(this.theme, i / AGES)));
			this.isHeld = Uint8Array.from(kinds, ({ state }) => (state === USED || state === SLAB ? 1 : state === HOLE ? 2 : 0));
		}
		const hole = word(this.theme.hole), paper = word(this.theme.free), most = Math.log2(Math.max(2, nrSteps));
		const byAge = Uint32Array.from({ length: nrSteps + 1 }, (_, age) => this.ages[Math.round((AGES * Math.log2(age + 1)) / most)] ?? this.ages[AGES]);
		const bounds = [1, 8, 32, 128, Infinity], frames = bounds.map(() => 0);
		const rangeOf = Uint8Array.from({ length: nrSteps + 1 }, (_, age) => bounds.findIndex((bound) => age < bound));
		let free = 0, never = 0;
		for (let i = 0; i < ink.length; i++) {
			const held = this.isHeld[kind[i]];
			if (held === 1) {
				const age = step - since[i];
				ink[i] = byAge[age];
				frames[rangeOf[age]]++;
			} else {
				ink[i] = held ? hole : paper;
				if (held) never++;
				else free++;
			}
		}
		const sample = (age) => ageColour(this.theme, Math.min(1, Math.log2(age + 1) / most));
		const labels = ['changed at this step', '1 to 7 steps ago', '8 to 31 steps ago', '32 to 127 steps ago', '128 steps ago or more'];
		const legend = bounds.map((bound, i) => {
			const from = sample(i ? bounds[i - 1] : 0), to = sample(Math.min(bound, nrSteps) - 1);
			return { id: `age${i}`, label: labels[i], colour: `linear-gradient(to right, ${from}, ${to})`, frames: frames[i] };
		});
		const others = [
			{ id: 'free', label: 'free', colour: this.theme.free, frames: free },
			{ id: 'hole', label: 'never used', colour: this.theme.hole, frames: never },
		];
		return { ink, legend: [...legend, ...others].filter((entry) => entry.frames) };
	}
}

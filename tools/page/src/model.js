// SPDX-License-Identifier: MIT
// The machine over time. Frames are known by their place (docs/report.md); pfns are
// what a reader sees. A step's frames are made from the changes of the document; so that
// going back is fast, whole states are kept now and then.

export const FREE = 0, USED = 1, SLAB = 2, PCP = 3, HOLE = 4;
export const STATES = ['free', 'in use', 'slab', 'per-CPU list', 'never used'];
export const USES = ['', 'file page', 'anonymous page', 'movable by its owner'];
export const RED_ZONE = 0x400;

const KEPT_BYTES = 96 << 20;

/** Values that change now and then: what was told last at a step. */
class History {
	constructor() { this.entries = new Map(); }
	tell(key, step, value) {
		if (!this.entries.has(key)) this.entries.set(key, { steps: [], values: [] });
		const entry = this.entries.get(key);
		entry.steps.push(step);
		entry.values.push(value);
	}
	at(key, step) {
		const entry = this.entries.get(key);
		if (!entry) return undefined;
		let low = 0, high = entry.steps.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (entry.steps[middle] <= step) low = middle + 1;
			else high = middle;
		}
		return low ? entry.values[low - 1] : undefined;
	}
	keys() { return [...this.entries.keys()]; }
}

/** Call back for each run of changes: place, length, value. */
function eachRun(runs, visit) {
	for (let i = 0, at = 0; i < runs.length; i += 3) {
		at += runs[i];
		visit(at, runs[i + 1], runs[i + 2]);
		at += runs[i + 1];
	}
}

export class Model {
	constructor(doc) {
		this.doc = doc;
		this.steps = doc.steps;
		this.nrSteps = doc.steps.length;
		this.kinds = doc.kinds.map(([state, order, use, cache]) => ({ state, order, use, cache }));
		this.maxOrder = Math.max(10, ...this.kinds.map((kind) => kind.order));
		this.layZones();
		this.layBlocks();
		this.lists = new History();
		this.cpuLists = new History();
		this.cacheCounts = new History();
		this.slabs = new History();
		this.shown = new History();
		this.areas = new History();
		this.walk();
	}

	layZones() {
		let first = 0;
		this.zones = this.doc.machine.zones.map((zone, number) => {
			const laid = { ...zone, number, first, end: first + zone.spanned };
			laid.title = this.doc.machine.zones.some((other) => other.node !== zone.node)
				? `Node ${zone.node} ${zone.name}` : zone.name;
			first = laid.end;
			return laid;
		});
		this.nrFrames = first;
	}

	/** Pageblocks, each in one zone: the first and last of a zone may be cut short. */
	layBlocks() {
		const size = 2 ** this.doc.machine.block_order;
		this.blockSize = size;
		this.blocks = [];
		this.blockOf = new Uint32Array(this.nrFrames);
		for (const zone of this.zones) {
			for (let pfn = zone.start, next; pfn < zone.start + zone.spanned; pfn = next) {
				next = Math.min((Math.floor(pfn / size) + 1) * size, zone.start + zone.spanned);
				const place = zone.first + pfn - zone.start;
				this.blockOf.fill(this.blocks.length, place, place + next - pfn);
				this.blocks.push({ number: this.blocks.length, zone, pfn, place, nr: next - pfn });
			}
		}
	}

	/** One walk over all steps: indexes, sums, and the states that are kept. */
	walk() {
		const kind = new Uint16Array(this.nrFrames).fill(0xffff);
		const since = new Uint16Array(this.nrFrames);
		const types = new Uint8Array(this.blocks.length);
		const framesOf = new Float64Array(this.kinds.length);
		const words = (this.blocks.length + 7) >> 3;
		const every = Math.max(1, Math.ceil((this.nrSteps * this.nrFrames * 4) / KEPT_BYTES));
		this.kept = [];
		this.keptEvery = every;
		this.sums = [];
		this.touched = [];
		this.steps.forEach((step, number) => {
			const touched = new Uint8Array(words);
			eachRun(step.frames, (at, nr, value) => {
				for (let i = at; i < at + nr; i++) if (kind[i] !== 0xffff) framesOf[kind[i]]--;
				framesOf[value] += nr;
				kind.fill(value, at, at + nr);
				since.fill(number, at, at + nr);
				for (let b = this.blockOf[at]; b <= this.blockOf[at + nr - 1]; b++) touched[b >> 3] |= 1 << (b & 7);
			});
			eachRun(step.blocks, (at, nr, value) => types.fill(value, at, at + nr));
			this.touched.push(touched);
			this.sums.push(this.sum(framesOf));
			if (number % every === 0) this.kept.push({ kind: kind.slice(), since: since.slice(), types: types.slice() });
			this.index(step, number);
		});
		this.now = { step: -1, kind, since, types };
		this.go(0);
	}

	sum(framesOf) {
		const sum = [0, 0, 0, 0, 0];
		this.kinds.forEach((kind, i) => { sum[kind.state] += framesOf[i]; });
		return sum;
	}

	index(step, number) {
		for (const [zone, order, type, nr, ...pfns] of step.free) this.lists.tell(this.listKey(zone, order, type), number, { nr, pfns });
		for (const [zone, cpu, count, high, batch, ...lists] of step.pcp) {
			this.cpuLists.tell(`${zone} ${cpu}`, number, {
				count, high, batch,
				lists: lists.map(([list, nr, ...pfns]) => ({ ...cpuList(list, this.doc.machine.block_order), nr, pfns })),
			});
		}
		for (const [cache, slabs, objects, used, partial] of step.caches) this.cacheCounts.tell(cache, number, { slabs, objects, used, partial });
		for (const [pfn, order, place, cpu, node, index, nrCpu, letters, free, damaged] of step.slabs) {
			this.slabs.tell(pfn, number, { pfn, order, place, cpu, node, index, nrCpu, letters, free, damaged });
		}
		if (step.shown) this.shown.tell('', number, new Map(step.shown.map(([cache, ...pfns]) => [cache, pfns])));
		if (step.areas) {
			this.areas.tell('', number, {
				nr: step.nr_areas,
				list: step.areas.map(([address, pages, what, runs]) => ({ address, pages, what, runs: pairs(runs) })),
			});
		}
	}

	listKey(zone, order, type) { return `${zone} ${order} ${type}`; }

	apply(number) {
		const { kind, since, types } = this.now;
		eachRun(this.steps[number].frames, (at, nr, value) => {
			kind.fill(value, at, at + nr);
			since.fill(number, at, at + nr);
		});
		eachRun(this.steps[number].blocks, (at, nr, value) => types.fill(value, at, at + nr));
	}

	/** The machine at a step. The arrays are the same ones every time. */
	go(step) {
		const now = this.now;
		const keep = Math.floor(step / this.keptEvery);
		if (step < now.step || now.step < keep * this.keptEvery) {
			now.kind.set(this.kept[keep].kind);
			now.since.set(this.kept[keep].since);
			now.types.set(this.kept[keep].types);
			now.step = keep * this.keptEvery;
		}
		while (now.step < step) this.apply(++now.step);
		return now;
	}

	/** The frames of a block at every step, one row after the other. */
	blockHistory(block) {
		const rows = new Uint16Array(this.nrSteps * block.nr);
		const end = block.place + block.nr;
		this.steps.forEach((step, number) => {
			const row = number * block.nr;
			if (number) rows.copyWithin(row, row - block.nr, row);
			eachRun(step.frames, (at, nr, value) => {
				const from = Math.max(at, block.place), to = Math.min(at + nr, end);
				if (from < to) rows.fill(value, row + from - block.place, row + to - block.place);
			});
		});
		return rows;
	}

	/** The next step before (-1) or after (1) one at which a block changed; -1: none. */
	nextChange(block, step, direction) {
		for (let at = step + direction; at >= 0 && at < this.nrSteps; at += direction) {
			if (this.touched[at][block.number >> 3] & (1 << (block.number & 7))) return at;
		}
		return -1;
	}

	placeOf(pfn) {
		const zone = this.zones.find((z) => pfn >= z.start && pfn < z.start + z.spanned);
		return zone ? zone.first + pfn - zone.start : -1;
	}
	zoneAt(place) { return this.zones.find((zone) => place < zone.end); }
	pfnAt(place) {
		const zone = this.zoneAt(place);
		return zone.start + place - zone.first;
	}
	/** The block of frames that a frame is in, at the step at hand. */
	runAt(place) {
		const kind = this.kinds[this.now.kind[place]];
		const zone = this.zoneAt(place);
		if (kind.state === HOLE) return { kind, place, nr: 1, pfn: this.pfnAt(place) };
		const pfn = this.pfnAt(place), size = 2 ** kind.order;
		const first = Math.max(pfn - (pfn % size), zone.start);
		return { kind, pfn: first, place: zone.first + first - zone.start, nr: size };
	}
	address(pfn) { return `0x${(BigInt(this.doc.machine.linear) + BigInt(pfn) * 4096n).toString(16)}`; }

	/** Places of the free blocks of an order in pageblocks of a type, at the step at hand. */
	freePlaces(zone, order, type) {
		const { kind, types } = this.now;
		const wanted = this.kinds.map((k) => k.state === FREE && k.order === order);
		const places = [], size = 2 ** order;
		for (const block of this.blocks) {
			if (block.zone.number !== zone || types[block.number] !== type) continue;
			for (let i = 0; i < block.nr;) {
				const found = wanted[kind[block.place + i]];
				if (found) places.push(block.place + i);
				i += found ? size : 1;
			}
		}
		return places;
	}

	/** Free blocks of a zone by order and type, from the lists. */
	freeTable(zone, step) {
		const table = [];
		for (let order = 0; order <= this.maxOrder; order++) {
			table.push(this.doc.machine.migratetypes.map((_, type) => this.lists.at(this.listKey(zone, order, type), step)?.nr ?? 0));
		}
		return table;
	}
	freeByOrder(zone, step) { return this.freeTable(zone, step).map((row) => row.reduce((a, b) => a + b, 0)); }
	zoneNumbers(zone, step) {
		const [free, min, low, high, boost, highatomic, ...reserve] = this.steps[step].zones[zone];
		return { free, min, low, high, boost, highatomic, reserve };
	}
	areasAt(step) { return this.areas.at('', step) ?? { nr: 0, list: [] }; }
	shownAt(step) { return this.shown.at('', step) ?? new Map(); }
	cpuList(zone, cpu, step) { return this.cpuLists.at(`${zone} ${cpu}`, step); }
}

function pairs(runs) {
	const list = [];
	for (let i = 0; i < runs.length; i += 2) list.push({ pfn: runs[i], nr: runs[i + 1] });
	return list;
}

/** The order and type of a CPU's list: orders 0 to 3 by type, then a pageblock's two. */
function cpuList(list, blockOrder) {
	if (list < 12) return { order: Math.floor(list / 3), type: list % 3 };
	return { order: blockOrder, type: list === 12 ? 0 : 1 };
}

/** Linux's unusable free space index of an order, from free blocks by order; 1 if there are none. */
export function unusableIndex(free, order) {
	const total = free.reduce((sum, nr, o) => sum + nr * 2 ** o, 0);
	if (!total) return 1;
	return free.reduce((sum, nr, o) => sum + (o < order ? nr * 2 ** o : 0), 0) / total;
}

/** Linux's fragmentation index: null if a block is there, towards 0 memory is short, towards 1 it is in pieces. */
export function extfragIndex(free, order) {
	const blocks = free.reduce((sum, nr) => sum + nr, 0);
	if (!blocks) return 0;
	if (free.some((nr, o) => nr && o >= order)) return null;
	const total = free.reduce((sum, nr, o) => sum + nr * 2 ** o, 0);
	return 1 - (1 + total / 2 ** order) / blocks;
}

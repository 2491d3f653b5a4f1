// SPDX-License-Identifier: MIT
// Where frames are on the map. Addresses ascend from left to right and from top to
// bottom; every zone begins on a new line.
//
// "tiles": a pageblock is a tile, tiles ascend in lines. Inside, frames follow the Z-order
// curve, on which each block of 2^n frames is a square or two squares side by side: a
// buddy is its neighbour.
// "lines": frames ascend along lines, all of one length.

const GAP = 1;
const ZONE_GAP = 9;
const SCALES = [[1, 1], [2, 1], [1, 2], [2, 2], [3, 2], [2, 3], [3, 3], [4, 3], [4, 4], [5, 5], [6, 6], [8, 8], [10, 10], [12, 12]];

/** The even bits of a number, drawn together; the odd ones with @from 1. */
function evenBits(value, from) {
	let bits = 0;
	for (let at = from, to = 0; value >> at; at += 2, to++) bits |= ((value >> at) & 1) << to;
	return bits;
}

export class Geometry {
	constructor(model, layout, maxWidth, wantedHeight) {
		this.model = model;
		this.layout = layout;
		const order = model.doc.machine.block_order;
		// A zone is at least as high as its label, which names the node where there are several.
		this.least = model.zones.some((zone) => zone.node) ? 42 : 27;
		if (layout === 'tiles') {
			this.columns = 2 ** Math.ceil(order / 2);
			this.rows = 2 ** Math.floor(order / 2);
			this.local = Array.from({ length: model.blockSize }, (_, i) => [evenBits(i, 0), evenBits(i, 1)]);
			this.choose(maxWidth, wantedHeight, (sx, sy) => this.layTiles(sx, sy, maxWidth));
		} else {
			this.choose(maxWidth, wantedHeight, (sx, sy) => this.layLines(sx, sy, maxWidth));
		}
		this.fill();
	}

	/** The largest scale that fits; the squarest of two alike. */
	choose(maxWidth, wantedHeight, lay) {
		let best;
		for (const [sx, sy] of SCALES) {
			const plan = lay(sx, sy);
			if (!plan || plan.width > maxWidth) continue;
			const badness = Math.abs(plan.cellAspect - 1);
			if (best && plan.height > wantedHeight) continue;
			if (!best || sx * sy > best.sx * best.sy || (sx * sy === best.sx * best.sy && badness < best.badness)) best = { ...plan, sx, sy, badness };
		}
		Object.assign(this, best);
	}

	layTiles(sx, sy, maxWidth) {
		const tileWidth = this.columns * sx + GAP, tileHeight = this.rows * sy + GAP;
		const perLine = Math.floor((maxWidth + GAP) / tileWidth);
		if (perLine < 1) return undefined;
		const corners = new Map(), bands = [];
		let y = 0, widest = 0;
		for (const zone of this.model.zones) {
			const blocks = this.model.blocks.filter((block) => block.zone === zone);
			bands.push({ zone, y });
			blocks.forEach((block, i) => {
				corners.set(block.number, [(i % perLine) * tileWidth, y + Math.floor(i / perLine) * tileHeight]);
			});
			widest = Math.max(widest, Math.min(perLine, blocks.length));
			y += Math.max(Math.ceil(blocks.length / perLine) * tileHeight, this.least) + ZONE_GAP;
		}
		return { corners, bands, width: widest * tileWidth - GAP, height: y - ZONE_GAP - GAP, cellAspect: (this.columns * sx) / (this.rows * sy) };
	}

	layLines(sx, sy, maxWidth) {
		const perLine = Math.max(32, Math.min(Math.floor(maxWidth / sx / 64) * 64, this.model.blockSize * 4));
		const bands = [];
		let y = 0;
		for (const zone of this.model.zones) {
			bands.push({ zone, y });
			const lines = Math.floor((zone.start + zone.spanned - 1) / perLine) - Math.floor(zone.start / perLine) + 1;
			y += Math.max(lines * sy, this.least) + ZONE_GAP;
		}
		return { perLine, bands, width: perLine * sx, height: y - ZONE_GAP, cellAspect: sx / sy };
	}

	/** The corner of a frame, in pixels. */
	corner(place) {
		const { model, sx, sy } = this;
		const zone = model.zoneAt(place), pfn = zone.start + place - zone.first;
		if (this.layout === 'lines') {
			const line = Math.floor(pfn / this.perLine) - Math.floor(zone.start / this.perLine);
			return [(pfn % this.perLine) * sx, this.bands[zone.number].y + line * sy];
		}
		const [x, y] = this.corners.get(model.blockOf[place]);
		const [column, row] = this.local[pfn & (model.blockSize - 1)];
		return [x + column * sx, y + row * sy];
	}

	fill() {
		const { width, height, sx, sy } = this;
		this.frameOf = new Int32Array(width * height).fill(-1);
		for (let place = 0; place < this.model.nrFrames; place++) {
			const [x, y] = this.corner(place);
			for (let j = y; j < y + sy; j++) for (let i = x; i < x + sx; i++) this.frameOf[j * width + i] = place;
		}
	}

	frameAt(x, y) {
		if (x < 0 || y < 0 || x >= this.width || y >= this.height) return -1;
		return this.frameOf[Math.floor(y) * this.width + Math.floor(x)];
	}

	/** Rectangles that cover a run of frames and nothing else. */
	rectangles(place, nr) {
		const { sx, sy, model } = this;
		const list = [];
		for (let at = place; at < place + nr;) {
			const zone = model.zoneAt(at), pfn = zone.start + at - zone.first;
			const left = Math.min(place + nr, zone.end) - at;
			let size, w, h;
			if (this.layout === 'lines') {
				size = Math.min(left, this.perLine - (pfn % this.perLine));
				[w, h] = [size, 1];
			} else {
				size = 1;
				let order = 0;
				while (size * 2 <= left && size * 2 <= model.blockSize && pfn % (size * 2) === 0) { size *= 2; order++; }
				[w, h] = [2 ** Math.ceil(order / 2), 2 ** Math.floor(order / 2)];
			}
			const [x, y] = this.corner(at);
			list.push([x, y, w * sx, h * sy]);
			at += size;
		}
		return list;
	}
}

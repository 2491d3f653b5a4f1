// SPDX-License-Identifier: MIT
// Numbers as they are read.

const grouped = new Intl.NumberFormat('en');
export const count = (n) => grouped.format(n);
export const hex = (n) => `0x${n.toString(16)}`;
export const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)} %` : '–');

/** Bytes in the unit in which they have at most four digits. */
export function bytes(n) {
	const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
	let unit = 0;
	while (n >= 1024 && unit < units.length - 1) { n /= 1024; unit++; }
	return `${n >= 100 || Number.isInteger(n) ? Math.round(n) : n.toFixed(1)} ${units[unit]}`;
}
export const frames = (n) => bytes(n * 4096);
export const index = (value) => value.toFixed(3);
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

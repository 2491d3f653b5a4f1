// SPDX-License-Identifier: MIT
// What the reader has chosen, for all parts of the page, and who is to know of changes.
import { useEffect, useState } from 'preact/hooks';

export class Store {
	constructor(values) {
		this.values = values;
		this.listeners = new Set();
	}
	set(change) {
		const next = typeof change === 'function' ? change(this.values) : change;
		if (Object.entries(next).every(([key, value]) => this.values[key] === value)) return;
		this.values = { ...this.values, ...next };
		for (const listener of [...this.listeners]) listener();
	}
	listen(listener) {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}
}

/** A value of the store; the part is drawn again when it changes. */
export function useStore(store, select) {
	const [value, setValue] = useState(() => select(store.values));
	useEffect(() => {
		const look = () => setValue(() => select(store.values));
		look();
		return store.listen(look);
	}, [store]);
	return value;
}

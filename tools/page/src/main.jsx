// SPDX-License-Identifier: MIT
import { render } from 'preact';
import { readDocument } from './document.js';
import { Model } from './model.js';
import { Store } from './store.js';
import { Page } from './page.jsx';

function firstValues(model) {
	const largest = model.zones.reduce((a, b) => (b.managed > a.managed ? b : a));
	const step = model.nrSteps - 1;
	// A pageblock in which something happened, in the zone that has the most.
	const block = model.blocks.filter((b) => b.zone === largest)
		.map((b) => ({ b, changes: model.touched.reduce((sum, bits) => sum + ((bits[b.number >> 3] >> (b.number & 7)) & 1), 0) }))
		.reduce((a, c) => (c.changes > a.changes ? c : a)).b;
	return {
		step, scheme: 'migratetype', layout: 'tiles', zone: largest.number, block: block.number,
		order: null, cpu: -1, cache: null, area: 0, lit: null, cursor: -1, theme: 'auto', said: '',
	};
}

const root = document.getElementById('page');
readDocument(document.getElementById('document')).then((doc) => {
	const model = new Model(doc);
	const store = new Store(firstValues(model));
	document.title = `${doc.title} – kalloc report`;
	root.textContent = '';
	render(<Page model={model} store={store} />, root);
	// For tests and for the curious: what is drawn, and from what.
	window.kallocReport = { doc, model, store };
}).catch((error) => {
	root.innerHTML = '<p class="waiting" role="alert"></p>';
	root.firstChild.textContent = `This report cannot be read: ${error.message}`;
	throw error;
});

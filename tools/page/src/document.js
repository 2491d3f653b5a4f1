// SPDX-License-Identifier: MIT
// The document as it stands in the page: JSON, or zlib's format of it in base64. What
// its members mean is written down in docs/report.md.

export const FORMAT = 'kalloc-report 1';

async function unpack(text) {
	const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
	return new Response(stream).text();
}

export async function readDocument(element) {
	const text = element.textContent.trim();
	element.textContent = '';
	const doc = JSON.parse(text.startsWith('{') ? text : await unpack(text));
	if (doc.format !== FORMAT) throw new Error(`this page reads “${FORMAT}”, and the document says “${doc.format}”`);
	return doc;
}

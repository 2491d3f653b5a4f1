// SPDX-License-Identifier: MIT
// Builds the page of a report into one file: markup, style and program, and the licences
// of the packages in it. The place for the document stays open.
//
// usage: node build.mjs OUTPUT.html [NODE_MODULES]
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const output = process.argv[2];
const modules = path.resolve(process.argv[3] ?? path.join(here, 'node_modules'));
const require = createRequire(pathToFileURL(path.join(modules, 'none.js')));
const esbuild = require('esbuild');

async function bundle(entry, loaders = {}) {
	const result = await esbuild.build({
		absWorkingDir: here,
		entryPoints: [entry],
		bundle: true,
		minify: true,
		write: false,
		metafile: true,
		format: 'iife',
		target: 'es2022',
		charset: 'utf8',
		legalComments: 'none',
		jsx: 'automatic',
		jsxImportSource: 'preact',
		nodePaths: [modules],
		loader: loaders,
		logLevel: 'warning',
	});
	return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

/** The packages whose files are in the bundle, by name. */
function packagesOf(inputs) {
	const names = inputs.map((input) => input.split('node_modules/').at(-1))
		.filter((rest, i) => rest !== inputs[i])
		.map((rest) => rest.split('/').slice(0, rest.startsWith('@') ? 2 : 1).join('/'));
	return [...new Set(names)].sort();
}

function licenceOf(name) {
	const folder = path.join(modules, name);
	const version = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
	const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((f) => path.join(folder, f)).find(existsSync);
	if (!file) throw new Error(`${name} has no licence`);
	return `${name} ${version}\n\n${readFileSync(file, 'utf8').trim()}`.replaceAll('--', '- -');
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const script = await bundle('src/main.jsx');
const style = await bundle('src/page.css');
if (/<\/script|<!--/i.test(script.text)) throw new Error('the program cannot stand in a page');
const parts = {
	LICENCES: packagesOf([...script.inputs, ...style.inputs]).map(licenceOf).join('\n\n\n'),
	POLICY: `default-src 'none'; script-src ${hash(script.text)}; style-src ${hash(style.text)}; img-src data:`,
	STYLE: style.text,
	SCRIPT: script.text,
};
const page = readFileSync(path.join(here, 'src/page.html'), 'utf8')
	.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
writeFileSync(output, page);

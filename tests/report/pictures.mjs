// SPDX-License-Identifier: MIT
// Makes the pictures of README.md and docs/report.md: of a report's map in light colours,
// and of its chosen pageblock and free lists in dark ones.
//
// usage: node pictures.mjs REPORT.html NODE_MODULES CHROMIUM FOLDER
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , report, modules, executablePath, folder] = process.argv;
const require = createRequire(pathToFileURL(path.join(path.resolve(modules), 'none.js')));
const { chromium } = require('playwright-core');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
const settle = () => page.waitForTimeout(400);
await page.goto(pathToFileURL(path.resolve(report)).href);
await page.waitForFunction(() => window.kallocReport?.canvas);
await page.evaluate(() => kallocReport.store.set({ scheme: 'cache' }));
await settle();
await page.screenshot({ path: path.join(folder, 'report-map.png') });

await page.emulateMedia({ colorScheme: 'dark' });
await page.evaluate(() => {
	kallocReport.store.set({ step: Math.floor(kallocReport.model.nrSteps * 0.6) });
	document.querySelector('#pageblock').scrollIntoView();
});
await settle();
await page.screenshot({ path: path.join(folder, 'report-pageblock.png') });
await browser.close();

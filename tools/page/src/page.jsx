// SPDX-License-Identifier: MIT
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Areas } from './areas.jsx';
import { Counters } from './counters.jsx';
import { Events } from './events.jsx';
import { Failures } from './failures.jsx';
import { Fragmentation } from './fragmentation.jsx';
import { FreeLists } from './freelists.jsx';
import { MapSection } from './map.jsx';
import { Pageblock } from './pageblock.jsx';
import { Slabs } from './slabs.jsx';
import { TimeBar } from './timebar.jsx';
import { themes } from './colours.js';
import { count, frames, plural } from './format.js';
import { useStore } from './store.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colours in force, as the reader or else the system wants them. */
function useTheme(store) {
	const wanted = useStore(store, (v) => v.theme);
	const [isDark, setDark] = useState(dark.matches);
	useEffect(() => {
		const look = () => setDark(dark.matches);
		dark.addEventListener('change', look);
		return () => dark.removeEventListener('change', look);
	}, []);
	const name = wanted === 'auto' ? (isDark ? 'dark' : 'light') : wanted;
	useEffect(() => { document.documentElement.dataset.theme = name; }, [name]);
	return { name, colours: themes[name] };
}

function Header({ model, store, theme }) {
	const { doc } = model;
	const memory = model.zones.reduce((sum, zone) => sum + zone.managed, 0);
	const facts = [
		['memory', frames(memory)],
		['zones', model.zones.map((zone) => zone.title).join(', ')],
		['CPUs', count(doc.machine.cpus)],
		['pageblock', frames(model.blockSize)],
		['operations', count(doc.nr_ops)],
		['steps', count(model.nrSteps)],
		['failed requests', count(doc.nr_failures)],
	];
	return <header class="head">
		<div class="headline">
			<div><p class="over">{doc.command}</p><h1>{doc.title}</h1></div>
			<button type="button" class="quiet" onClick={() => store.set({ theme: theme.name === 'dark' ? 'light' : 'dark' })}>
				{theme.name === 'dark' ? 'Light' : 'Dark'} colours
			</button>
		</div>
		<dl class="facts">{facts.map(([name, value]) => <div><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
		<p class="cmdline"><code>{doc.machine.cmdline}</code></p>
	</header>;
}

/** What is said aloud; the last of several changes within a moment. */
function Live({ store }) {
	const said = useStore(store, (v) => v.said);
	const [text, setText] = useState('');
	useEffect(() => {
		const timer = setTimeout(() => setText(said), 120);
		return () => clearTimeout(timer);
	}, [said]);
	return <div class="aside" role="status" aria-live="polite">{text}</div>;
}

export function Page({ model, store }) {
	const theme = useTheme(store);
	const shared = useMemo(() => ({ model, store, theme }), [model, store, theme.name]);
	const { nr_failures: nrFailures } = model.doc;
	return <>
		<a class="skip" href="#map">Skip to the page map</a>
		<Header {...shared} />
		<TimeBar {...shared} />
		<main>
			<MapSection {...shared} />
			<Pageblock {...shared} />
			<FreeLists {...shared} />
			{nrFailures > 0 && <Failures {...shared} />}
			<Fragmentation {...shared} />
			<Counters {...shared} />
			<Slabs {...shared} />
			<Areas {...shared} />
			{model.doc.nr_ops > 0 && <Events {...shared} />}
		</main>
		<footer>
			<p>{plural(model.nrSteps, 'step')} of {plural(model.nrFrames, 'frame')}. Frame <var>pfn</var> lies at {model.doc.machine.linear} + <var>pfn</var> · 4096. The page loads nothing: all it shows is in this file.</p>
		</footer>
		<Live store={store} />
	</>;
}

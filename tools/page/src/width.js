// SPDX-License-Identifier: MIT
// The width of an element, kept up to date.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export function useWidth() {
	const box = useRef();
	const [width, setWidth] = useState(0);
	useLayoutEffect(() => {
		const look = () => setWidth(Math.floor(box.current.clientWidth));
		look();
		const observer = new ResizeObserver(look);
		observer.observe(box.current);
		return () => observer.disconnect();
	}, []);
	return [box, width];
}

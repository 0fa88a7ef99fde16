import type { CSSResult } from 'lit';
import { controls } from './controls.js';
import { figure } from './figure.js';
import { frame } from './frame.js';
import { theme } from './theme.js';

/** As constructable style sheets: no style element, so no policy of a page's forbids them. */
export const styles: readonly CSSResult[] = [theme, controls, frame, figure];

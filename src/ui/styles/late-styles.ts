import type { CSSResult } from 'lit';
import { conversation } from './conversation.js';
import { floors } from './floors.js';
import { header } from './header.js';
import { talking } from './talking.js';

/** What the set-up screen, the talk and its end look like: they stand behind `styles`. */
export const lateStyles: readonly CSSResult[] = [talking, header, conversation, floors];

/** What a session needs of this protocol, loaded as one. */
export { RealtimeDialogue } from './realtime-dialogue.js';
export { httpTokenSource } from './token-source.js';

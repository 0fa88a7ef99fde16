// Nothing here runs: the compiler checks what a page's author sees of the element.
import { expectTypeOf } from 'expect-type';
import type { InterviewSession } from '../../src/session.js';
import type * as Events from '../../src/session/session-events.js';
import type { InterviewStatus } from '../../src/session/session-events.js';
import type { Turn } from '../../src/turn.js';
import type { AiInterviewElement } from '../../src/define.js';

declare const element: HTMLElementTagNameMap['ai-interview'];

expectTypeOf(element).toEqualTypeOf<AiInterviewElement>();
expectTypeOf(element.status).toEqualTypeOf<InterviewStatus>();
expectTypeOf(element.session).toEqualTypeOf<InterviewSession | undefined>();
expectTypeOf(element.transcript).toEqualTypeOf<readonly Turn[]>();
expectTypeOf(element.exportTranscript('json')).toEqualTypeOf<Promise<File>>();

// @ts-expect-error -- read-only
element.status = 'live';
// @ts-expect-error -- no such mode
element.mode = 'telepathy';
element.strings = { begin: 'Go', errors: { 'storage-full': 'Full.' } };
// @ts-expect-error -- no such word
element.strings = { beginn: 'Go' };

type Map = GlobalEventHandlersEventMap;
expectTypeOf<Map['interview-status']>().toEqualTypeOf<Events.StatusEvent>();
expectTypeOf<Map['interview-activity']>().toEqualTypeOf<Events.ActivityEvent>();
expectTypeOf<Map['interview-turn']>().toEqualTypeOf<Events.TurnEvent>();
expectTypeOf<Map['interview-caption']>().toEqualTypeOf<Events.TurnEvent>();
expectTypeOf<Map['interview-coverage']>().toEqualTypeOf<Events.CoverageEvent>();
expectTypeOf<Map['interview-assessment']>().toEqualTypeOf<Events.AssessmentEvent>();
expectTypeOf<Map['interview-error']>().toEqualTypeOf<Events.InterviewErrorEvent>();
expectTypeOf<Map['interview-end']>().toEqualTypeOf<Events.EndEvent>();

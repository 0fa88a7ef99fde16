import { html, type TemplateResult } from 'lit';
import type { InterviewStatus } from '../../session/session-events.js';
import type { Activity } from '../../session/session-options.js';

/** What the figure shows: the disc is the interviewer, the ring the participant, and who has the floor is the one that moves. */
export type Floor = Activity | 'resting' | 'waiting' | 'paused';

export function floorOf(status: InterviewStatus, activity: Activity): Floor {
  if (status === 'live') return activity;
  if (status === 'paused') return 'paused';
  return status === 'connecting' || status === 'reconnecting' || status === 'ending' ? 'waiting' : 'resting';
}

/** Decoration: the same is said in words beside it. `data-level` lets the level follower draw on it. */
export function figure(floor: Floor): TemplateResult {
  return html`<div class="figure" part="figure" data-floor=${floor} data-level aria-hidden="true">
    <span class="halo far"></span><span class="halo near"></span><span class="ring"></span
    ><span class="disc"></span>
  </div>`;
}

/** Why the engine ended the interview: the guide was done, the time was up, or the participant asked to stop. */
export type EndReason = 'completed' | 'time' | 'participant';

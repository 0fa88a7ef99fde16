/** What the server's thread says to a worker. */
export type ToWorker<Request> =
  { type: 'call'; id: number; request: Request } | { type: 'cancel'; id: number };

/** What a worker says: once whether it could load, then one answer a call. */
export type FromWorker<Answer> =
  | { type: 'ready'; detail: string }
  | { type: 'missing'; reason: string }
  | { type: 'answer'; id: number; answer: Answer }
  | { type: 'failed'; id: number; reason: string };

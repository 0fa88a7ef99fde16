/** A client event as it goes over the wire, where nobody has checked it. */
export interface ModelClientEvent {
  readonly type: string;
  readonly event_id?: string;
  readonly [field: string]: unknown;
}

export interface ModelServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

import type { ServerResponse } from './server-events.js';

/** What is known of one response of the server's. */
export interface ResponseRecord {
  readonly id: string;
  /** It does not write to the conversation. */
  isBeside: boolean;
  /** It was cancelled: what still comes of it is dropped. */
  isCut: boolean;
  /** `gone`: its connection is, so nothing can be changed about it. */
  status: 'active' | 'done' | 'gone';
  /** As announced; unknown when the announcement was lost. */
  modality: string | undefined;
  /** Items that nobody heard; the server can delete them once it no longer writes them. */
  unheard: string[];
}

/** The responses of this connection and those before it, by id. A response whose `created` was lost is known by its first event. */
export class Responses {
  readonly #records = new Map<string, ResponseRecord>();

  of(id: string): ResponseRecord {
    const known = this.#records.get(id);
    if (known) return known;
    const record: ResponseRecord = {
      id,
      isBeside: false,
      isCut: false,
      status: 'active',
      modality: undefined,
      unheard: [],
    };
    this.#records.set(id, record);
    return record;
  }

  created(response: ServerResponse): void {
    const record = this.of(response.id);
    record.isBeside = response.conversation_id === null;
    record.modality = response.output_modalities?.[0];
  }

  cut(id: string): void {
    this.of(id).isCut = true;
  }

  /** Whatever is being said is not wanted any more. */
  cutActive(): void {
    for (const record of this.#records.values())
      if (record.status === 'active' && !record.isBeside) record.isCut = true;
  }

  disconnect(): void {
    for (const record of this.#records.values()) record.status = 'gone';
  }
}

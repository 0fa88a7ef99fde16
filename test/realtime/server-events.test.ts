import { expect } from '@open-wc/testing';
import { readServerEvent } from '../../src/realtime/server-events.js';

describe('the door for server events', () => {
  it('lets a known event in as it came: nothing of it is copied', () => {
    const raw = { type: 'conversation.item.deleted', event_id: 'e1', item_id: 'i1', extra: { deep: 1 } };
    const arrival = readServerEvent(raw);
    expect(arrival.kind === 'event' && arrival.event).to.equal(raw);
  });

  it('takes null where the server may say nothing', () => {
    const response = { id: 'r', status_details: null, metadata: null, conversation_id: null, usage: null };
    expect(readServerEvent({ type: 'response.created', response })).to.have.property('kind', 'event');
  });

  it('ignores an event that it does not know, whatever its shape', () => {
    expect(readServerEvent({ type: 'response.mcp_call.failed', item_id: 7 })).to.deep.equal({
      kind: 'ignored',
      type: 'response.mcp_call.failed',
    });
    expect(readServerEvent({ type: 'toString' })).to.have.property('kind', 'ignored');
  });

  const malformed: readonly (readonly [string, unknown, string])[] = [
    ['a missing field', { type: 'conversation.item.deleted' }, 'conversation.item.deleted, "item_id"'],
    [
      'a wrong type deep inside',
      {
        type: 'response.done',
        response: { id: 'r', output: [{ id: 'i', type: 'message', content: [{ text: 3 }] }] },
      },
      'response.done, "response.output.0.content.0.text"',
    ],
    ['an error without an error', { type: 'error' }, 'error, "error"'],
    ['no type', { event_id: 'e1' }, '"type"'],
    ['no object', [], '"type"'],
    ['nothing', undefined, '"type"'],
    ['null', null, '"type"'],
  ];
  for (const [what, raw, field] of malformed) {
    it(`names the field of ${what}`, () => {
      const arrival = readServerEvent(raw);
      expect(arrival.kind).to.equal('malformed');
      if (arrival.kind !== 'malformed') return;
      expect(arrival.error.code).to.equal('protocol-error');
      expect(arrival.error.message).to.contain(field);
      expect(arrival.error.message.length).to.be.at.most(300);
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryRateLimitStore } from '../../src/server/index.js';

describe('memoryRateLimitStore', () => {
  it('counts within a window and starts a new one at its end', () => {
    const store = memoryRateLimitStore();
    assert.deepEqual(store.hit('a', 100, 0), { count: 1, resetAtMs: 100 });
    assert.deepEqual(store.hit('a', 100, 99), { count: 2, resetAtMs: 100 });
    assert.deepEqual(store.hit('a', 100, 100), { count: 1, resetAtMs: 200 });
  });

  it('forgets ended windows before running ones when it is full', () => {
    const store = memoryRateLimitStore({ maxKeys: 2 });
    void store.hit('long', 1_000, 0);
    void store.hit('short', 10, 0);
    void store.hit('new', 1_000, 50);
    assert.deepEqual(store.hit('long', 1_000, 51), { count: 2, resetAtMs: 1_000 });
    assert.deepEqual(store.hit('new', 1_000, 52), { count: 2, resetAtMs: 1_050 });
  });

  it('forgets the oldest client when a flood of names comes', () => {
    const store = memoryRateLimitStore({ maxKeys: 2 });
    void store.hit('first', 1_000, 0);
    for (let n = 0; n < 5; n++) void store.hit(`name ${String(n)}`, 1_000, n);
    assert.deepEqual(store.hit('first', 1_000, 10), { count: 1, resetAtMs: 1_010 });
  });
});

// In Node, where a test can ask for a collection.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AudioGate } from '../../src/audio/audio-gate.js';

/** A context that the browser never lets run, and keeps after it was closed. */
class KeptContext extends EventTarget {
  state = 'suspended';
  readonly resuming: Promise<void>[] = [];

  resume(): Promise<void> {
    const resuming = new Promise<void>(() => undefined);
    this.resuming.push(resuming);
    return resuming;
  }

  close(): Promise<void> {
    this.state = 'closed';
    this.dispatchEvent(new Event('statechange'));
    return Promise.resolve();
  }
}

/** A function of its own: nothing in the test refers to what listens. */
function listenTo(gate: AudioGate): WeakRef<readonly string[]> {
  const heard: string[] = [];
  gate.onStatus((status) => heard.push(status));
  return new WeakRef(heard);
}

const GLOBALS = ['document', 'navigator'] as const;

describe('AudioGate', () => {
  const found = GLOBALS.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  before(() => {
    for (const name of GLOBALS)
      Object.defineProperty(globalThis, name, { value: new EventTarget(), configurable: true });
  });
  after(() => {
    GLOBALS.forEach((name, i) => {
      const descriptor = found[i];
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    });
  });

  it('is heard until it is closed; then a browser that keeps its contexts keeps nobody who listened', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const kept: KeptContext[] = [];
    const gate = new AudioGate({
      createContext: () => {
        const context = new KeptContext();
        kept.push(context);
        return context as unknown as AudioContext; // as much of one as the gate uses
      },
    });
    const listener = listenTo(gate);
    gate.unlock();
    assert.deepEqual(listener.deref(), ['suspended']);
    const isAlive = async (): Promise<boolean> => {
      // A reference just made or read stays alive until the turn of the event loop is over.
      await new Promise(setImmediate);
      collect();
      return listener.deref() !== undefined;
    };
    assert.equal(await isAlive(), true);
    await gate.close();
    assert.equal(await isAlive(), false);
    assert.deepEqual(
      kept.map(({ state }) => state),
      ['closed', 'closed'],
    );
  });
});

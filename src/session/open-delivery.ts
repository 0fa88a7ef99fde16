/** Joins the delivery of the transcript to the session's archive and to the page. Loaded where a host wants the transcript. */
import type { Clock } from '../async/clock.js';
import type { SessionArchive } from './session-archive.js';
import { orderByChain } from '../transcript/chain.js';
import { Delivery } from '../transcript/delivery.js';
import { IndexedDbStore } from '../transcript/indexeddb-store.js';
import { IndexedDbOutbox, memoryOutbox } from '../transcript/outbox.js';
import { httpPost } from '../transcript/post-message.js';

/** What an earlier page could not deliver goes out at once, also when the interview itself is finished. */
export async function openDelivery(
  transcriptUrl: string,
  { archive, clock, signal }: { archive: SessionArchive; clock: Clock; signal: AbortSignal },
): Promise<Delivery> {
  const { store, interviewId } = archive;
  const delivery = await Delivery.open(
    {
      outbox: store instanceof IndexedDbStore ? new IndexedDbOutbox(store, interviewId) : memoryOutbox,
      post: httpPost({ url: transcriptUrl, clock }),
      clock,
      isPageHidden: () => typeof document !== 'undefined' && document.visibilityState === 'hidden',
    },
    { signal },
  );
  followPage(delivery, signal);
  try {
    // A page may have been killed between the record of a turn and its message.
    const stored = await archive.load();
    if (stored) delivery.take(stored.record, orderByChain(stored.turns));
  } catch {
    // Told where the interview itself is read; what lies in the outbox goes out all the same.
  }
  return delivery;
}

function followPage(delivery: Delivery, signal: AbortSignal): void {
  if (typeof document === 'undefined') return;
  const look = (): void => {
    if (document.visibilityState === 'hidden') delivery.part();
    else delivery.wake();
  };
  const part = (): void => {
    delivery.part();
  };
  const wake = (): void => {
    delivery.wake();
  };
  document.addEventListener('visibilitychange', look, { signal });
  addEventListener('pagehide', part, { signal });
  addEventListener('online', wake, { signal });
}

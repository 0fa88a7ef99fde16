import type { Page } from 'puppeteer-core';

/** Every record in every IndexedDB database of the page's origin, or in the one with this name. */
export async function storedRecords(page: Page, only?: string): Promise<readonly unknown[]> {
  return page.evaluate(async (wanted) => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(request.error ?? new Error('IndexedDB failed'));
        };
      });
    const records: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined || (wanted !== undefined && name !== wanted)) continue;
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const found: unknown[] = await settled(database.transaction(store).objectStore(store).getAll());
        records.push(...found);
      }
      database.close();
    }
    return records;
  }, only);
}

import axe from 'axe-core';
import type { Page } from 'puppeteer-core';

/** What axe has against the whole page as it is now, by rule and element. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: auditor } = globalThis as unknown as { axe: typeof axe };
    const results = await auditor.run(document, { resultTypes: ['violations'] });
    if (results.passes.length === 0) throw new Error('axe looked at nothing');
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id} at ${JSON.stringify(target)}: ${failureSummary ?? ''}`,
      ),
    );
  });
}

// `import source from './x.ts?worklet'` gives the bundled JavaScript of a worklet module as a string, the same in Vite and in
// the test runner. Neither does it by itself: Vite inlines raw TypeScript or gives a path that fails in the consumer's page.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';

const QUERY = '?worklet';

/** @param {string} file @returns {Promise<string>} one classic-compatible module with everything it imports */
export async function bundleWorklet(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    legalComments: 'none',
  });
  return outputFiles[0].text;
}

/** @param {{ entry: string, fileName: string }} file the worklet file that a build writes beside the scripts */
export function workletForVite({ entry, fileName }) {
  return {
    name: 'worklet',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source.endsWith(QUERY) && importer) return resolve(dirname(importer), source);
      return null;
    },
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      return `export default ${JSON.stringify(await bundleWorklet(id.slice(0, -QUERY.length)))};`;
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: await bundleWorklet(entry) });
    },
  };
}

/** @param {{ entry: string, fileName: string }} file served at every address that ends in fileName, as a build has it */
export function workletForTestRunner({ entry, fileName }) {
  const root = process.cwd();
  return {
    name: 'worklet',
    async serve(context) {
      if (context.path.endsWith(`/${fileName}`)) {
        return { body: await bundleWorklet(entry), type: 'js' };
      }
      const url = context.originalUrl ?? context.url;
      if (!url.endsWith(QUERY)) return undefined;
      const path = resolve(root, `.${context.path}`);
      const source = await readFile(path).then(
        () => path,
        () => path.replace(/\.js$/, '.ts'),
      );
      return { body: `export default ${JSON.stringify(await bundleWorklet(source))};`, type: 'js' };
    },
  };
}

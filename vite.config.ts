// Two builds. `script`: the one file for a script tag, its lazily loaded parts and the worklet file beside it, with everything
// inside. Default: the ES modules for bundlers, which bring lit, idb-keyval and valibot themselves.
import { defineConfig, type Plugin } from 'vite';
import { withoutIndentation } from './scripts/indentation-plugin.js';
import { workletForVite } from './scripts/worklet-plugin.js';

const worklet = workletForVite({
  entry: 'src/audio/worklets/index.ts',
  fileName: 'ai-interview.worklet.js',
});

export default defineConfig(({ mode }) => {
  const isScript = mode === 'script';
  const entry: Record<string, string> = isScript
    ? { 'ai-interview': 'src/define.ts' }
    : {
        index: 'src/index.ts',
        define: 'src/define.ts',
        server: 'src/server/index.ts',
        testing: 'src/testing/index.ts',
      };
  return {
    plugins: [worklet as Plugin, ...(isScript ? [withoutIndentation({ folder: '/src/ui/' }) as Plugin] : [])],
    publicDir: false,
    define: isScript ? { 'process.env.NODE_ENV': '"production"' } : {},
    build: {
      target: 'es2022',
      outDir: 'dist',
      emptyOutDir: isScript,
      minify: isScript,
      sourcemap: true,
      lib: { entry, formats: ['es'] },
      rollupOptions: {
        // What the lazily loaded parts share with the entry stays in the entry, instead of in files of its own.
        preserveEntrySignatures: 'allow-extension',
        external: isScript ? [] : [/^lit($|\/)/, /^@lit\//, 'idb-keyval', 'valibot'],
        output: {
          entryFileNames: '[name].js',
          // For a library Vite leaves white space in; a script tag wants none.
          minify: isScript,
          chunkFileNames: isScript ? 'ai-interview.[name].js' : 'chunk.[name].js',
        },
      },
    },
  };
});

// What each part may weigh, gzip. Parts that a script loads when it needs them are measured with it or left out by name.
const without = (...parts) => ({
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, format: 'esm', external: parts }),
});
const onDemand = [
  './ai-interview.export-*',
  './ai-interview.strings-*',
  './ai-interview.worklets.js',
  './ai-interview.open-delivery.js',
];

export default [
  {
    name: 'dist/ai-interview.js: the script tag',
    path: 'dist/ai-interview.js',
    limit: '36 kB',
    ...without('./ai-interview.*'),
  },
  {
    name: 'the script tag with all that an interview by voice loads on its way',
    path: 'dist/ai-interview.js',
    limit: '86 kB',
    ...without(...onDemand),
  },
  {
    name: 'import { ResponseLock }',
    path: 'dist/index.js',
    import: '{ ResponseLock }',
    limit: '4 kB',
    ...without(),
  },
  { name: 'the worklet file', path: 'dist/ai-interview.worklet.js', limit: '4 kB', gzip: true },
];

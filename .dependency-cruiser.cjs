// The floors of src/: which folder may import which. A folder may always import itself, errors.ts and turn.ts.
const FLOORS = {
  async: [],
  audio: ['async/'],
  dialogue: ['async/'],
  transcript: ['async/'],
  realtime: ['dialogue/', 'async/'],
  interview: ['dialogue/', 'transcript/', 'async/'],
  // What session.ts joins the others with.
  session: ['audio/', 'realtime/', 'interview/', 'dialogue/', 'transcript/', 'async/'],
  ui: ['session', 'interview/', 'transcript/', 'async/'],
  testing: ['realtime/', 'dialogue/', 'async/'],
  server: [],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(FLOORS).map(([folder, others]) => ({
      name: `floor-of-${folder}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: {
        path: '^src/',
        pathNot: [
          `^src/${folder}/`,
          ...(folder === 'server' ? [] : ['^src/(errors|turn)\\.ts$']),
          ...others.map((other) => `^src/${other}`),
        ],
      },
    })),
    {
      name: 'no-file-that-nobody-needs',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'nobody-imports-the-entries',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(index|define|script)\\.ts$', pathNot: '^$' },
    },
    {
      name: 'lit-stays-on-the-screen',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(ui/|define\\.ts|script\\.ts)' },
      to: { path: 'node_modules/(@lit|lit)' },
    },
    {
      name: 'what-ships-needs-no-development-dependency',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};

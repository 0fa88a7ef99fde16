// The manifest tells editors and documentation tools what a page author may use, and nothing else.
const withoutPrivate = {
  name: 'without-private',
  packageLinkPhase({ customElementsManifest }) {
    for (const { declarations } of customElementsManifest.modules) {
      for (const declaration of declarations ?? []) {
        const isPublic = ({ privacy, name }) =>
          privacy !== 'private' && privacy !== 'protected' && !name?.startsWith('#');
        if (declaration.members) declaration.members = declaration.members.filter(isPublic);
      }
    }
  },
};

export default {
  globs: ['src/ui/ai-interview-element.ts', 'src/define.ts'],
  outdir: '.',
  litelement: true,
  plugins: [withoutPrivate],
};

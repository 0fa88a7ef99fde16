// Templates and style sheets carry the source's indentation into the bundle. Outside template literals white space at the
// beginning of a line means nothing, and inside those of the screen one line break does as well as ten spaces. Style sheets need
// neither the break after a declaration nor the blank before its value.
export function withoutIndentation({ folder }) {
  return {
    name: 'without-indentation',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes(folder) || !id.endsWith('.ts')) return null;
      const lines = code.replace(/\n\s+/g, '\n');
      const isStyles = id.includes(`${folder}styles/`);
      return {
        code: isStyles ? lines.replace(/;?\n(?=\})|([;{}])\n|([:,]) | (?=\{)/g, '$1$2') : lines,
        map: null,
      };
    },
  };
}

import { css } from 'lit';

/** Everything derives from these. The pairs are light and dark; each text on each surface has a contrast of at least 4.5. */
export const theme = css`
  :host {
    color-scheme: light dark;
    --_surface: var(--ai-interview-surface, light-dark(#fdfcf9, #17191b));
    --_text: var(--ai-interview-text, light-dark(#1f2326, #ebe8e2));
    --_accent: var(--ai-interview-accent, light-dark(#1d6258, #82cfc1));
    --_participant: var(--ai-interview-participant, light-dark(#9c4420, #f0a67c));
    --_on-accent: var(--ai-interview-on-accent, light-dark(#fff, #0e1514));
    --_radius: var(--ai-interview-radius, 1rem);
    --_space: var(--ai-interview-space, 1rem);
    --_danger: light-dark(#a3262d, #ffa19a);
    --_quiet: color-mix(in oklab, var(--_text) 70%, var(--_surface));
    --_edge: color-mix(in oklab, var(--_text) 52%, var(--_surface));
    --_line: color-mix(in oklab, var(--_text) 13%, var(--_surface));
    --_sunk: color-mix(in oklab, var(--_text) 5%, var(--_surface));
    --_swift: 160ms cubic-bezier(0.2, 0, 0, 1);
    --_measure: 60ch;
    display: block;
    container-type: inline-size;
    min-inline-size: min(100%, 18rem);
    font-family: var(--ai-interview-font, system-ui, sans-serif);
    font-size: 1rem;
    line-height: 1.55;
    text-align: start;
    color: var(--_text);
    -webkit-tap-highlight-color: transparent;
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h2,
  h3,
  p,
  ol,
  ul,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    list-style: none;
  }
  h2 {
    font-size: 1.625rem;
    font-weight: 620;
    line-height: 1.2;
    letter-spacing: -0.018em;
    text-wrap: balance;
  }
  h3 {
    font-size: 1rem;
    font-weight: 620;
  }
  [tabindex='-1']:focus {
    outline: none;
  }
  p {
    text-wrap: pretty;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

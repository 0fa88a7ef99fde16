import { css } from 'lit';

/** Buttons, and what is ticked. */
export const controls = css`
  button,
  textarea,
  select,
  input {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: 3rem;
    padding: 0.5rem 1.25rem;
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) * 0.75);
    background: transparent;
    font-weight: 550;
    line-height: 1.25;
    cursor: pointer;
    transition:
      background-color var(--_swift),
      border-color var(--_swift),
      color var(--_swift);
  }
  button:hover,
  summary:hover {
    background: color-mix(in oklab, var(--_text) 7%, transparent);
  }
  button:active,
  summary:active {
    background: color-mix(in oklab, var(--_text) 12%, transparent);
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  [aria-disabled='true'] {
    cursor: progress;
    opacity: 0.85;
  }
  .primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .primary:hover {
    background: color-mix(in oklab, var(--_accent) 88%, var(--_text));
  }
  .primary:active {
    background: color-mix(in oklab, var(--_accent) 78%, var(--_text));
  }
  .danger {
    border-color: currentColor;
    color: var(--_danger);
  }
  .quiet {
    border-color: transparent;
    color: var(--_quiet);
  }
  input {
    flex: none;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin: 0;
    accent-color: var(--_accent);
  }
  .choices {
    display: grid;
    gap: 0.25rem;
  }
  .choice {
    display: flex;
    gap: 0.75rem;
    padding: 0.75rem;
    margin-inline: -0.75rem;
    border-radius: calc(var(--_radius) * 0.625);
    cursor: pointer;
  }
  .choice:hover {
    background: var(--_sunk);
  }
  .choice input {
    margin-block-start: 0.15rem;
  }
  .choice small {
    margin-inline-start: 0.4em;
    color: var(--_quiet);
  }
`;

import { css } from 'lit';

/** The frame and the plain panels. Its height does not depend on what is in it: nothing around the element moves. */
export const frame = css`
  .frame {
    position: relative;
    display: flex;
    flex-direction: column;
    block-size: var(--ai-interview-height, min(44rem, 100svh));
    min-block-size: 26rem;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.25);
    background: var(--_surface);
  }
  .panel {
    flex: 1;
    min-block-size: 0;
    display: flex;
    flex-direction: column;
    inline-size: min(100%, calc(var(--_measure) + var(--_space) * 3));
    margin-inline: auto;
    padding: calc(var(--_space) * 1.5);
    padding-block-end: max(calc(var(--_space) * 1.25), env(safe-area-inset-bottom));
    gap: calc(var(--_space) * 1.25);
  }
  .content {
    flex: 1;
    min-block-size: 0;
    display: flex;
    flex-direction: column;
    gap: calc(var(--_space) * 0.875);
    overflow: auto;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
    padding: 0.25rem 0.75rem;
    margin-inline: -0.75rem;
    outline-offset: -2px;
    border-radius: calc(var(--_radius) * 0.5);
  }
  .start .content {
    align-items: center;
    justify-content: safe center;
    text-align: center;
  }
  .start .figure {
    margin-block-end: 0.5rem;
  }
  .note {
    font-size: 0.9375rem;
    color: var(--_quiet);
  }
  .prose {
    display: grid;
    gap: calc(var(--_space) * 0.875);
  }
  .agreement {
    white-space: pre-line;
  }
  .problem,
  .notice {
    padding: 0.75rem 1rem;
    border-radius: calc(var(--_radius) * 0.75);
    background: color-mix(in oklab, var(--_participant) 11%, var(--_surface));
  }
  .actions {
    display: flex;
    flex-direction: column;
    gap: 0.5rem;
  }
  @container (inline-size >= 40rem) {
    .panel {
      justify-content: safe center;
      padding-block: calc(var(--_space) * 2.5);
    }
    .content {
      flex: 0 1 auto;
    }
    .actions {
      flex-flow: row wrap;
    }
    .actions .primary {
      min-inline-size: 11rem;
    }
    .actions .quiet {
      padding-inline: 0.25rem;
    }
    .start .actions {
      justify-content: center;
    }
  }
`;

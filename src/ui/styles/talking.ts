import { css } from 'lit';

/** What is pressed and typed into from the set-up screen on, and what is asked and told in its place. */
export const talking = css`
  .icon {
    flex: none;
    inline-size: 1.375rem;
    block-size: 1.375rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon-button {
    display: inline-grid;
    place-items: center;
    inline-size: 2.75rem;
    block-size: 2.75rem;
    min-block-size: 0;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 50%;
    color: var(--_quiet);
    cursor: pointer;
  }

  .talking {
    display: grid;
    gap: 0.5rem;
    text-align: center;
  }
  .talk {
    position: relative;
    isolation: isolate;
    overflow: hidden;
    inline-size: 100%;
    min-block-size: 4.5rem;
    border: 2px solid var(--_participant);
    border-radius: 2.25rem;
    font-size: 1.125rem;
    font-weight: 620;
    color: var(--_participant);
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }
  .talk:focus-visible {
    outline-color: var(--_participant);
    outline-offset: 3px;
  }
  .talk[aria-pressed='true'] {
    background: var(--_participant);
    color: var(--_on-accent);
  }
  .swell {
    position: absolute;
    z-index: -1;
    inset: 0;
    background: radial-gradient(closest-side, var(--_text), #0000);
    opacity: 0.3;
    transform: scaleX(0);
    visibility: hidden;
  }
  [aria-pressed='true'] .swell {
    visibility: visible;
    transform: scaleX(calc(1.6 * var(--_microphone, 0)));
  }
  .by-voice {
    inline-size: 100%;
  }
  @media (pointer: coarse) {
    .keys {
      visibility: hidden;
    }
  }

  .text-box {
    display: flex;
    align-items: end;
    gap: 0.25rem;
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) * 1.5);
    padding-inline: calc(var(--_radius) * 1.1) 0.25rem;
    transition: border-color var(--_swift);
  }
  .text-box:focus-within {
    border-color: var(--_accent);
    box-shadow: 0 0 0 1px var(--_accent);
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 3rem;
    max-block-size: 9rem;
    padding: 0.75rem 0;
    border: 0;
    outline: 0;
    background: none;
    resize: none;
    line-height: 1.5;
    field-sizing: content;
  }
  textarea::placeholder {
    color: var(--_quiet);
    opacity: 1;
  }
  .text-box .icon-button {
    margin-block-end: 0.125rem;
    color: var(--_accent);
  }

  .field {
    display: grid;
    gap: 0.25rem;
    font-size: 0.875rem;
    color: var(--_quiet);
  }
  select {
    appearance: none;
    field-sizing: content;
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--_edge);
    border-radius: calc(var(--_radius) * 0.625);
    padding-inline-end: 2.25rem;
    background: none;
    font-size: 1rem;
    color: var(--_text);
    text-overflow: ellipsis;
  }
  .select {
    display: grid;
    align-items: center;
  }
  .select > * {
    grid-area: 1 / 1;
  }
  .select .icon {
    justify-self: end;
    margin-inline-end: 0.625rem;
    pointer-events: none;
  }
  option {
    background: var(--_surface);
  }

  .meter {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    color: var(--_participant);
  }
  .track {
    flex: 1;
    block-size: 0.75rem;
    overflow: hidden;
    border-radius: 1rem;
    background: var(--_line);
  }
  .bar {
    display: block;
    block-size: 100%;
    border-radius: inherit;
    background: currentColor;
    transform-origin: 0 50%;
    transform: scaleX(var(--_microphone, 0));
  }
  .bar:dir(rtl) {
    transform-origin: 100% 50%;
  }

  .notice {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding-block: 0.375rem;
    padding-inline-end: 0.25rem;
    font-size: 0.9375rem;
    line-height: 1.4;
  }
  .notice p {
    flex: 1;
  }
  .confirmation {
    display: grid;
    gap: 0.75rem;
  }
  .question {
    font-weight: 620;
  }

  @container (inline-size >= 40rem) {
    .confirmation {
      grid-template-columns: 1fr auto;
      align-items: center;
    }
  }
  @media (forced-colors: active) {
    .bar {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
`;

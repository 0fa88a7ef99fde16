import { css } from 'lit';

/**
 * A disc within a ring: the disc is the interviewer, the ring the participant. What moves it is in
 * `floors.ts`.
 */
export const figure = css`
  .figure {
    --_size: 9rem;
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    inline-size: var(--_size);
    block-size: var(--_size);
  }
  .figure > span {
    grid-area: 1 / 1;
    border-radius: 50%;
    will-change: transform;
    transition:
      scale var(--_swift),
      opacity var(--_swift),
      border-color var(--_swift);
  }
  .disc {
    inline-size: 50%;
    block-size: 50%;
    background: radial-gradient(
      circle at 34% 28%,
      color-mix(in oklab, var(--_accent) 72%, white),
      var(--_accent) 72%
    );
  }
  .ring {
    inline-size: 76%;
    block-size: 76%;
    border: 0.1875rem solid color-mix(in oklab, var(--_text) 22%, var(--_surface));
  }
  .halo {
    inline-size: 50%;
    block-size: 50%;
    background: var(--_accent);
    opacity: 0;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      transition: none !important;
      animation: none !important;
    }
    .figure {
      --_speaker: 0.4 !important;
      --_microphone: 0.4 !important;
    }
  }
  @media (forced-colors: active) {
    .disc {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
`;

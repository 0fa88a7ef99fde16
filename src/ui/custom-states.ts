/** Keeps a set of custom states in step with names: what a page's style sheet reads as `ai-interview:state(live)`. */
export class CustomStates {
  readonly #states: CustomStateSet | undefined;
  #current: readonly string[] = [];

  constructor(internals: ElementInternals) {
    // Browsers before the final syntax refuse a name without two dashes: there the attribute alone tells.
    this.#states = CSS.supports('selector(:state(live))') ? internals.states : undefined;
  }

  set(...names: readonly string[]): void {
    for (const name of this.#current) if (!names.includes(name)) this.#states?.delete(name);
    for (const name of names) this.#states?.add(name);
    this.#current = names;
  }
}

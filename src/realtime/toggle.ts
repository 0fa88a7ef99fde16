/** Something that is or is not, told only when it changes. Begins as false. */
export class Toggle {
  readonly #onChange: (value: boolean) => void;
  #value = false;

  constructor(onChange: (value: boolean) => void) {
    this.#onChange = onChange;
  }

  set(value: boolean): void {
    if (value === this.#value) return;
    this.#value = value;
    this.#onChange(value);
  }
}

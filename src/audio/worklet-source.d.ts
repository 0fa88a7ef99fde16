/** The bundled JavaScript of a worklet module, as a string. */
declare module '*?worklet' {
  const source: string;
  export { source as default };
}

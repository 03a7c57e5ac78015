/** What TypeScript alone cannot read; Svelte declares its own. */
declare module '*.vue' {
  const component: import('vue').DefineComponent;
  export default component;
}

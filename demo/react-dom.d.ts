/** What the examples and their tests use of react-dom, which brings no types. */
declare module 'react-dom/client' {
  interface Root {
    render(children: import('react').ReactNode): void;
  }
  export function createRoot(place: Element): Root;
  export function hydrateRoot(place: Element, children: import('react').ReactNode): Root;
}

declare module 'react-dom/server' {
  export function renderToString(children: import('react').ReactNode): string;
}

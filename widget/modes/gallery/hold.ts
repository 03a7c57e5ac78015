/** Lit's own `ref` also tells when an element leaves, and costs half a kilobyte for it. */
import { nothing } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

/** What an element is put into once it is drawn; it stays there when the element has left the page. */
export interface Held<E extends Element> {
  element?: E;
}

class Hold extends Directive {
  render(_held: Held<Element>) {
    return nothing;
  }

  override update({ element }: ElementPart, [held]: [Held<Element>]) {
    held.element = element;
    return nothing;
  }
}

/** In the place of an attribute: `<ul ${hold(held)}>`. */
export const hold = directive(Hold);

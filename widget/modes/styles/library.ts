/** The library: search and filters above the grid. */
import { css } from '../../styles/sheet.ts';

export const libraryStyles = css`
  .library,
  .library-tools {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 5);
  }
  .library-tools {
    gap: calc(var(--_space) * 3);
  }
  .search {
    position: relative;
    display: block;
    max-width: 480px;
  }
  .search .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 13px;
    margin-block: auto;
    color: var(--_text-2);
    pointer-events: none;
  }
  .search input {
    width: 100%;
    height: 46px;
    margin: 0;
    padding-inline: 42px 12px;
    border: 1px solid color-mix(in srgb, var(--_text-2) 75%, transparent);
    border-radius: var(--_radius-2);
    background: var(--_surface-2);
    color: inherit;
    font: inherit;
    font-size: 16px;
  }
  .search input::placeholder {
    color: var(--_text-2);
    opacity: 1;
  }
  .library .chips-label {
    display: none;
  }
  .library-groups .chips-row {
    max-height: calc(var(--_space) * 38);
    margin: -4px;
    padding: 4px;
    overflow: auto;
  }
  .library-groups {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .library-groups .chips {
    flex: 1;
    min-width: 0;
  }
  .library-groups .button {
    flex: none;
  }
  .group-name {
    max-width: 26ch;
    overflow-wrap: anywhere;
    white-space: normal;
  }
`;

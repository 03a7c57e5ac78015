/** Many photos in the form of a kind: their list, the price with its limit, the progress. */
import { css } from '../../styles/sheet.ts';

export const batchStyles = css`
  .batch,
  .batch-line {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
  }
  .batch-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  .batch-title {
    flex: 1 1 100px;
  }
  .batch-photos {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr));
    gap: 2px 14px;
    max-height: 132px;
    overflow: auto;
  }
  .batch-photo {
    display: flex;
    align-items: center;
    gap: 10px;
    min-width: 0;
  }
  .batch-thumb {
    display: grid;
    flex: none;
    place-items: center;
    width: 44px;
    height: 44px;
    overflow: hidden;
    border-radius: calc(var(--_radius-2) * 0.7);
    background: var(--_surface-2);
    color: var(--_text-2);
  }
  .batch-thumb canvas {
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
  .bad .batch-thumb {
    opacity: 0.45;
  }
  .batch-name {
    display: grid;
    flex: 1;
    min-width: 0;
    font-size: 14px;
  }
  .batch-name > span {
    overflow-wrap: anywhere;
  }
  .batch-name small {
    color: var(--_danger);
    font-size: 12px;
  }
  .batch-line progress {
    width: 100%;
  }
  .batch-money {
    flex: 1 1 100%;
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    justify-content: space-between;
    gap: 8px 16px;
  }
  .batch-money p {
    padding-block: 10px;
    font-weight: 600;
  }
  .batch-limit {
    display: grid;
    gap: 4px;
    width: min(100%, 250px);
  }
  .batch-faults {
    display: grid;
    gap: 6px;
    max-height: 24vh;
    overflow: auto;
    font-size: 14px;
  }
  .batch-faults li {
    display: flex;
    gap: 8px;
    overflow-wrap: anywhere;
  }
  @container (min-width: 700px) {
    .batch-photos {
      max-height: 30vh;
    }
  }
  .batch-faults .icon {
    color: var(--_danger);
  }
`;
